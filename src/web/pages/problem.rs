//! The page of a problem: what happened, what is safe, and what to do.

use askama::Template;

use crate::i18n::Phrase;

use super::{Action, App, Frame, Glyph};

mod words;

#[derive(Debug, Clone, Template)]
#[template(path = "problem.html", whitespace = "minimize")]
pub(crate) struct Problem {
    pub frame: Frame,
    pub app: Option<App>,
    pub glyph: Glyph,
    pub heading: Phrase,
    pub sentences: Vec<Phrase>,
    pub message: Option<Phrase>,
    pub primary: Option<Action>,
    pub secondary: Option<Action>,
    pub reference: Option<String>,
}

impl Problem {
    /// A problem by the keys of its phrases. [`Problem::primary`] and [`Problem::or_back`] add the actions.
    pub(crate) fn new(frame: &Frame, glyph: Glyph, heading: &'static str, sentences: &[&'static str]) -> Self {
        Self {
            frame: frame.clone(),
            app: None,
            glyph,
            heading: frame.say(heading),
            sentences: sentences.iter().map(|sentence| frame.say(sentence)).collect(),
            message: None,
            primary: None,
            secondary: None,
            reference: None,
        }
    }

    #[must_use]
    pub(crate) fn primary(mut self, label: &'static str, url: Option<&str>) -> Self {
        self.primary = url.map(|url| Action::new(self.frame.say(label), url));
        self
    }

    /// Adds the return to the host as the secondary action, or as the only one.
    #[must_use]
    pub(crate) fn or_back(mut self) -> Self {
        let back = self.frame.back();
        if self.primary.is_none() {
            self.primary = back;
        } else {
            self.secondary = back;
        }
        self
    }

    #[must_use]
    pub(crate) fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    fn heading(&self) -> &Phrase {
        &self.heading
    }
}
