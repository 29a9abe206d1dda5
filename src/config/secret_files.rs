//! Secrets that are read from a file: `alloy.api_key_file` instead of `alloy.api_key`.

use std::fs;

use serde_json::Value;

use super::InvalidSetting;

/// Every secret; a list has one entry per line.
const SECRETS: [(&str, &str, bool); 5] = [
    ("alloy", "api_key", false),
    ("store", "url", false),
    ("session", "keys", true),
    ("host", "api_keys", true),
    ("webhook", "secrets", true),
];

pub(crate) fn is_secret(key: &str) -> bool {
    SECRETS.iter().any(|(table, name, _)| key.split_once('.') == Some((table, name)))
}

pub(crate) fn read_into(layer: &mut Value) -> Vec<InvalidSetting> {
    let mut invalid = Vec::new();
    for (table, name, is_list) in SECRETS {
        let Some(entries) = layer.get_mut(table).and_then(Value::as_object_mut) else { continue };
        let Some(given) = entries.remove(&format!("{name}_file")) else { continue };
        let outcome = match given.as_str() {
            _ if entries.get(name).is_some_and(|value| !is_empty(value)) => {
                Err(format!("only one of it and {table}.{name}"))
            }
            Some(path) => fs::read_to_string(path).map_err(|error| format!("a file that can be read ({error})")),
            None => Err("the name of a file".to_owned()),
        };
        match outcome {
            Ok(text) => {
                entries.insert(name.to_owned(), contents(&text, is_list));
            }
            Err(expected) => {
                let current = format!("{:?}", given.as_str().map_or_else(|| given.to_string(), ToOwned::to_owned));
                invalid.push(InvalidSetting::in_file(format!("{table}.{name}_file"), current, expected));
            }
        }
    }
    invalid
}

fn is_empty(value: &Value) -> bool {
    value.as_str().is_some_and(str::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

fn contents(text: &str, is_list: bool) -> Value {
    if is_list {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
    } else {
        text.trim_end_matches(['\r', '\n']).into()
    }
}
