//! The page that waits for a connection after the user returned.

use askama::Template;

use crate::i18n::Phrase;

use super::{App, Form, Frame, Glyph};

/// The waiting page, which after a while asks what the user saw. Its script polls `status_url` until the response is
/// not 204, then loads `again_url`. It backs off after 429, 5xx and network failures.
#[derive(Debug, Clone, Template)]
#[template(path = "checking.html", whitespace = "minimize")]
pub(crate) struct Checking {
    pub frame: Frame,
    pub app: App,
    pub phase: Phase,
    pub again_url: String,
    /// The URL of the long poll. `None` for a browser without a session, which has only *Check again*.
    pub status_url: Option<String>,
    /// A new try. `None` if the provider reported no error, or no other window is open.
    pub retry_url: Option<String>,
    /// Posts `answer`: `allowed`, `canceled`, `administrator` or `error`. Shown in [`Phase::Asking`].
    pub answer: Form,
    pub reference: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Waiting,
    Asking,
    /// In a frame: the user is in the window that it opened.
    OtherWindow,
}

impl Checking {
    fn heading(&self) -> Phrase {
        self.say(match (self.phase, &self.retry_url) {
            (Phase::Waiting, None) => "checking-heading",
            (Phase::Waiting, Some(_)) => "checking-heading-reported",
            (Phase::Asking, _) => "checking-heading-asking",
            (Phase::OtherWindow, _) => "checking-window-heading",
        })
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }

    fn glyph(&self) -> Glyph {
        // An animation only if the page polls.
        match (self.phase, &self.status_url, &self.retry_url) {
            (Phase::Waiting, _, Some(_)) => Glyph::Attention,
            (Phase::Waiting, Some(_), None) => Glyph::Turning,
            _ => Glyph::Clock,
        }
    }

    fn is_in_other_window(&self) -> bool {
        self.phase == Phase::OtherWindow
    }

    fn is_waiting(&self) -> bool {
        self.phase == Phase::Waiting
    }
}
