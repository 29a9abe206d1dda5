//! The page of a connected app, with its accounts.

use askama::Template;

use crate::i18n::Phrase;

use super::{Account, App, Frame, Glyph, Sentence};

#[derive(Debug, Clone, Template)]
#[template(path = "manage.html", whitespace = "minimize")]
pub(crate) struct Manage {
    pub frame: Frame,
    pub app: App,
    pub accounts: Vec<Account>,
    /// Texts of the host on its use of the app; may be empty.
    pub permissions: Vec<Sentence>,
    pub another_url: String,
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
