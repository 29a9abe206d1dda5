//! The outcome of a disconnection.

use askama::Template;

use crate::i18n::Phrase;

use super::{Action, App, Frame, Glyph, Remains};

#[derive(Debug, Clone, Template)]
#[template(path = "disconnected.html", whitespace = "minimize")]
pub(crate) struct Disconnected {
    /// Without a return URL the primary action is to connect another app, or this one again.
    pub frame: Frame,
    pub app: App,
    pub done: Done,
    pub remains: Remains,
    pub revoke_url: Option<String>,
    pub again_url: String,
    pub app_url: String,
    pub choose_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Gone,
    NotYet,
}

impl Disconnected {
    fn heading(&self) -> Phrase {
        self.say(if self.is_gone() { "disconnected-heading" } else { "disconnecting-heading" })
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }

    fn revoke(&self, label: &'static str) -> Option<Action> {
        self.revoke_url.as_ref().map(|url| self.frame.external_link(self.say(label), url))
    }

    fn is_gone(&self) -> bool {
        self.done == Done::Gone
    }

    fn glyph(&self) -> Glyph {
        if self.is_gone() { Glyph::Calm } else { Glyph::Clock }
    }
}
