//! The user is back, and the connection is not listed yet.

use askama::Template;

use crate::i18n::Phrase;

use super::{App, Form, Frame, Glyph};

/// Looking, and after a while asking what the user saw.
///
/// The page's script asks `status_url`, again and again, until the answer is no longer 204 (nothing new), and then
/// loads `again_url`. It waits longer and longer after 429, 5xx and failures of the network.
#[derive(Debug, Clone, Template)]
#[template(path = "checking.html", whitespace = "minimize")]
pub(crate) struct Checking {
    pub frame: Frame,
    pub app: App,
    pub phase: Phase,
    pub again_url: String,
    /// Where the script learns that there is something new; held open by the server. `None` for a browser without a
    /// session, which asks by *Check again*.
    pub status_url: Option<String>,
    /// Takes `answer`: `allowed`, `canceled`, `administrator` or `error`. Shown when [`Phase::Asking`].
    pub answer: Form,
    pub reference: String,
}

/// How long a user has been waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Waiting,
    Asking,
}

impl Checking {
    fn heading(&self) -> Phrase {
        self.say(if self.is_waiting() { "checking-heading" } else { "checking-heading-asking" })
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }

    fn glyph(&self) -> Glyph {
        // Only a page that asks by itself looks as if it did.
        if self.is_waiting() && self.status_url.is_some() { Glyph::Turning } else { Glyph::Clock }
    }

    fn is_waiting(&self) -> bool {
        self.phase == Phase::Waiting
    }
}
