//! The question before an app is disconnected.

use askama::Template;

use crate::i18n::Phrase;

use super::{App, Form, Frame, Glyph, Name, frame::strong};

/// *Disconnect Slack?*: nothing changes before the press.
#[derive(Debug, Clone, Template)]
#[template(path = "disconnect.html", whitespace = "minimize")]
pub(crate) struct Disconnect {
    /// The frame.
    pub frame: Frame,
    /// The app.
    pub app: App,
    /// The account that is to go.
    pub account: Name,
    /// What stays at the provider.
    pub remains: Remains,
    /// Does it.
    pub form: Form,
    /// The app's own page.
    pub keep_url: String,
}

/// What stays at the provider when an app is disconnected here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Remains {
    /// The app that the user allowed there, by its name if that is known.
    App(Option<Name>),
    /// The key that they saved here.
    Key,
}

impl Remains {
    /// The same in a sentence.
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
