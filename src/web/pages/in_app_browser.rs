//! The page that offers the user's own browser instead of an in-app browser.

use askama::Template;

use crate::i18n::Phrase;

use super::Frame;

#[derive(Debug, Clone, Template)]
#[template(path = "in_app_browser.html", whitespace = "minimize")]
pub(crate) struct InAppBrowser {
    pub frame: Frame,
    /// A start link: it connects apps for this user in any browser.
    pub link: String,
    /// The link as an Android intent; `None` on other systems, which have no such scheme.
    pub intent_url: Option<String>,
    pub back_url: String,
}

impl InAppBrowser {
    fn heading(&self) -> Phrase {
        self.frame.say("built-in-heading")
    }
}
