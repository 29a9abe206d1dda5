//! An app that is connected already: its accounts.

use askama::Template;

use crate::i18n::Phrase;

use super::{Account, App, Frame, Glyph, Sentence};

/// The page of a connected app.
#[derive(Debug, Clone, Template)]
#[template(path = "manage.html", whitespace = "minimize")]
pub(crate) struct Manage {
    pub frame: Frame,
    pub app: App,
    /// Its accounts that the host can use; at least one.
    pub accounts: Vec<Account>,
    /// What the host can do, in its own sentences; empty if it says nothing.
    pub permissions: Vec<Sentence>,
    /// The page on which another account of this app is connected.
    pub another_url: String,
    /// The catalogue; `None` if this is the only app.
    pub choose_url: Option<String>,
}

impl Manage {
    fn heading(&self) -> Phrase {
        self.say("manage-heading")
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }
}
