//! Finds the keyword of a schema for which a form is not supported.

use serde_json::Value;

use super::super::json_schema::properties;
use crate::alloy::{AuthenticationMethod, input_schema};

/// Keywords that combine schemas or demand what no property describes, in the order of their weight.
const SUSPECTS: &[&str] = &[
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "dependentSchemas",
    "dependentRequired",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "enum",
    "const",
];

/// `reason` is the text of the error.
pub(in crate::catalogue) fn keyword(method: &AuthenticationMethod, reason: &str) -> String {
    let found = if reason.starts_with("the part ") {
        Some("required")
    } else if reason.ends_with(" options") {
        Some("enum")
    } else if reason.starts_with("more than ") {
        Some("properties")
    } else if let Some(path) = reason.strip_prefix("data.") {
        of_property(method, path)
    } else {
        suspect(&method.data_schema).or_else(|| suspect(&method.document)).or_else(|| {
            let all = input_schema::alternatives(&method.data_schema, &method.document).unwrap_or_default();
            all.iter().find_map(suspect)
        })
    };
    found.unwrap_or("type").to_owned()
}

fn suspect(schema: &Value) -> Option<&'static str> {
    SUSPECTS.iter().copied().find(|keyword| schema.get(keyword).is_some())
}

fn of_property(method: &AuthenticationMethod, path: &str) -> Option<&'static str> {
    let mut schemas = input_schema::alternatives(&method.data_schema, &method.document)?;
    for name in path.split('.') {
        let inner = schemas.iter().filter_map(|schema| properties(schema)?.get(name)).cloned();
        schemas = inner.collect();
        // A name that itself has a dot cannot be followed.
        if schemas.is_empty() {
            return Some("properties");
        }
    }
    let schema = schemas.first()?;
    let is_list = schema.get("type").is_some_and(|name| name == "array");
    suspect(schema).or(if is_list { Some("items") } else { Some("type") })
}
