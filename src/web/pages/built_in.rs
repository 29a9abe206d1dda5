//! Leaving an in-app browser.

use askama::Template;

use crate::i18n::Phrase;

use super::Frame;

/// A link for the same user, to open in a browser of its own.
#[derive(Debug, Clone, Template)]
#[template(path = "built_in.html", whitespace = "minimize")]
pub(crate) struct BuiltIn {
    pub frame: Frame,
    /// A start link: it connects apps for this user in any browser.
    pub link: String,
    /// The same as Android opens it in the browser; `None` elsewhere, where no address does that.
    pub intent_url: Option<String>,
    pub back_url: String,
}

impl BuiltIn {
    fn heading(&self) -> Phrase {
        self.say("built-in-heading")
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.frame.say(key)
    }
}
