//! What a form says of a field: the host's words, else ours for that app, else the schema's, else ours for fields of
//! that name, else a label made from the name.

use serde_json::Value;

use super::{
    field_table::{self, FieldWords},
    form_schema::schema_text,
};
use crate::{
    config::{ConnectorSettings, FieldText},
    domain::{
        connector::ConnectorId,
        form::{Pasted, Wording},
        text,
    },
    i18n::Language,
};

/// Names end so that are no secret, even in a form that asks for a key.
const OPEN_ENDINGS: &[&str] = &[
    "account",
    "company",
    "domain",
    "email",
    "environment",
    "host",
    "id",
    "name",
    "region",
    "uri",
    "url",
    "user",
    "version",
];

/// Finds the words for the fields of one app.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    connector: &'a ConnectorId,
    host: Option<&'a ConnectorSettings>,
}

/// What is said of one field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    pub(super) label: Wording,
    /// Whether the label begins with the app's name.
    pub(super) named: bool,
    pub(super) hint: Option<Wording>,
    pub(super) example: Option<String>,
    pub(super) help_url: Option<String>,
    pub(super) secret: bool,
    pub(super) pasted: Option<Pasted>,
}

impl<'a> Words<'a> {
    pub(super) fn new(connector: &'a ConnectorId, host: Option<&'a ConnectorSettings>) -> Self {
        Self { connector, host }
    }

    /// What is said of the field of that name. `asks_for_key`: whether what the form asks for is stored as a key.
    pub(super) fn of(&self, name: &str, schema: &Value, sample: Option<&str>, asks_for_key: bool) -> Said {
        let unsaid = FieldText::default();
        let host = self.host.and_then(|host| host.field(name)).unwrap_or(&unsaid);
        let whole = matches!(schema_text(schema, "format"), Some("uri" | "url"));
        let fitting = |words: &FieldWords| if whole { words.of_a_whole_address() } else { *words };
        let app = field_table::of_app(self.connector.as_str(), name).map(fitting);
        let common = field_table::common(name).map(fitting);
        let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());

        let secret = host.secret.or(app.map(|app| app.secret)).unwrap_or_else(|| {
            is_secret_by(schema, name) || common.map_or(asks_for_key && in_doubt(schema, name), |common| common.secret)
        });
        let of_the_host =
            |words: &Option<String>| words.clone().filter(|words| text::is_visible(words)).map(Wording::Text);
        let label = of_the_host(&host.label).or_else(|| phrase(app?.label));
        let label = label.or_else(|| title(schema, name).map(Wording::Text)).or_else(|| phrase(common?.label));
        let label = label.unwrap_or_else(|| text::readable(name).map_or(Wording::Phrase("field-value"), Wording::Text));
        let hint = of_the_host(&host.hint).or_else(|| phrase(app?.hint));
        let hint = hint.or_else(|| plain(schema_text(schema, "description")?, 300).map(Wording::Text));
        let example = host.example.clone().or_else(|| some(app?.example));
        let from_schema = || plain(schema.pointer("/examples/0").and_then(Value::as_str).or(sample)?, 80);
        let example = if secret { host.example.clone() } else { example.or_else(from_schema) };
        let said = Language::default().wording(&label).plain();
        let first = said.split(' ').next().unwrap_or_default();
        Said {
            named: first.eq_ignore_ascii_case(self.connector.as_str()),
            label,
            hint: hint.or_else(|| phrase(common?.hint)),
            example: example.or_else(|| some(common?.example)),
            help_url: host.help_url.as_ref().map(ToString::to_string),
            pasted: app.or(common).map(|words| words.pasted),
            secret,
        }
    }
}

fn phrase(key: &'static str) -> Option<Wording> {
    (!key.is_empty()).then_some(Wording::Phrase(key))
}

/// What people read for one value of a choice.
pub(super) fn of_value(field: &str, value: &str) -> Wording {
    let is_region =
        matches!(field_table::canonical(field).as_str(), "region" | "datacenter" | "dc" | "location" | "domain");
    if is_region && let Some(region) = field_table::region(value) {
        return Wording::Phrase(region);
    }
    let is_word = value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') && !value.is_empty();
    let words = if is_word { text::readable(value) } else { Some(text::tidy(value, 80)) };
    let words = words.filter(|words| !words.is_empty());
    words.map_or(Wording::Phrase("field-value"), Wording::Text)
}

/// The schema's own title, unless it is a name of the machine's.
fn title(schema: &Value, name: &str) -> Option<String> {
    let title = plain(schema_text(schema, "title")?, 60)?;
    let mut letters = title.chars().zip(title.chars().skip(1));
    let joined = title.contains('_') || letters.any(|(one, next)| one.is_lowercase() && next.is_uppercase());
    (!joined && title != name).then(|| text::capitalized(&title))
}

/// Text of the vendor's that a page may say: tidied and cut, without the trade's words.
fn plain(raw: &str, max: usize) -> Option<String> {
    let tidy = text::tidy(raw, max);
    let odd = tidy.is_empty() || text::is_technical(&tidy) || tidy.contains("{{");
    (!odd).then_some(tidy)
}

/// Whether the schema or the name says that it is a secret.
pub(super) fn is_secret_by(schema: &Value, name: &str) -> bool {
    let name = field_table::canonical(name);
    let by_name = ["key", "token", "secret", "passw", "passphrase"].iter().any(|part| name.contains(part));
    let write_only = schema.get("writeOnly").and_then(Value::as_bool).unwrap_or(false);
    schema_text(schema, "format") == Some("password") || write_only || by_name
}

/// Whether nothing says that the field is no secret.
fn in_doubt(schema: &Value, name: &str) -> bool {
    let name = field_table::canonical(name);
    schema.get("format").is_none() && !OPEN_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests;
