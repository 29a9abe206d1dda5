//! An app that is connected already: its accounts.

use askama::Template;

use crate::i18n::Phrase;

use super::{Account, App, Frame, Glyph, Sentence, sample::Cast};

/// The page of a connected app.
#[derive(Debug, Clone, Template)]
#[template(path = "manage.html", whitespace = "minimize")]
pub struct Manage {
    /// The frame.
    pub frame: Frame,
    /// The app.
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

    pub(crate) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let one = Self {
            frame: cast.frame(),
            app: cast.app(),
            accounts: cast.accounts().into_iter().take(1).collect(),
            permissions: cast.permissions(),
            another_url: "/connectors/slack?another=1".to_owned(),
            choose_url: Some("/connectors".to_owned()),
        };
        let two = Self {
            frame: cast.bare_frame(),
            permissions: Vec::new(),
            accounts: cast.accounts(),
            choose_url: None,
            ..one.clone()
        };
        let refused = cast.accounts().into_iter().map(|account| Account { is_refused: true, ..account });
        let refused = Self { accounts: refused.take(1).collect(), ..one.clone() };
        vec![("", one), ("two", two), ("refused", refused)]
    }
}
