//! Texts of a form: labels, field errors and the summary of its fields.

use super::{Language, Phrase, Value};
use crate::domain::{
    form::{Field, FieldError, FieldKind, Form, Wording},
    text,
};

/// Maximum length of a label or hint, in characters.
const MAX_WORDING: usize = 240;

impl Language {
    /// The wording in this language.
    pub fn wording(&self, wording: &Wording) -> Phrase {
        match wording {
            Wording::Phrase(key) => self.say(key),
            Wording::Text(text) => Phrase::verbatim(text::tidy(text, MAX_WORDING)),
        }
    }

    /// A sentence on how to correct the field: "Enter your shop name, for example acme."
    pub fn field_error(&self, field: &Field, error: FieldError) -> Phrase {
        let label = self.wording(&field.label);
        let within = Value::Words(in_sentence(&label.plain(), field.named));
        let say = |key| self.say(key).with("within", within.clone()).with("label", label.clone());
        let usual = match field.kind {
            FieldKind::Email => Some("name@example.com"),
            FieldKind::Url => Some("https://example.com"),
            _ => None,
        };
        let example = field.example.as_deref().or(usual);
        let say_with_example = |key, key_without| match example {
            Some(example) => say(key).with("example", Value::Name(example.to_owned())),
            None => say(key_without),
        };
        let limit = |limit: f64| Value::Words(limit.to_string());
        match (error, &field.kind) {
            (FieldError::Missing, FieldKind::Choice(_)) => say("mistake-choose"),
            (FieldError::Missing, _) => say_with_example("mistake-missing-example", "mistake-missing"),
            (FieldError::Malformed, FieldKind::Email) => say_with_example("mistake-email", "mistake-form"),
            (FieldError::Malformed, FieldKind::Url) => say_with_example("mistake-address", "mistake-form"),
            (FieldError::Malformed, _) => say_with_example("mistake-form-example", "mistake-form"),
            (FieldError::OtherAddress, _) => {
                let part = Value::Name(field.example.clone().unwrap_or_else(|| "acme".to_owned()));
                match field.provider.domains.first() {
                    Some(domain) => say("mistake-other-address").with("domain", Value::Name(domain.clone())),
                    None => say("mistake-part-only"),
                }
                .with("example", part)
            }
            (FieldError::MoreThanHost, _) => {
                let host = field.example.clone().unwrap_or_else(|| "acme.example.com".to_owned());
                say("mistake-host-only").with("example", Value::Name(host))
            }
            (FieldError::HiddenCharacters, _) => say("mistake-unseen"),
            (FieldError::TooShort(least), _) => say("mistake-short").with("count", least),
            (FieldError::TooLong(most), _) => say("mistake-long").with("count", most),
            (FieldError::NotANumber, FieldKind::Integer) => {
                say_with_example("mistake-whole-number-example", "mistake-whole-number")
            }
            (FieldError::NotANumber, _) => say_with_example("mistake-number-example", "mistake-number"),
            (FieldError::LostLines, _) => say("mistake-lines"),
            (FieldError::Empty, _) => say("mistake-empty"),
            (FieldError::TooManyDigits, _) => say("mistake-digits"),
            (FieldError::OutOfRange, _) => match (field.limits.minimum, field.limits.maximum) {
                (Some(least), Some(most)) => {
                    say("mistake-between").with("least", limit(least)).with("most", limit(most))
                }
                (Some(least), None) => say("mistake-from").with("least", limit(least)),
                (None, most) => say("mistake-up-to").with("most", limit(most.unwrap_or_default())),
            },
        }
    }

    /// The labels of the form's fields as one list: "API key", "Username and password". Returns `None` without fields.
    pub fn field_list(&self, form: &Form) -> Option<Phrase> {
        let mut fields = form.fields.iter();
        let mut list = self.wording(&fields.next()?.label);
        let last = form.fields.len() - 1;
        for (index, field) in (1..).zip(fields) {
            let joined = if index == last { "form-and" } else { "form-comma" };
            let label = self.wording(&field.label).plain();
            list = self
                .say(joined)
                .with("one", list)
                .with("within", Value::Words(in_sentence(&label, field.named)))
                .with("other", Value::Words(label));
        }
        Some(list)
    }
}

/// Label inside an English sentence: "shop name", but "API key" and, if it is `named` after an app, "Zendesk address".
fn in_sentence(label: &str, named: bool) -> String {
    if named {
        return label.to_owned();
    }
    let (first, rest) = label.split_once(' ').unwrap_or((label, ""));
    if first.chars().skip(1).any(char::is_uppercase) || first.chars().count() < 2 {
        return label.to_owned();
    }
    let space = if rest.is_empty() { "" } else { " " };
    format!("{}{space}{rest}", first.to_lowercase())
}
