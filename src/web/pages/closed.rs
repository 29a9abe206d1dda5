//! The page of a window that the user closed and the browser did not: without a script, or where only the user may close
//! it.

use askama::Template;

use crate::i18n::Phrase;

use super::{Frame, Glyph};

#[derive(Debug, Clone, Template)]
#[template(path = "closed.html", whitespace = "minimize")]
pub(crate) struct Closed {
    pub frame: Frame,
    /// A frame is closed by the page around it, where the user goes on.
    pub is_framed: bool,
}

impl Closed {
    fn heading(&self) -> Phrase {
        self.frame.say(if self.is_framed { "frame-closed-heading" } else { "window-closed-heading" })
    }
}
