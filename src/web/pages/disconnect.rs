//! The confirmation page before an app is disconnected.

use askama::Template;

use crate::i18n::Phrase;

use super::{App, Form, Frame, Glyph, Name, frame::strong};

#[derive(Debug, Clone, Template)]
#[template(path = "disconnect.html", whitespace = "minimize")]
pub(crate) struct Disconnect {
    pub frame: Frame,
    pub app: App,
    pub account: Name,
    pub remains: Remains,
    pub form: Form,
    pub keep_url: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Remains {
    /// The app that the user allowed there, by its name if known.
    App(Option<Name>),
    Key,
}

impl Remains {
    pub(crate) fn sentence(&self, frame: &Frame, app: &App) -> Phrase {
        match self {
            Self::App(Some(name)) => app.say(frame, "disconnect-listed-named").with("consent", name),
            Self::App(None) => app.say(frame, "disconnect-listed"),
            Self::Key => app.say(frame, "disconnect-key-remains"),
        }
    }
}

impl Disconnect {
    fn heading(&self) -> Phrase {
        self.say("disconnect-heading")
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }

    fn what(&self) -> Phrase {
        self.say("disconnect-what").with("account", strong(&self.account))
    }
}
