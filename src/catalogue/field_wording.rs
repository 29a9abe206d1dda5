//! Wording of a form field. Precedence: the connector settings, the built-in entry for the app, the schema, the
//! built-in entry for any app, and the field's name.

use serde_json::Value;

use super::{
    field_table::{self, FieldEntry},
    json_schema::schema_text,
};
use crate::{
    config::{ConnectorSettings, FieldText},
    domain::{
        connector::ConnectorId,
        form::{Pasted, Provider, Wording},
        text,
    },
    i18n::Language,
};

/// Endings of names that are not secret, even in a form with a key.
const PUBLIC_ENDINGS: &[&str] = &[
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

#[derive(Debug, Clone, Copy)]
pub(super) struct Wordings<'a> {
    connector: &'a ConnectorId,
    host: Option<&'a ConnectorSettings>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FieldWording {
    pub(super) label: Wording,
    /// Whether the label begins with the app's name.
    pub(super) named: bool,
    pub(super) hint: Option<Wording>,
    pub(super) example: Option<String>,
    pub(super) help_url: Option<String>,
    pub(super) secret: bool,
    /// Whether the secret is a password, not a key.
    pub(super) password: bool,
    pub(super) multiline: bool,
    pub(super) pasted: Option<Pasted>,
    pub(super) provider: Provider,
}

impl<'a> Wordings<'a> {
    pub(super) fn new(connector: &'a ConnectorId, host: Option<&'a ConnectorSettings>) -> Self {
        Self { connector, host }
    }

    pub(super) fn field(&self, name: &str, schema: &Value, sample: Option<&str>, asks_for_key: bool) -> FieldWording {
        let unset = FieldText::default();
        let host = self.host.and_then(|host| host.field(name)).unwrap_or(&unset);
        let whole = matches!(schema_text(schema, "format"), Some("uri" | "url"));
        let fitting =
            |entry: &'static FieldEntry<'static>| if whole { entry.for_whole_address() } else { entry.clone() };
        let app = field_table::for_app(self.connector.as_str(), name).map(fitting);
        let app = app.as_ref();
        let common = field_table::for_any_app(name).map(fitting);
        let common = common.as_ref();
        let some = |words: &str| (!words.is_empty()).then(|| words.to_owned());

        let multiline = multiline::is_multiline(name, schema, sample);
        // A certificate is public, and most else that has several lines is a private key.
        let is_key = multiline && !field_table::canonical(name).contains("cert");
        let secret = host.secret.or(app.map(|app| app.secret)).unwrap_or_else(|| {
            is_secret(schema, name)
                || common.map_or(is_key || asks_for_key && is_probably_secret(schema, name), |common| common.secret)
        });
        let configured =
            |words: &Option<String>| words.clone().filter(|words| text::is_visible(words)).map(Wording::Text);
        let label = configured(&host.label).or_else(|| phrase(app?.label));
        let label = label.or_else(|| title(schema, name).map(Wording::Text)).or_else(|| phrase(common?.label));
        let label = label.unwrap_or_else(|| text::readable(name).map_or(Wording::Phrase("field-value"), Wording::Text));
        let hint = configured(&host.hint).or_else(|| phrase(app?.hint));
        let hint = hint.or_else(|| plain(schema_text(schema, "description")?, 300).map(Wording::Text));
        let example = host.example.clone().or_else(|| some(app?.example));
        let from_schema = || plain(schema.pointer("/examples/0").and_then(Value::as_str).or(sample)?, 80);
        let example = if secret { host.example.clone() } else { example.or_else(from_schema) };
        let shown = Language::default().wording(&label).plain();
        let first = shown.split(' ').next().unwrap_or_default();
        let password = secret && is_password(name, &shown.to_lowercase());
        FieldWording {
            multiline: multiline && !password,
            password,
            named: first.eq_ignore_ascii_case(self.connector.as_str()),
            label,
            hint: hint.or_else(|| phrase(common?.hint)),
            example: example.or_else(|| some(common?.example)),
            help_url: host.help_url.as_ref().map(ToString::to_string),
            pasted: app.or(common).map(|entry| entry.pasted),
            provider: Provider {
                app: field_table::canonical(self.connector.as_str()),
                domains: app.into_iter().flat_map(|app| &app.domains).map(|&domain| domain.to_owned()).collect(),
            },
            secret,
        }
    }
}

fn phrase(key: &'static str) -> Option<Wording> {
    (!key.is_empty()).then_some(Wording::Phrase(key))
}

pub(super) fn option_label(field: &str, value: &str) -> Wording {
    let is_region =
        matches!(field_table::canonical(field).as_str(), "region" | "datacenter" | "dc" | "location" | "domain");
    if is_region && let Some(region) = field_table::region(value) {
        return Wording::Phrase(region);
    }
    let is_word = value.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') && !value.is_empty();
    let words = if is_word { text::readable(value) } else { Some(text::tidy(value, 80)) };
    let words = words.filter(|words| !words.is_empty());
    let unnamed = if value.trim().is_empty() { "field-none" } else { "field-value" };
    words.map_or(Wording::Phrase(unnamed), Wording::Text)
}

fn title(schema: &Value, name: &str) -> Option<String> {
    let title = plain(schema_text(schema, "title")?, 60)?;
    let mut letters = title.chars().zip(title.chars().skip(1));
    let joined = title.contains('_') || letters.any(|(one, next)| one.is_lowercase() && next.is_uppercase());
    (!joined && title != name).then(|| text::capitalized(&title))
}

/// Tidies and cuts Alloy's text, and rejects technical terms.
fn plain(raw: &str, max: usize) -> Option<String> {
    let tidy = text::tidy(raw, max);
    let odd = tidy.is_empty() || text::is_technical(&tidy) || tidy.contains("{{");
    (!odd).then_some(tidy)
}

pub(super) fn is_secret(schema: &Value, name: &str) -> bool {
    let name = field_table::canonical(name);
    let by_name = ["key", "token", "secret", "passw", "passphrase"].iter().any(|part| name.contains(part));
    let write_only = schema.get("writeOnly").and_then(Value::as_bool).unwrap_or(false);
    schema_text(schema, "format") == Some("password") || write_only || by_name
}

/// Passwords are typed, and every character counts; keys are pasted, with blanks around them. The label decides where an
/// app calls its key a password.
fn is_password(name: &str, label: &str) -> bool {
    let is_named = |text: &str| ["passw", "passphrase", "passcode", "pwd"].iter().any(|part| text.contains(part));
    let is_key = ["key", "token", "secret"].iter().any(|part| label.contains(part));
    !is_key && (is_named(&field_table::canonical(name)) || is_named(label))
}

/// Whether neither format nor name shows that the value is public.
fn is_probably_secret(schema: &Value, name: &str) -> bool {
    let name = field_table::canonical(name);
    schema.get("format").is_none() && !PUBLIC_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

mod multiline;

#[cfg(test)]
mod tests;
