//! What a person answered, ready to be sent.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

/// One answer.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Something that was typed.
    Typed(SecretString),
    /// Several things that were typed.
    Several(Vec<SecretString>),
    /// Something that was chosen, or that nobody is asked for.
    Chosen(Value),
}

impl Answer {
    fn value(&self) -> Value {
        match self {
            Self::Typed(text) => Value::from(text.expose_secret()),
            Self::Several(texts) => texts.iter().map(|text| Value::from(text.expose_secret())).collect(),
            Self::Chosen(value) => value.clone(),
        }
    }

    fn typed(&self) -> &[SecretString] {
        match self {
            Self::Typed(text) => std::slice::from_ref(text),
            Self::Several(texts) => texts,
            Self::Chosen(_) => &[],
        }
    }
}

/// What a form was answered with. Any of it may be a key, so all of it is kept as a secret and nothing is shown.
#[derive(Clone, Default)]
pub struct Answers {
    always: bool,
    all: Vec<(Vec<String>, Answer)>,
}

impl Answers {
    pub(crate) fn new(always: bool, fixed: &[(Vec<String>, Value)]) -> Self {
        let all = fixed.iter().map(|(path, value)| (path.clone(), Answer::Chosen(value.clone()))).collect();
        Self { always, all }
    }

    pub(crate) fn add(&mut self, path: Vec<String>, answer: Answer) {
        self.all.push((path, answer));
    }

    /// The JSON object to send, or nothing if there is nothing to say. It may hold secrets.
    pub fn data(&self) -> Option<Value> {
        if self.all.is_empty() && !self.always {
            return None;
        }
        let mut data = Map::new();
        for (path, answer) in &self.all {
            put(&mut data, path, answer.value());
        }
        Some(Value::Object(data))
    }

    /// The text without anything that was typed here, nor a word of it, for a log.
    pub fn redact(&self, text: &str) -> String {
        let typed = self.all.iter().flat_map(|(_, answer)| answer.typed()).map(ExposeSecret::expose_secret);
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

impl fmt::Debug for Answers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Answers({})", self.all.len())
    }
}

/// Puts the value where the path says, through objects that it makes on the way.
fn put(object: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [] => {}
        [name] => {
            object.insert(name.clone(), value);
        }
        [name, rest @ ..] => {
            let inner = object.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
