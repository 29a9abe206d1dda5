//! An app and its connected accounts.

use crate::i18n::{Moment, Phrase};

use super::{Frame, Name, Sentence};

/// An app on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct App {
    /// Display name.
    pub name: Name,
    /// URL of the square icon on our origin; without one, the first letter is shown.
    pub icon_url: Option<String>,
}

impl App {
    pub(crate) fn say(&self, frame: &Frame, key: &'static str) -> Phrase {
        frame.say(key).with("app", &self.name)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub name: Name,
    /// Account name that the app reported, such as *Workspace: Acme HQ*.
    pub label: Option<Sentence>,
    pub since: Option<Moment>,
    /// Whether the app or the provider refused it.
    pub needs_attention: bool,
    pub reconnect_url: Option<String>,
    pub disconnect_url: Option<String>,
}
