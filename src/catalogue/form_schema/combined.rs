//! The schema of a form's data, and of one field, without combinations.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::super::json_schema::{properties, required, schema_text};
use crate::{
    alloy::{AuthenticationMethod, input_schema},
    domain::{form::Wording, text},
};

/// Keywords that ask for something even where no property is described.
const DEMANDING: &[&str] =
    &["not", "if", "dependentSchemas", "patternProperties", "propertyNames", "minProperties", "enum", "const"];

/// The alternatives of the data. Returns an error if a form could not fill any of them.
pub(super) fn alternatives(method: &AuthenticationMethod) -> Result<Vec<Value>, &'static str> {
    let unreadable = "data whose references or combinations cannot be read";
    let mut all = input_schema::alternatives(&method.data_schema, &method.document).ok_or(unreadable)?;
    let count = all.len();
    all.retain(is_fillable);
    if all.len() < count {
        let fillable = all.len();
        tracing::warn!(count, fillable, "alternatives of an app's form are not offered: no form can fill them");
    }
    if all.is_empty() && !(method.data_required || is_demanding(&method.data_schema)) {
        return Ok(vec![Value::Null]);
    }
    if all.is_empty() { Err("data that is not described") } else { Ok(without_others(all)) }
}

fn is_demanding(data: &Value) -> bool {
    DEMANDING.iter().any(|keyword| data.get(keyword).is_some())
}

fn is_fillable(data: &Value) -> bool {
    let is_object = match data.get("type") {
        None => !matches!(data, Value::Bool(false)),
        Some(Value::Array(types)) => types.iter().any(|name| name == "object"),
        Some(name) => name == "object",
    };
    let is_described = properties(data).is_some_and(|all| !all.is_empty()) || !required(data).is_empty();
    let is_conditional = data.get("dependentSchemas").is_some()
        || data.get("if").is_some() && (data.get("then").is_some() || data.get("else").is_some());
    is_object && !is_conditional && (is_described || !is_demanding(data))
}

/// Removes from each alternative the fields that only other alternatives require.
fn without_others(all: Vec<Value>) -> Vec<Value> {
    let needed: Vec<Vec<String>> =
        all.iter().map(|data| required(data).into_iter().map(str::to_owned).collect()).collect();
    let trim = |(mut data, own): (Value, &Vec<String>)| {
        let foreign = |name: &String| !own.contains(name) && needed.iter().any(|other| other.contains(name));
        if let Some(Value::Object(properties)) = data.get_mut("properties") {
            properties.retain(|name, _| !foreign(name));
        }
        data
    };
    all.into_iter().zip(&needed).map(trim).collect()
}

/// The schema's title, if it distinguishes this alternative from all others.
pub(super) fn title(data: &Value, all: &[Value]) -> Option<Wording> {
    let title = schema_text(data, "title")?;
    let shown = text::tidy(title, 60);
    let is_own = all.len() > 1 && all.iter().filter(|other| schema_text(other, "title") == Some(title)).count() == 1;
    (is_own && !shown.is_empty() && !text::is_technical(&shown)).then(|| Wording::Text(text::capitalized(&shown)))
}

/// What a schema says of `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Null {
    Excluded,
    NotNamed,
    Accepted,
}

/// Whether the schema names `null` as a value, so that a required field may be left empty.
pub(super) fn accepts_null(schema: &Value, document: &Value) -> bool {
    null(schema, document, MAX_NULL_DEPTH, &Cell::new(MAX_NULL_STEPS)) == Null::Accepted
}

const MAX_NULL_DEPTH: usize = 8;
/// Schemas that are looked at for one field: a schema may refer to itself a thousand times on each level.
const MAX_NULL_STEPS: usize = 500;

fn null(schema: &Value, document: &Value, depth: usize, steps: &Cell<usize>) -> Null {
    let (Some(depth), Some(left)) = (depth.checked_sub(1), steps.get().checked_sub(1)) else { return Null::Excluded };
    steps.set(left);
    let named = |is_named: bool| if is_named { Null::Accepted } else { Null::Excluded };
    let all = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
    let of_type = schema.get("type").map(|name| match name {
        Value::Array(names) => named(names.iter().any(|name| name == "null")),
        name => named(name == "null" || schema.get("nullable") == Some(&Value::Bool(true))),
    });
    let of_const = schema.get("const").map(|value| named(value.is_null()));
    let of_enum = all("enum").map(|values| named(values.iter().any(Value::is_null)));
    let target = schema.get("$ref").and_then(|path| document.pointer(path.as_str()?.strip_prefix('#')?));
    let of_ref =
        schema.get("$ref").map(|_| target.map_or(Null::Excluded, |target| null(target, document, depth, steps)));
    let choice = |keyword| {
        let options = all(keyword)?.iter().map(|option| null(option, document, depth, steps));
        Some(options.max().unwrap_or(Null::Excluded))
    };
    let parts = all("allOf").into_iter().flatten().map(|part| null(part, document, depth, steps));
    let said: Vec<Null> = [of_type, of_const, of_enum, of_ref, choice("oneOf"), choice("anyOf")]
        .into_iter()
        .flatten()
        .chain(parts)
        .collect();
    let is_excluded = said.contains(&Null::Excluded);
    if is_excluded { Null::Excluded } else { said.into_iter().max().unwrap_or(Null::NotNamed) }
}

