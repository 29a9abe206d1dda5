//! The start page: whom the link is for, and the apps as buttons of one form.

use askama::Template;

use crate::i18n::Phrase;

use super::{App, Form, Frame, Sentence};

const MANY: usize = 12;

/// The start page with several apps. With one app it is [`super::Connect`] with `by_link`.
#[derive(Debug, Clone, Template)]
#[template(path = "start.html", whitespace = "minimize")]
pub(crate) struct Start {
    pub frame: Frame,
    /// Posts `code` and `form_token`; the app's button adds `connector`.
    pub form: Form,
    pub apps: Vec<StartApp>,
    pub open_in_browser_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StartApp {
    pub id: String,
    pub app: App,
    pub line: Option<Sentence>,
}

impl Start {
    fn heading(&self) -> Phrase {
        self.frame.say("start-heading")
    }

    fn is_long(&self) -> bool {
        self.apps.len() > MANY
    }
}
