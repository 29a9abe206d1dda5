//! Submitted values of a form.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

#[derive(Clone)]
pub(super) enum FieldValue {
    Typed(SecretString),
    TypedList(Vec<SecretString>),
    /// A choice, a number or a constant: never a secret.
    Plain(Value),
}

impl FieldValue {
    pub(super) fn empty() -> Self {
        Self::Typed(SecretString::default())
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Typed(text) => Value::from(text.expose_secret()),
            Self::TypedList(texts) => texts.iter().map(|text| Value::from(text.expose_secret())).collect(),
            Self::Plain(value) => value.clone(),
        }
    }

    fn typed(&self) -> &[SecretString] {
        match self {
            Self::Typed(text) => std::slice::from_ref(text),
            Self::TypedList(texts) => texts,
            Self::Plain(_) => &[],
        }
    }
}

/// Submitted values with their paths. Typed text is stored as a secret, because it may be an API key.
#[derive(Clone, Default)]
pub struct FormValues {
    sends_empty: bool,
    values: Vec<(Vec<String>, FieldValue)>,
}

impl FormValues {
    pub(super) fn new(sends_empty: bool, constants: &[(Vec<String>, Value)]) -> Self {
        let values = constants.iter().map(|(path, value)| (path.clone(), FieldValue::Plain(value.clone()))).collect();
        Self { sends_empty, values }
    }

    pub(super) fn add(&mut self, path: Vec<String>, value: FieldValue) {
        self.values.push((path, value));
    }

    pub(super) fn has(&self, path: &[String]) -> bool {
        self.values.iter().any(|(known, _)| known == path)
    }

    /// Returns the JSON object to send, which may hold secrets, or `None` if there is nothing to send.
    pub fn data(&self) -> Option<Value> {
        if self.values.is_empty() && !self.sends_empty {
            return None;
        }
        let mut data = Map::new();
        for (path, value) in &self.values {
            insert(&mut data, path, value.to_json());
        }
        Some(Value::Object(data))
    }

    /// Replaces every typed value, and each longer word of one, in a text for the log.
    pub fn redact(&self, text: &str) -> String {
        let typed = self.values.iter().flat_map(|(_, value)| value.typed()).map(ExposeSecret::expose_secret);
        typed.fold(text.to_owned(), |text, secret| {
            let words = secret.split_whitespace().filter(|word| word.len() > 3 || *word == secret);
            [secret]
                .into_iter()
                .filter(|secret| !secret.is_empty())
                .chain(words)
                .fold(text, |text, word| text.replace(word, "…"))
        })
    }
}

impl fmt::Debug for FormValues {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FormValues({})", self.values.len())
    }
}

fn insert(object: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [] => {}
        [name] => {
            object.insert(name.clone(), value);
        }
        [name, rest @ ..] => {
            if let Value::Object(inner) = object.entry(name.clone()).or_insert_with(|| Value::Object(Map::new())) {
                insert(inner, rest, value);
            }
        }
    }
}
