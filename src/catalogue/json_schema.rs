//! Keywords of a JSON Schema, read leniently: one of another type counts as absent.

use serde_json::{Map, Value};

pub(super) fn schema_text<'a>(schema: &'a Value, keyword: &str) -> Option<&'a str> {
    schema.get(keyword)?.as_str()
}

pub(super) fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

pub(super) fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// `dependentRequired`: the properties that each property needs beside it.
pub(super) fn dependents(schema: &Value) -> Vec<(&str, Vec<&str>)> {
    let all = schema.get("dependentRequired").and_then(Value::as_object).into_iter().flatten();
    all.map(|(name, needed)| {
        let needed = needed.as_array().into_iter().flatten().filter_map(Value::as_str);
        (name.as_str(), needed.collect())
    })
    .collect()
}
