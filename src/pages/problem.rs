//! What stops a user, in words that say what is safe and what to do.

use askama::Template;

use super::{Action, App, Frame, Glyph};

mod words;

/// A failure as the page shows it, and every end without a link ([`super::NotLinked`]).
#[derive(Debug, Clone, Template)]
#[template(path = "problem.html", whitespace = "minimize")]
pub struct Problem {
    /// The frame.
    pub frame: Frame,
    /// The app that it is about.
    pub app: Option<App>,
    /// How it looks at the first glance.
    pub glyph: Glyph,
    /// What happened, in a few words.
    pub heading: String,
    /// What happened, what is safe, what to do: a paragraph each.
    pub sentences: Vec<String>,
    /// A text for the user to send to somebody.
    pub message: Option<String>,
    /// The one thing to do; `None` only if there is no way on from here.
    pub primary: Option<Action>,
    /// Another way on.
    pub secondary: Option<Action>,
    /// The number to tell the host.
    pub reference: Option<String>,
}

impl Problem {
    /// A problem in the host's frame; the way on is added by [`Problem::primary`] and [`Problem::or_back`].
    pub fn new(frame: &Frame, glyph: Glyph, heading: impl Into<String>, sentences: &[&str]) -> Self {
        Self {
            frame: frame.clone(),
            app: None,
            glyph,
            heading: heading.into(),
            sentences: sentences.iter().map(|&sentence| sentence.to_owned()).collect(),
            message: None,
            primary: None,
            secondary: None,
            reference: None,
        }
    }

    /// Adds the one thing to do, if there is somewhere to go.
    #[must_use]
    pub fn primary(mut self, label: &str, url: Option<&str>) -> Self {
        self.primary = url.map(|url| Action::new(label, url));
        self
    }

    /// Adds the way back to the host: as the other way on, or as the only one.
    #[must_use]
    pub fn or_back(mut self) -> Self {
        let back = self.frame.return_url.as_ref().map(|url| Action::back(&self.frame.host, url));
        if self.primary.is_none() {
            self.primary = back;
        } else {
            self.secondary = back;
        }
        self
    }

    /// Adds the number to tell the host.
    #[must_use]
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    fn heading(&self) -> &str {
        &self.heading
    }
}
