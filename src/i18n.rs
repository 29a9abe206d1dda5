//! Languages of the pages: phrases, dates and numbers. Each file of `templates/phrases` is one language; the host may
//! override phrases or add a language.

mod files;
mod form_text;
mod formats;
mod phrase;
/// A language for tests only: absent in release builds.
#[cfg(any(test, debug_assertions))]
#[path = "../tests/pages/pseudo.rs"]
mod pseudo;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use strum::Display;
use time::OffsetDateTime;
use unic_langid::{CharacterDirection, LanguageIdentifier};

use crate::domain::form::DecimalMark;

pub use files::BadPhrases;
pub use formats::Moment;
pub use phrase::{Phrase, Value};

use formats::Formats;

/// Writing direction of a language, as in HTML's `dir`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display)]
#[strum(serialize_all = "lowercase")]
#[expect(missing_docs, reason = "the values of HTML")]
pub enum Direction {
    Ltr,
    Rtl,
}

/// A language. Clones share its texts.
#[derive(Clone)]
pub struct Language(Arc<Spoken>);

struct Spoken {
    tag: LanguageIdentifier,
    text: String,
    name: String,
    bundle: FluentBundle<Arc<FluentResource>>,
    formats: Formats,
    names_apps: bool,
    fallback: Option<Language>,
}

impl Language {
    fn new(
        tag: LanguageIdentifier,
        bundle: FluentBundle<Arc<FluentResource>>,
        names_apps: bool,
        fallback: Option<Self>,
    ) -> Self {
        let (formats, text) = (Formats::of(&tag), tag.to_string());
        let name = said(&bundle, "language-name").unwrap_or_else(|| text.clone());
        Self(Arc::new(Spoken { tag, text, name, bundle, formats, names_apps, fallback }))
    }

    /// BCP 47 tag, as in HTML's `lang`: `en`, `de`.
    pub fn tag(&self) -> &str {
        &self.0.text
    }

    /// Writing direction.
    pub fn direction(&self) -> Direction {
        match self.0.tag.character_direction() {
            CharacterDirection::RTL => Direction::Rtl,
            CharacterDirection::LTR | CharacterDirection::TTB => Direction::Ltr,
        }
    }

    /// Name of the language in itself: *Deutsch*.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the phrase for a key. Values are added with [`Phrase::with`].
    pub fn say(&self, key: &'static str) -> Phrase {
        Phrase::new(self.clone(), key)
    }

    /// Returns the host's own text for a key such as `app-slack-description`. There is no fallback language, because
    /// the settings contain the same text.
    pub fn of_the_host(&self, key: &str) -> Option<String> {
        said(&self.0.bundle, key)
    }

    /// Formats a number.
    pub fn number(&self, number: usize) -> String {
        self.0.formats.number(number)
    }

    /// The mark before the decimals of a number.
    pub fn decimal_mark(&self) -> DecimalMark {
        self.0.formats.decimal_mark()
    }

    /// Whether [`Language::of_the_host`] returns any text.
    pub fn names_apps(&self) -> bool {
        self.0.names_apps
    }

    /// Formats the day in UTC, with the year if it differs from that of `now`.
    pub fn day(&self, at: OffsetDateTime, now: OffsetDateTime) -> Moment {
        self.0.formats.day(at, now)
    }

    /// Formats hour and minute in UTC.
    pub fn time(&self, at: OffsetDateTime) -> Moment {
        self.0.formats.time(at)
    }

    /// Text of a phrase in this language or its fallback; `key.attribute` names an attribute.
    fn text(&self, key: &str, values: &FluentArgs<'_>) -> Option<String> {
        let (name, attribute) = key.split_once('.').map_or((key, None), |(name, attribute)| (name, Some(attribute)));
        let message = self.0.bundle.get_message(name);
        let pattern = message.and_then(|message| match attribute {
            Some(attribute) => message.get_attribute(attribute).map(|attribute| attribute.value()),
            None => message.value(),
        });
        match (pattern, &self.0.fallback) {
            (Some(pattern), _) => {
                Some(self.0.bundle.format_pattern(pattern, Some(values), &mut Vec::new()).into_owned())
            }
            (None, Some(fallback)) => fallback.text(key, values),
            (None, None) => None,
        }
    }
}

/// Text of a key without values.
fn said(bundle: &FluentBundle<Arc<FluentResource>>, key: &str) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    Some(bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
}

impl fmt::Debug for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Language({})", self.tag())
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.0.tag == other.0.tag
    }
}

impl Eq for Language {}

impl Default for Language {
    fn default() -> Self {
        BUILT_IN.first.clone()
    }
}

static BUILT_IN: LazyLock<Languages> = LazyLock::new(Languages::default);

/// The languages of the pages, at least one.
#[derive(Debug, Clone)]
pub struct Languages {
    first: Language,
    others: Vec<Language>,
}

impl Languages {
    /// Loads the built-in languages with the host's phrases, those of `wanted` or all; the first is the default.
    /// Returns an error for an unreadable file, an unknown phrase or a missing language.
    pub fn new(host: &[(String, String)], wanted: &[String]) -> Result<Self, BadPhrases> {
        files::languages(host, wanted)
    }

    fn of(first: Language, others: Vec<Language>) -> Self {
        Self { first, others }
    }

    /// The default language.
    pub fn first(&self) -> &Language {
        &self.first
    }

    /// All languages, the default first.
    pub fn iter(&self) -> impl Iterator<Item = &Language> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Finds a language by its tag or the first part of it: `de-CH` finds `de`.
    pub fn find(&self, tag: &str) -> Option<&Language> {
        let wanted: LanguageIdentifier = tag.trim().parse().ok()?;
        let exact = self.iter().find(|language| language.0.tag == wanted);
        exact.or_else(|| self.iter().find(|language| language.0.tag.language == wanted.language))
    }

    /// Best supported language for an `Accept-Language` header (RFC 9110 section 12.5.4).
    pub fn accepted(&self, header: &str) -> Option<&Language> {
        let mut asked: Vec<(f32, &str)> = header.split(',').take(20).filter_map(weighed).collect();
        asked.sort_by(|one, other| other.0.total_cmp(&one.0));
        asked.into_iter().find_map(|(_, tag)| self.find(tag))
    }
}

impl Default for Languages {
    fn default() -> Self {
        files::built_in()
    }
}

/// A language range with its weight; `None` if it is not acceptable.
fn weighed(range: &str) -> Option<(f32, &str)> {
    let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
    let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.trim().parse().ok())?;
    (weight > 0.0).then(|| (weight, tag.trim()))
}
