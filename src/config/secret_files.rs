//! Secrets that are read from a file: `alloy.api_key_file` instead of `alloy.api_key`.

use std::{fs, path::Path};

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

/// Names without a leading `/` are in `folder`.
pub(crate) fn read_into(layer: &mut Value, folder: &Path) -> Vec<InvalidSetting> {
    let mut invalid = Vec::new();
    for (table, name, is_list) in SECRETS {
        let Some(entries) = layer.get_mut(table).and_then(Value::as_object_mut) else { continue };
        let Some(given) = entries.remove(&format!("{name}_file")) else { continue };
        let outcome = match given.as_str() {
            _ if entries.get(name).is_some_and(|value| !is_empty(value)) => {
                Err(format!("only one of it and {table}.{name}"))
            }
            Some(name) => {
                let path = folder.join(name.trim());
                let unread = |error| format!("a file that can be read ({}: {error})", path.display());
                fs::read_to_string(&path).map_err(unread)
            }
            None => Err("the name of a file".to_owned()),
        };
        match outcome {
            Ok(text) => {
                entries.insert(name.to_owned(), contents(without_mark(&text), is_list));
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

/// The text without the byte order mark that some editors put before it.
pub(super) fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// Blanks and line ends around a secret are an editor's.
fn contents(text: &str, is_list: bool) -> Value {
    if is_list { text.lines().map(str::trim).filter(|line| !line.is_empty()).collect() } else { text.trim().into() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &[u8], table: &str, name: &str) -> Value {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        let mut layer = json!({ table: { format!("{name}_file"): file.path() } });
        assert_eq!(read_into(&mut layer, Path::new("")), []);
        layer[table][name].take()
    }

    #[test]
    fn marks_and_blanks_around_a_secret_do_not_belong_to_it() {
        for text in ["KEY", "KEY\n", " KEY ", "\u{feff}KEY\r\n", "\n\tKEY \n\n"] {
            assert_eq!(read(text.as_bytes(), "alloy", "api_key"), "KEY", "{text:?}");
            assert_eq!(read(text.as_bytes(), "store", "url"), "KEY", "{text:?}");
            for (table, name) in [("host", "api_keys"), ("session", "keys"), ("webhook", "secrets")] {
                assert_eq!(read(text.as_bytes(), table, name), json!(["KEY"]), "{text:?}");
            }
        }
        assert_eq!(read("\u{feff}one\r\n\r\n two \n".as_bytes(), "host", "api_keys"), json!(["one", "two"]));
    }
}
