//! Arrival by link: whom this is for, and the apps as buttons of one form.

use askama::Template;

use crate::i18n::Phrase;

use super::{App, Form, Frame, Sentence};

/// More apps than this are worth searching.
const MANY: usize = 12;

/// The start page with several apps. With one app it is [`super::Connect`] with `by_link`.
#[derive(Debug, Clone, Template)]
#[template(path = "start.html", whitespace = "minimize")]
pub(crate) struct Start {
    /// The frame; its person is the one for whom the link was made.
    pub frame: Frame,
    /// Posts to the start step, with the hidden fields `code` and `form_token`; the pressed app adds `connector`.
    pub form: Form,
    pub apps: Vec<StartApp>,
    /// Where *Open in your browser* leads, for a browser that is built into another app.
    pub built_in_url: Option<String>,
}

/// An app on the start page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StartApp {
    /// What its button posts as `connector`.
    pub id: String,
    pub app: App,
    pub line: Option<Sentence>,
}

impl Start {
    fn heading(&self) -> Phrase {
        self.say("start-heading")
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.frame.say(key)
    }

    /// Whether there are too many apps to find one at a glance.
    fn is_long(&self) -> bool {
        self.apps.len() > MANY
    }
}
