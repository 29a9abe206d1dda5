//! Words that are known before it is known in which language they are read.

use super::{Language, Phrase};
use crate::domain::text;

/// More characters than this are no label and no hint.
const LONGEST: usize = 240;

/// Words of ours, by their key, or somebody else's as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wording {
    /// A phrase without values.
    Phrase(&'static str),
    /// The host's words, or the vendor's.
    Text(String),
}

impl Wording {
    /// The words in that language.
    pub fn read_in(&self, language: &Language) -> Phrase {
        match self {
            Self::Phrase(key) => language.say(key),
            Self::Text(text) => Phrase::verbatim(text::tidy(text, LONGEST)),
        }
    }
}

impl Default for Wording {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<&str> for Wording {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
