//! Validates a request body against an `inputSchema`, for the part of JSON Schema that connectors use.

use regex_lite::Regex;
use serde_json::{Map, Value};
use url::Url;

/// Violations, such as `data.shopName is required`.
pub(super) fn mistakes(schema: &Value, body: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, body, "body", &mut found);
    found
}

fn check(schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(kind) = schema.get("type").and_then(Value::as_str)
        && !is_of(kind, value)
    {
        found.push(format!("{path} must be of type {kind}"));
        return;
    }
    if schema.get("const").is_some_and(|only| only != value) {
        found.push(format!("{path} has the wrong value"));
    }
    if schema.get("enum").and_then(Value::as_array).is_some_and(|values| !values.contains(value)) {
        found.push(format!("{path} is not one of the allowed values"));
    }
    if let Some(text) = value.as_str() {
        check_text(schema, text, path, found);
    }
    if let (Some(number), Some(minimum)) = (value.as_f64(), schema.get("minimum").and_then(Value::as_f64))
        && number < minimum
    {
        found.push(format!("{path} is too small"));
    }
    if let Some(members) = value.as_object() {
        check_members(schema, members, path, found);
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => true,
    }
}

fn check_text(schema: &Value, text: &str, path: &str, found: &mut Vec<String>) {
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
    if bound("minLength").is_some_and(|min| length < min) || bound("maxLength").is_some_and(|max| length > max) {
        found.push(format!("{path} has the wrong length"));
    }
    let formed = match schema.get("format").and_then(Value::as_str) {
        Some("uri") => Url::parse(text).is_ok(),
        Some("email") => {
            text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
        }
        _ => true,
    };
    let matched = schema
        .get("pattern")
        .and_then(Value::as_str)
        .and_then(|pattern| Regex::new(pattern).ok())
        .is_none_or(|pattern| pattern.is_match(text));
    if !formed || !matched {
        found.push(format!("{path} has the wrong form"));
    }
}

fn check_members(schema: &Value, members: &Map<String, Value>, path: &str, found: &mut Vec<String>) {
    let inside = |name: &str| if path == "body" { name.to_owned() } else { format!("{path}.{name}") };
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if members.get(name).is_none_or(Value::is_null) {
            found.push(format!("{} is required", inside(name)));
        }
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        match members.get(name) {
            Some(Value::Null) => {}
            Some(value) => check(property, value, &inside(name), found),
            // The outer `required` may omit `data` although its properties are required.
            None if property.get("required").is_some() => {
                check_members(property, &Map::new(), &inside(name), found);
            }
            None => {}
        }
    }
    found.dedup();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_is_held_to_its_schema() {
        let schema = json!({"type": "object", "required": ["userId"], "properties": {
            "userId": {"type": "string"},
            "data": {"type": "object", "required": ["region", "count"], "properties": {
                "region": {"enum": ["eu", "us"]},
                "count": {"type": "integer", "minimum": 1},
                "site": {"type": "string", "format": "uri"},
                "name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 3},
            }},
        }});
        let found = |body: Value| mistakes(&schema, &body).join(", ");
        assert_eq!(found(json!({"userId": "u", "data": {"region": "eu", "count": 1, "name": "abc"}})), "");
        assert_eq!(found(json!({"userId": "u"})), "data.region is required, data.count is required");
        assert_eq!(found(json!([])), "body must be of type object");
        assert_eq!(
            found(json!({"data": {"region": "mars", "count": 0, "site": "nowhere", "name": "ABCD"}})),
            "userId is required, data.region is not one of the allowed values, data.count is too small, \
             data.site has the wrong form, data.name has the wrong length, data.name has the wrong form"
        );
        assert_eq!(
            found(json!({"userId": "u", "data": {"region": "us", "count": "1"}})),
            "data.count must be of type integer"
        );
    }
}
