//! Fields whose values have several lines, by what their schema says of them.

use serde_json::Value;

use super::super::{field_table, json_schema::schema_text};

/// Parts of names.
const NAMES: &[&str] =
    &["privatekey", "certificate", "serviceaccount", "sshkey", "pgpkey", "gpgkey", "keyfile", "jsonkey", "keyjson"];
/// Endings of names, some of which are parts of other words.
const NAME_ENDINGS: &[&str] =
    &["pem", "cert", "certs", "certchain", "cabundle", "credentialsjson", "credentialjson", "rsakey"];
/// Words of titles and descriptions.
const WORDS: &[&str] = &[
    "pem",
    "begin",
    "private key",
    "service account",
    "json key",
    "key file",
    "certificate",
    "openssh",
    "multi-line",
    "multiline",
];
/// Formats and widgets.
const FORMATS: &[&str] = &["pem", "textarea", "multiline", "multi-line", "json"];

pub(super) fn is_multiline(name: &str, schema: &Value, sample: Option<&str>) -> bool {
    let name = field_table::canonical(name);
    // The id or the password of a key has one line.
    let is_about =
        ["id", "name", "alias", "type", "passphrase", "password", "fingerprint", "thumbprint", "email", "url", "path"];
    if is_about.iter().any(|ending| name.ends_with(ending)) {
        return false;
    }
    let by_name = NAMES.iter().any(|part| name.contains(part)) || NAME_ENDINGS.iter().any(|end| name.ends_with(end));
    let texts = ["title", "description"].into_iter().filter_map(|keyword| schema_text(schema, keyword));
    let by_words = texts.map(str::to_lowercase).any(|text| {
        let mut words = text.split(|letter: char| !letter.is_alphanumeric());
        WORDS.iter().any(|word| {
            if word.contains([' ', '-']) { text.contains(word) } else { words.clone().any(|one| one == *word) }
        }) || words.any(|word| word == "p8")
    });
    let formats = ["format", "contentMediaType"].into_iter().filter_map(|keyword| schema_text(schema, keyword));
    let by_format =
        formats.into_iter().any(|format| FORMATS.iter().any(|known| format.to_lowercase().ends_with(known)));
    let examples = [schema.pointer("/examples/0"), schema.get("example"), schema.get("default")];
    let examples =
        examples.into_iter().flatten().filter_map(Value::as_str).chain(sample).chain(schema_text(schema, "pattern"));
    let by_example = examples.into_iter().any(|text| text.contains('\n') || text.contains("-----BEGIN"));
    by_name || by_words || by_format || by_example
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_of_several_lines_are_known() {
        for (name, schema) in [
            ("privateKey", json!({})),
            ("private_key_pem", json!({})),
            ("serviceAccountJson", json!({})),
            ("clientCertificate", json!({})),
            ("tlsCert", json!({})),
            ("key", json!({"format": "pem"})),
            ("key", json!({"contentMediaType": "application/x-pem"})),
            ("key", json!({"description": "The private key, with BEGIN and END."})),
            ("secret", json!({"description": "Paste the contents of the .pem file."})),
            ("secret", json!({"title": "JSON key of the service account"})),
            ("signingKey", json!({"pattern": "^-----BEGIN"})),
            ("signingKey", json!({"examples": ["-----BEGIN EC PRIVATE KEY-----\nMHc"]})),
        ] {
            assert!(is_multiline(name, &schema, None), "{name} {schema}");
        }
        for (name, schema) in [
            ("apiKey", json!({"description": "You find it in the settings."})),
            ("privateKeyId", json!({})),
            ("certificatePassword", json!({})),
            ("token", json!({"description": "The beginning of the link."})),
            ("shopName", json!({})),
        ] {
            assert!(!is_multiline(name, &schema, None), "{name} {schema}");
        }
    }
}
