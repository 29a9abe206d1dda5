//! An app, and an account of it that is connected.

use crate::i18n::{Moment, Phrase};

use super::{Frame, Name, Sentence};

/// An app as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct App {
    /// Its name.
    pub name: Name,
    /// Its picture, served by us, square; without one its first letter is shown.
    pub icon_url: Option<String>,
}

impl App {
    /// A phrase of the page with the app's name in it.
    pub(crate) fn say(&self, frame: &Frame, key: &'static str) -> Phrase {
        frame.say(key).with("app", &self.name)
    }
}

/// An account at an app that the host can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// What it is called, such as *Jane's Slack*.
    pub name: Name,
    /// Whose account it is at the app, if it said so: *Workspace: Acme HQ*.
    pub label: Option<Sentence>,
    /// Since when it is connected, if that is known.
    pub since: Option<Moment>,
    /// Whether it was tried, and does not work.
    pub is_refused: bool,
    /// The page on which it is connected anew.
    pub reconnect_url: Option<String>,
    /// The page that asks whether to disconnect it.
    pub disconnect_url: Option<String>,
}
