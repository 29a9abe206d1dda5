//! What has to be said about what somebody typed.

use crate::i18n::{Language, Phrase, Value, Wording};

use super::within::within;

/// One field that cannot be read, and what to do about it. It never repeats what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The name of the field.
    pub field: String,
    /// The key of the sentence.
    pub(crate) key: &'static str,
    /// What the field is called.
    pub(crate) label: Wording,
    /// Whether that begins with a name, which keeps its capital inside of a sentence.
    pub(crate) named: bool,
    /// What else the sentence names.
    pub(crate) values: Vec<(&'static str, Value)>,
}

impl Mistake {
    /// A sentence for people: "Enter your shop name, for example acme."
    pub fn sentence(&self, language: &Language) -> Phrase {
        let label = self.label.read_in(language);
        let within = Value::Words(within(&label.plain(), self.named));
        let sentence = language.say(self.key).with("within", within).with("label", label);
        self.values.iter().cloned().fold(sentence, |sentence, (name, value)| sentence.with(name, value))
    }
}

/// All of them, in the order of the form, at most one for each field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    pub(crate) fn add(&mut self, mistake: Mistake) {
        self.0.push(mistake);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.0.iter()
    }

    /// The one of the field of that name.
    pub fn of(&self, field: &str) -> Option<&Mistake> {
        self.0.iter().find(|mistake| mistake.field == field)
    }
}
