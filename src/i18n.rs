//! The languages that pages speak: their phrases, their days and their numbers. A file of `templates/phrases` is a
//! language; the host may put phrases of its own over ours, or add a language.

mod files;
mod form_text;
mod formats;
mod phrase;
mod pseudo;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use time::OffsetDateTime;
use unic_langid::{CharacterDirection, LanguageIdentifier};

pub use files::BadPhrases;
pub use formats::Moment;
pub use phrase::{Phrase, Value};

use formats::Formats;

/// In which direction a language is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// As HTML has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// One language. A clone is the same language: it holds no text of its own.
#[derive(Clone)]
pub struct Language(Arc<Spoken>);

struct Spoken {
    tag: LanguageIdentifier,
    text: String,
    name: String,
    bundle: FluentBundle<Arc<FluentResource>>,
    formats: Formats,
    /// Whether the host says anything of single apps in it.
    names_apps: bool,
    /// Says what this one has no phrase for.
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

    /// Its tag (BCP 47), as HTML's `lang` has it: `en`, `de`.
    pub fn tag(&self) -> &str {
        &self.0.text
    }

    /// In which direction it is written.
    pub fn direction(&self) -> Direction {
        match self.0.tag.character_direction() {
            CharacterDirection::RTL => Direction::Rtl,
            CharacterDirection::LTR | CharacterDirection::TTB => Direction::Ltr,
        }
    }

    /// What it calls itself: *Deutsch*.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The phrase of that key; its values are added with [`Phrase::with`].
    pub fn say(&self, key: &'static str) -> Phrase {
        Phrase::new(self.clone(), key)
    }

    /// What the host's own file says under a key of its own, such as `app-slack-description`; no other language stands
    /// in for it, because the settings have the same in the host's words.
    pub fn of_the_host(&self, key: &str) -> Option<String> {
        said(&self.0.bundle, key)
    }

    /// A number as it is written in this language.
    pub fn number(&self, number: usize) -> String {
        self.0.formats.number(number)
    }

    /// Whether [`Language::of_the_host`] says anything at all.
    pub fn names_apps(&self) -> bool {
        self.0.names_apps
    }

    /// The day of that time in UTC, with the year if it is not the one of `now`.
    pub fn day(&self, at: OffsetDateTime, now: OffsetDateTime) -> Moment {
        self.0.formats.day(at, now)
    }

    /// The hour and minute of that time in UTC.
    pub fn time(&self, at: OffsetDateTime) -> Moment {
        self.0.formats.time(at)
    }

    /// The text of a phrase, in this language or in the one that stands in for it; `key.attribute` names an attribute.
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

/// What a bundle says under a key that names nothing.
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
    /// English, as we ship it.
    fn default() -> Self {
        BUILT_IN.first.clone()
    }
}

static BUILT_IN: LazyLock<Languages> = LazyLock::new(Languages::default);

/// All languages that pages can be in; there is at least one.
#[derive(Debug, Clone)]
pub struct Languages {
    first: Language,
    others: Vec<Language>,
}

impl Languages {
    /// The languages that we ship with the host's phrases over them, in the order of `wanted`, or all if that is empty.
    /// The first one is spoken to those who understand none.
    ///
    /// # Errors
    /// When a file cannot be read, has a phrase that no page says, or when a wanted language is not there.
    pub fn new(host: &[(String, String)], wanted: &[String]) -> Result<Self, BadPhrases> {
        files::languages(host, wanted)
    }

    fn of(first: Language, others: Vec<Language>) -> Self {
        Self { first, others }
    }

    /// The one that is spoken to those who understand none of them.
    pub fn first(&self) -> &Language {
        &self.first
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Language> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The language of that tag, or of its first part: `de-CH` finds `de`.
    pub fn find(&self, tag: &str) -> Option<&Language> {
        let wanted: LanguageIdentifier = tag.trim().parse().ok()?;
        let exact = self.iter().find(|language| language.0.tag == wanted);
        exact.or_else(|| self.iter().find(|language| language.0.tag.language == wanted.language))
    }

    /// The first of those that a browser asks for (RFC 9110 section 12.5.4) that we speak.
    pub fn accepted(&self, header: &str) -> Option<&Language> {
        let mut asked: Vec<(f32, &str)> = header.split(',').take(20).filter_map(weighed).collect();
        asked.sort_by(|one, other| other.0.total_cmp(&one.0));
        asked.into_iter().find_map(|(_, tag)| self.find(tag))
    }
}

impl Default for Languages {
    /// Those that we ship.
    fn default() -> Self {
        files::built_in()
    }
}

/// A language range with its weight; `None` for what is not wanted.
fn weighed(range: &str) -> Option<(f32, &str)> {
    let (tag, weight) = range.split_once(';').unwrap_or((range, ""));
    let weight = weight.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.trim().parse().ok())?;
    (weight > 0.0).then(|| (weight, tag.trim()))
}