/// A field's schema without combinations: the one alternative, or one that fits what is typed for any. Returns `None` if
/// the schema is plain already, or stays unsupported.
pub(super) fn plain(schema: &Value, document: &Value) -> Option<Value> {
    let options = ["oneOf", "anyOf"].iter().find_map(|keyword| schema.get(keyword)?.as_array());
    let is_combined = options.is_some() || schema.get("$ref").is_some() || schema.get("allOf").is_some();
    let is_choice = options.is_some_and(|options| {
        options.iter().all(|option| option.get("const").is_some() || input_schema::is_null(option))
    });
    if !is_combined || is_choice {
        return None;
    }
    let mut all = input_schema::alternatives(schema, document)?;
    if all.len() == 1 {
        return all.pop();
    }
    let values = |keyword: &str| all.iter().map(|option| option.get(keyword).cloned()).collect::<Option<Vec<Value>>>();
    let base = || -> Map<String, Value> {
        let own = schema.as_object().into_iter().flatten();
        own.filter(|(keyword, _)| !["oneOf", "anyOf", "allOf", "$ref"].contains(&keyword.as_str()))
            .map(|(keyword, value)| (keyword.clone(), value.clone()))
            .collect()
    };
    let choice = if values("const").is_some() {
        Some(("oneOf", Value::from(all.clone())))
    } else {
        values("enum")
            .map(|lists| ("enum", lists.iter().filter_map(Value::as_array).flatten().cloned().collect::<Value>()))
    };
    if let Some((keyword, options)) = choice {
        let mut choice = base();
        choice.insert(keyword.to_owned(), options);
        return Some(Value::Object(choice));
    }
    let is_of = |option: &Value, names: &[&str]| schema_text(option, "type").is_some_and(|name| names.contains(&name));
    let scalars = all.iter().all(|option| is_of(option, &["string", "number", "integer", "boolean", "array"]));
    let bare = |option: &&Value| ["format", "pattern", "enum", "const"].iter().all(|word| option.get(word).is_none());
    let texts = || all.iter().filter(|option| is_of(option, &["string"]));
    let numbers = || all.iter().all(|option| is_of(option, &["number", "integer"]));
    let chosen = match texts().find(bare).or_else(|| texts().next()) {
        Some(text) if scalars => Some(text.clone()),
        None if numbers() => all.iter().find(|option| is_of(option, &["number"])).cloned(),
        _ => None,
    };
    // The title of an option names its type.
    chosen.map(|mut chosen| {
        if let (Value::Object(chosen), base) = (&mut chosen, base()) {
            chosen.remove("title");
            chosen.extend(base.into_iter().filter(|(keyword, _)| keyword == "title"));
        }
        chosen
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_is_accepted_where_every_part_of_the_schema_does() {
        let document = json!({"$defs": {"text": {"type": ["string", "null"]}, "loop": {"$ref": "#/$defs/loop"}}});
        for (schema, accepted) in [
            (json!({"type": ["string", "null"]}), true),
            (json!({"anyOf": [{"type": "string"}, {"type": "null"}]}), true),
            (json!({"oneOf": [{"const": null}, {"type": "string"}]}), true),
            (json!({"enum": ["eu", null]}), true),
            (json!({"$ref": "#/$defs/text"}), true),
            (json!({"allOf": [{"$ref": "#/$defs/text"}, {"minLength": 2}]}), true),
            (json!({"type": "string", "nullable": true}), true),
            (json!({"type": ["string", "null"], "enum": ["eu"]}), false),
            (json!({"type": ["string", "null"], "allOf": [{"type": "string"}]}), false),
            (json!({"type": "string"}), false),
            (json!({"$ref": "#/$defs/loop"}), false),
            (json!({"$ref": "#/nowhere"}), false),
            (json!({}), false),
            (json!(true), false),
        ] {
            assert_eq!(accepts_null(&schema, &document), accepted, "{schema}");
        }
    }

    #[test]
    fn one_schema_stands_for_what_is_typed() {
        let text = json!({"type": "string"});
        for (schema, one) in [
            (json!({"anyOf": [text, {"type": "null"}]}), text.clone()),
            (json!({"oneOf": [{"type": "null"}, text]}), text.clone()),
            (json!({"oneOf": [text, {"type": "number"}]}), text.clone()),
            (json!({"anyOf": [{"type": "string", "format": "uri"}, text]}), text.clone()),
            (json!({"anyOf": [{"type": "array", "items": text}, text]}), text.clone()),
            (json!({"anyOf": [{"type": "integer"}, {"type": "number"}]}), json!({"type": "number"})),
            (json!({"anyOf": [{"enum": ["eu"]}, {"enum": ["us"]}, {"type": "null"}]}), json!({"enum": ["eu", "us"]})),
            (json!({"$ref": "#/$defs/text"}), text.clone()),
            (
                json!({"title": "Shop", "oneOf": [{"title": "Text", "type": "string"}, {"type": "integer"}]}),
                json!({"title": "Shop", "type": "string"}),
            ),
        ] {
            let document = json!({"$defs": {"text": {"type": "string"}}});
            assert_eq!(plain(&schema, &document), Some(one), "{schema}");
        }
        for schema in [
            json!({"type": "string"}),
            json!({"oneOf": [{"const": 1}, {"const": 2}, {"type": "null"}]}),
            json!({"oneOf": [{"type": "object"}, {"type": "string"}]}),
            json!({"oneOf": [{"type": "object"}, {"type": "array"}]}),
        ] {
            assert_eq!(plain(&schema, &Value::Null), None, "{schema}");
        }
    }
}
