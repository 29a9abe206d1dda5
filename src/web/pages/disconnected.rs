//! What came of disconnecting an app.

use askama::Template;

use crate::i18n::Phrase;

use super::{App, Frame, Glyph, Remains};

/// *Slack is disconnected*, or not yet.
#[derive(Debug, Clone, Template)]
#[template(path = "disconnected.html", whitespace = "minimize")]
pub(crate) struct Disconnected {
    /// The frame; without a return URL the primary press once it is done is another app, or this one again.
    pub frame: Frame,
    pub app: App,
    /// Whether it is done.
    pub done: Done,
    pub remains: Remains,
    /// The provider's page on which access is taken back.
    pub revoke_url: Option<String>,
    pub again_url: String,
    pub app_url: String,
    /// The catalogue; `None` if there is no other app.
    pub choose_url: Option<String>,
}

/// Whether a wish to disconnect is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Gone,
    /// It is being tried further, with nothing for the user to do.
    NotYet,
}

impl Disconnected {
    fn heading(&self) -> Phrase {
        self.say(if self.is_gone() { "disconnected-heading" } else { "disconnecting-heading" })
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }

    fn is_gone(&self) -> bool {
        self.done == Done::Gone
    }

    fn glyph(&self) -> Glyph {
        if self.is_gone() { Glyph::Calm } else { Glyph::Clock }
    }
}
