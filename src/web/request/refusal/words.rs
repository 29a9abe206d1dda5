//! The providers' words for *no*: `words.json`, with their public sources, if there are any.

use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum By {
    User,
    Administrator,
}

/// Stands for every value.
pub(super) const ANY: &str = "*";

#[derive(Debug, Deserialize)]
pub(super) struct Word<'a> {
    pub(super) by: By,
    /// The only parameter in which it counts; `None` for every parameter that reports an error.
    pub(super) parameter: Option<&'a str>,
    /// Whether it counts only without an error.
    #[serde(default)]
    pub(super) alone: bool,
    /// Whole values.
    #[serde(default, borrow)]
    pub(super) words: Vec<&'a str>,
    /// Parts of a sentence, in lower case.
    #[serde(default, borrow)]
    pub(super) phrases: Vec<&'a str>,
}

static WORDS: LazyLock<Vec<Word<'static>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("words.json")).unwrap_or_default());

pub(super) fn all() -> &'static [Word<'static>] {
    &WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_a_source() {
        let entries: Vec<serde_json::Value> = serde_json::from_str(include_str!("words.json")).unwrap();
        assert_eq!(all().len(), entries.len());
        for (word, entry) in all().iter().zip(&entries) {
            let source = entry["source"].as_str().unwrap_or_default();
            let is_cited = source.starts_with("https://") && !source.contains(' ') || source.ends_with('.');
            assert!(is_cited, "{word:?}: {source}");
            assert!(!word.words.is_empty() || !word.phrases.is_empty(), "{word:?}");
            assert!(word.phrases.iter().all(|phrase| *phrase == phrase.to_ascii_lowercase()), "{word:?}");
        }
    }
}
