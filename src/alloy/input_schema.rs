//! Combined JSON Schemas as plain ones: references within the document are followed, `allOf` is merged, and each choice
//! of `oneOf` and `anyOf` becomes an alternative.

use std::cell::Cell;

use serde_json::{Map, Value};

/// Maximum number of alternatives of one schema.
const MAX_ALTERNATIVES: usize = 8;
/// Maximum depth of references and combinations within each other.
const MAX_DEPTH: usize = 12;
/// Maximum number of schemas that are read for one.
const MAX_STEPS: usize = 500;

const COMBINED: &[&str] = &["$ref", "allOf", "anyOf", "oneOf"];

/// The alternatives of a schema, none of which combines others itself. Returns `None` if a part cannot be found or
/// merged, or if there are too many.
pub(crate) fn alternatives(schema: &Value, document: &Value) -> Option<Vec<Value>> {
    Resolver { document, steps: Cell::new(0) }.alternatives(schema, 0)
}

/// Whether only `null` fits.
pub(crate) fn is_null(schema: &Value) -> bool {
    let only_null = schema.get("enum").and_then(Value::as_array).is_some_and(|all| all.iter().all(Value::is_null));
    schema.get("type").is_some_and(|name| name == "null") || schema.get("const") == Some(&Value::Null) || only_null
}

struct Resolver<'a> {
    document: &'a Value,
    steps: Cell<usize>,
}

impl Resolver<'_> {
    fn alternatives(&self, schema: &Value, depth: usize) -> Option<Vec<Value>> {
        self.steps.set(self.steps.get() + 1);
        let Some(keywords) = schema.as_object() else { return Some(vec![schema.clone()]) };
        if COMBINED.iter().all(|keyword| !keywords.contains_key(*keyword)) {
            return Some(vec![schema.clone()]);
        }
        if depth >= MAX_DEPTH || self.steps.get() > MAX_STEPS {
            return None;
        }
        let own = keywords.iter().filter(|(keyword, _)| !COMBINED.contains(&keyword.as_str()));
        let mut found = vec![Value::Object(own.map(|(keyword, value)| (keyword.clone(), value.clone())).collect())];
        if let Some(reference) = keywords.get("$ref") {
            let target = reference.as_str()?.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer))?;
            found = product(&found, &self.alternatives(target, depth + 1)?)?;
        }
        for part in list(keywords.get("allOf"))? {
            found = product(&found, &self.alternatives(part, depth + 1)?)?;
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(options) = keywords.get(keyword) else { continue };
            found = product(&found, &self.options(options, depth)?)?;
        }
        Some(found)
    }

    /// The readable options. `null` stands for an empty field and is no option where there is another.
    fn options(&self, options: &Value, depth: usize) -> Option<Vec<Value>> {
        let options = options.as_array()?;
        let read = |option: &Value| self.alternatives(option, depth + 1);
        let mut read: Vec<Value> = options.iter().take(MAX_ALTERNATIVES * 2).filter_map(read).flatten().collect();
        if read.iter().any(|option| !is_null(option)) {
            read.retain(|option| !is_null(option));
        }
        (!read.is_empty()).then_some(read)
    }
}

fn list(combined: Option<&Value>) -> Option<&[Value]> {
    combined.map_or(Some(&[]), |combined| combined.as_array().map(Vec::as_slice))
}

