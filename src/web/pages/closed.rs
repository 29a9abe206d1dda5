//! The page of a window that the user closed and the browser did not: without a script, or where only the user may close
//! it.

use askama::Template;

use crate::i18n::Phrase;

use super::{Frame, Glyph};

#[derive(Debug, Clone, Template)]
#[template(path = "closed.html", whitespace = "minimize")]
pub(crate) struct Closed {
    pub frame: Frame,
}

impl Closed {
    fn heading(&self) -> Phrase {
        self.frame.say("window-closed-heading")
    }
}
