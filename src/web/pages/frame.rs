//! The frame of every page: host, user and language.
#![expect(missing_docs, reason = "public for benches only; most names say it")]

use crate::i18n::{Language, Moment, Phrase, Value};

use super::{Action, Form, Name, shown::Text};

/// The host's user for whom apps are linked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    pub name: Option<Name>,
    pub email: Option<Name>,
}

impl Person {
    pub(crate) fn called(&self) -> Option<&Name> {
        self.name.as_ref().or(self.email.as_ref())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    pub language: Language,
    /// Languages to choose from; may be empty.
    pub languages: Vec<LanguageChoice>,
    pub host: Name,
    /// The host's logo on our origin; without one, its first letter is shown.
    pub logo_url: Option<String>,
    /// Target of *Back to …*: a registered URL of the host.
    pub return_url: Option<String>,
    /// The user; `None` while unknown.
    pub person: Option<Person>,
    /// Stylesheet with the host's colour; `None` for the default.
    pub style_url: Option<String>,
    pub closing: Option<Closing>,
    /// `None` in a tab of the browser's own.
    pub window: Option<Window>,
}

/// The window of the host's page in which a page is shown. What would lead back to the host closes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Number of the page; `None` where the window is not that of the browser's session. Then nothing is reported.
    pub page: Option<i64>,
    /// Where the script reports that the page was left.
    pub left_url: String,
    /// Posts that the user closes it.
    pub close: Form,
    /// In a frame, the origins of the pages that may be around it.
    pub origins: Option<String>,
}

/// A link to the page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageChoice {
    pub tag: String,
    /// Name of the language in itself.
    pub name: String,
    pub url: String,
    pub current: bool,
}

/// The end of the session. The page's script warns before it; without scripts the page shows it from the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    pub at: Moment,
    /// Seconds until then by the server's clock, because the browser's may be wrong.
    pub seconds: i64,
    /// Posts for more time; `None` at the absolute end.
    pub extend: Option<Form>,
    /// Where the script goes at the end.
    pub over_url: String,
}

impl Closing {
    pub(crate) fn longer(&self, frame: &Frame) -> String {
        frame.say("time-longer").with("time", Value::Words("{t}".to_owned())).plain()
    }
}

impl Frame {
    /// *Back to …*; in a window *Close this window*, and in a frame *Close*.
    pub(crate) fn back(&self) -> Option<Action> {
        let close = if self.is_framed() { "frame-close" } else { "window-close" };
        self.back_as(self.say("back"), self.say(close))
    }

    pub(crate) fn is_framed(&self) -> bool {
        self.window.as_ref().is_some_and(|window| window.origins.is_some())
    }

    /// A link to a page of others, which no frame shows.
    pub(crate) fn external_link(&self, label: Phrase, url: &str) -> Action {
        Action { in_new_tab: self.is_framed(), ..Action::new(label, url) }
    }

    /// The same in other words.
    pub(crate) fn back_as(&self, back: Phrase, close: Phrase) -> Option<Action> {
        match self.window {
            Some(_) => Some(Action::close(close)),
            None => self.return_url.as_ref().map(|url| Action::new(back, url)),
        }
    }

    pub(crate) fn say(&self, key: &'static str) -> Phrase {
        self.language.say(key).with("host", &self.host)
    }

    pub(crate) fn while_typing(&self) -> (String, String) {
        let found = self.say("choose-found").with("n", Value::Words("{n}".to_owned()));
        let nothing = self.say("choose-nothing").with("query", Value::Words("{q}".to_owned()));
        (found.plain(), nothing.plain())
    }

    /// The user as the object of *for*: name and address, else *your … account*.
    pub(crate) fn who(&self, person: &Person) -> Phrase {
        match (&person.name, &person.email) {
            (Some(name), Some(email)) => self.say("who-name-and-email").with("name", strong(name)).with("email", email),
            (Some(name), None) | (None, Some(name)) => self.say("who-name").with("name", strong(name)),
            (None, None) => self.say("who-account"),
        }
    }

    pub(crate) fn style(&self) -> &str {
        self.style_url.as_deref().unwrap_or_else(|| crate::web::assets::asset_url("app.css"))
    }
}

pub(crate) fn strong<const MAX: usize>(name: &Text<MAX>) -> Value {
    Value::Strong(name.as_str().to_owned())
}
