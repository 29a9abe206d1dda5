//! Secrets that are given as the name of a file: `alloy.api_key_file` in the place of `alloy.api_key`.

use std::fs;

use config::{Value, ValueKind};

use super::{BadSetting, layers::Table};

/// How a secret's file is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The whole file, without the line's end.
    Text,
    /// One a line.
    List,
}

/// Every secret.
const SECRETS: [(&str, &str, Form); 5] = [
    ("alloy", "api_key", Form::Text),
    ("store", "url", Form::Text),
    ("session", "keys", Form::List),
    ("host", "api_keys", Form::List),
    ("webhook", "secrets", Form::List),
];

/// Whether that key's value must never be shown.
pub(crate) fn is_secret(key: &str) -> bool {
    SECRETS.iter().any(|(table, name, _)| key.split_once('.') == Some((table, name)))
}

/// Reads the files that a layer names, and puts their contents where the secrets belong.
pub(crate) fn put_in(layer: &mut Table, bad: &mut Vec<BadSetting>) {
    for (table, name, form) in SECRETS {
        let Some(ValueKind::Table(entries)) = layer.get_mut(table).map(|value| &mut value.kind) else { continue };
        let Some(given) = entries.remove(&format!("{name}_file")) else { continue };
        let outcome = match &given.kind {
            _ if entries.get(name).is_some_and(|value| !is_empty(value)) => {
                Err(format!("only one of it and {table}.{name}"))
            }
            ValueKind::String(path) => {
                fs::read_to_string(path).map_err(|error| format!("a file that can be read ({error})"))
            }
            _ => Err("the name of a file".to_owned()),
        };
        match outcome {
            Ok(text) => {
                entries.insert(name.to_owned(), contents(&text, form));
            }
            Err(wanted) => bad.push(BadSetting {
                key: format!("{table}.{name}_file"),
                variable: None,
                seen: format!("{:?}", given.to_string()),
                wanted,
                default: None,
            }),
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match &value.kind {
        ValueKind::String(text) => text.is_empty(),
        ValueKind::Array(entries) => entries.is_empty(),
        _ => false,
    }
}

fn contents(text: &str, form: Form) -> Value {
    match form {
        Form::Text => text.trim_end_matches(['\r', '\n']).into(),
        Form::List => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.map(Value::from).collect::<Vec<Value>>().into()
        }
    }
}