/// Each schema with each option. An option has its own title if it is one of several.
fn product(schemas: &[Value], options: &[Value]) -> Option<Vec<Value>> {
    let mut found: Vec<Value> = Vec::new();
    for schema in schemas {
        for option in options {
            let mut merged = merge(schema, option);
            if let (Some(Value::Object(merged)), Some(title), 2..) = (&mut merged, option.get("title"), options.len()) {
                merged.insert("title".to_owned(), title.clone());
            }
            let merged = merged.filter(|merged| !found.contains(merged));
            found.extend(merged);
        }
        if found.len() > MAX_ALTERNATIVES {
            return None;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// A schema for the values that both accept. Returns `None` if there are none, or if the two cannot be merged.
/// Annotations are the first's.
fn merge(one: &Value, other: &Value) -> Option<Value> {
    let (one, other) = match (one, other) {
        (Value::Object(one), Value::Object(other)) => (one, other),
        (Value::Bool(true), schema) | (schema, Value::Bool(true)) => return Some(schema.clone()),
        _ => return None,
    };
    let mut merged = one.clone();
    for (keyword, theirs) in other {
        let value = match merged.get(keyword) {
            None => theirs.clone(),
            Some(ours) if ours == theirs => continue,
            Some(ours) => both(keyword, ours, theirs)?,
        };
        merged.insert(keyword.clone(), value);
    }
    Some(Value::Object(merged))
}

fn both(keyword: &str, ours: &Value, theirs: &Value) -> Option<Value> {
    match keyword {
        "properties" => {
            let mut merged: Map<String, Value> = ours.as_object()?.clone();
            for (name, schema) in theirs.as_object()? {
                let schema = match merged.get(name) {
                    None => schema.clone(),
                    Some(ours) if ours == schema => continue,
                    Some(ours) => serde_json::json!({ "allOf": [ours, schema] }),
                };
                merged.insert(name.clone(), schema);
            }
            Some(Value::Object(merged))
        }
        "required" => {
            let (mut all, theirs) = (ours.as_array()?.clone(), theirs.as_array()?);
            all.extend(theirs.iter().filter(|name| !ours.as_array().is_some_and(|ours| ours.contains(name))).cloned());
            Some(Value::Array(all))
        }
        "type" => common_type(ours, theirs),
        "enum" => {
            let theirs = theirs.as_array()?;
            let common: Vec<Value> = ours.as_array()?.iter().filter(|value| theirs.contains(value)).cloned().collect();
            (!common.is_empty()).then_some(Value::Array(common))
        }
        "minLength" | "minimum" | "exclusiveMinimum" => farther(ours, theirs, |ours, theirs| ours >= theirs),
        "maxLength" | "maximum" | "exclusiveMaximum" => farther(ours, theirs, |ours, theirs| ours <= theirs),
        "items" => Some(serde_json::json!({ "allOf": [ours, theirs] })),
        "const" => None,
        // One of two patterns or formats is checked here, both at Alloy.
        _ => Some(ours.clone()),
    }
}

fn common_type(ours: &Value, theirs: &Value) -> Option<Value> {
    let names = |value: &Value| match value {
        Value::String(name) => vec![name.clone()],
        other => other.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
    };
    let (ours, theirs) = (names(ours), names(theirs));
    let includes =
        |all: &[String], name: &String| all.contains(name) || name == "integer" && all.contains(&"number".to_owned());
    let of_ours = ours.iter().filter(|name| includes(&theirs, name));
    let of_theirs = theirs.iter().filter(|name| includes(&ours, name) && !ours.contains(name));
    let common: Vec<Value> = of_ours.chain(of_theirs).map(|name| Value::from(name.as_str())).collect();
    match common.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(Value::Array(common)),
    }
}

fn farther(ours: &Value, theirs: &Value, is_ours: fn(f64, f64) -> bool) -> Option<Value> {
    Some(if is_ours(ours.as_f64()?, theirs.as_f64()?) { ours.clone() } else { theirs.clone() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(schema: &Value) -> Option<Vec<Value>> {
        let document = json!({
            "$defs": {
                "key": {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]},
                "loop": {"$ref": "#/$defs/loop"},
                "twice": {"allOf": [{"$ref": "#/$defs/twice"}, {"$ref": "#/$defs/twice"}]},
            },
        });
        alternatives(schema, &document)
    }

    #[test]
    fn a_plain_schema_is_its_own_alternative() {
        for plain in [json!({"type": "string", "not": {"const": "x"}}), json!(true), json!(null), json!({})] {
            assert_eq!(read(&plain), Some(vec![plain]));
        }
    }

    #[test]
    fn references_and_parts_are_merged() {
        let key = json!({"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]});
        assert_eq!(read(&json!({"$ref": "#/$defs/key"})), Some(vec![key.clone()]));
        let more = json!({"properties": {"region": {"enum": ["eu"]}}, "required": ["region", "key"]});
        let all = read(&json!({"allOf": [{"$ref": "#/$defs/key"}, more]})).unwrap();
        assert_eq!(all[0]["properties"].as_object().unwrap().len(), 2);
        assert_eq!(all[0]["required"], json!(["key", "region"]));
        let limits = json!({"type": ["string", "null"], "minLength": 2, "allOf": [{"type": "string", "minLength": 5}]});
        assert_eq!(read(&limits), Some(vec![json!({"type": "string", "minLength": 5})]));
        let number = json!({"type": "number", "maximum": 9, "allOf": [{"type": "integer", "maximum": 5.5}]});
        assert_eq!(read(&number), Some(vec![json!({"type": "integer", "maximum": 5.5})]));
    }

    #[test]
    fn options_are_alternatives_and_null_is_none() {
        let two = read(
            &json!({"title": "Both", "oneOf": [{"$ref": "#/$defs/key"}, {"title": "User", "required": ["user"]}]}),
        );
        let two = two.unwrap();
        assert_eq!(two.iter().map(|one| &one["title"]).collect::<Vec<_>>(), ["Both", "User"]);
        assert_eq!(two.iter().map(|one| &one["required"]).collect::<Vec<_>>(), [&json!(["key"]), &json!(["user"])]);
        for none in [json!({"type": "null"}), json!({"const": null}), json!({"enum": [null]})] {
            let optional = json!({"title": "Shop", "anyOf": [{"type": "string", "title": "Text"}, none]});
            assert_eq!(read(&optional), Some(vec![json!({"title": "Shop", "type": "string"})]));
        }
        assert_eq!(read(&json!({"anyOf": [{"type": "string"}, {"type": "string"}]})).unwrap().len(), 1);
    }

    #[test]
    fn what_is_endless_or_contradicts_itself_is_not_read() {
        let many: Vec<Value> = (0..9).map(|place| json!({"required": [place.to_string()]})).collect();
        for odd in [
            json!({"$ref": "#/$defs/loop"}),
            json!({"$ref": "#/$defs/twice"}),
            json!({"$ref": "#/$defs/unknown"}),
            json!({"$ref": "https://schemas.example/key"}),
            json!({"$ref": 5}),
            json!({"allOf": [{"type": "string"}, {"type": "integer"}]}),
            json!({"allOf": [{"const": 1}, {"const": 2}]}),
            json!({"allOf": {"type": "string"}}),
            json!({"oneOf": []}),
            json!({"oneOf": [{"$ref": "#/$defs/loop"}]}),
            json!({"oneOf": many}),
            json!({"oneOf": many[..4], "anyOf": many[4..]}),
        ] {
            assert_eq!(read(&odd), None, "{odd}");
        }
    }
}
