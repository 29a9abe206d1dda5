//! Display types for names, texts and times.

use std::fmt;

use crate::{
    domain::text,
    i18n::{Phrase, Value},
};

/// External text for a page, without invisible or direction-changing characters and at most `MAX` characters long.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text<const MAX: usize>(String);

/// Name of a person or thing.
pub type Name = Text<60>;

/// A line of explanation.
pub type Sentence = Text<240>;

impl<const MAX: usize> Text<MAX> {
    /// Returns the text, or `None` if no character is visible.
    pub fn visible(raw: &str) -> Option<Self> {
        Some(Self::from(raw)).filter(|text| !text.0.is_empty())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first letter or digit, for a tile without a picture.
    pub fn initial(&self) -> String {
        let first = self.0.chars().find(|character| character.is_alphanumeric());
        first.map_or_else(|| "?".to_owned(), |character| character.to_uppercase().collect())
    }
}

impl<const MAX: usize> From<&str> for Text<MAX> {
    fn from(raw: &str) -> Self {
        Self(text::tidy(raw, MAX))
    }
}

impl<const MAX: usize> From<&String> for Text<MAX> {
    fn from(raw: &String) -> Self {
        raw.as_str().into()
    }
}

impl<const MAX: usize> From<String> for Text<MAX> {
    fn from(raw: String) -> Self {
        raw.as_str().into()
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl<const MAX: usize> From<&Text<MAX>> for Value {
    fn from(text: &Text<MAX>) -> Self {
        Self::Name(text.as_str().to_owned())
    }
}

/// A phrase escapes its arguments itself.
impl askama::filters::HtmlSafe for Phrase {}

impl askama::FastWritable for Phrase {
    fn write_into(&self, out: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(out.write_str(&self.html())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_dropped_and_long_text_is_cut() {
        assert_eq!(Name::from("Acme\u{202E}\u{0007} Notes").as_str(), "Acme Notes");
        assert_eq!(Name::from("x".repeat(10_000)).as_str().chars().count(), 60);
        assert_eq!(Name::from("  ‘émile’").initial(), "É");
        assert_eq!(Name::from("…").initial(), "?");
    }
}
