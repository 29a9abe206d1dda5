//! The page of a connected app, with its accounts.

use askama::Template;

use crate::i18n::Phrase;

use super::{Account, App, Frame, Glyph, Sentence, frame::strong};

#[derive(Debug, Clone, Template)]
#[template(path = "manage.html", whitespace = "minimize")]
pub(crate) struct Manage {
    pub frame: Frame,
    pub app: App,
    /// Those that need attention first.
    pub accounts: Vec<Account>,
    /// Texts of the host on its use of the app; may be empty.
    pub permissions: Vec<Sentence>,
    pub another_url: String,
    pub choose_url: Option<String>,
}

impl Manage {
    fn heading(&self) -> Phrase {
        self.say(if self.attention().is_some() { "manage-heading-attention" } else { "manage-heading" })
    }

    fn glyph(&self) -> Glyph {
        if self.attention().is_some() { Glyph::Attention } else { Glyph::Check }
    }

    /// The first account that needs attention, and the URL to connect it again.
    fn attention(&self) -> Option<(&Account, &String)> {
        let account = self.accounts.first().filter(|account| account.needs_attention)?;
        Some((account, account.reconnect_url.as_ref()?))
    }

    fn back_class(&self) -> &'static str {
        if self.attention().is_some() { "button" } else { "button primary" }
    }

    fn what(&self, account: &Account) -> Phrase {
        self.say("manage-attention").with("account", strong(&account.name))
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }
}
