//! The frame of every page: host, user and language.

use crate::i18n::{Language, Moment, Phrase, Value};

use super::{Action, Form, Name};

/// The host's user for whom apps are linked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Name, if the host gave one.
    pub name: Option<Name>,
    /// E-mail address, if the host gave one.
    pub email: Option<Name>,
}

impl Person {
    pub(crate) fn called(&self) -> Option<&Name> {
        self.name.as_ref().or(self.email.as_ref())
    }
}

/// The frame of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// Language of the page.
    pub language: Language,
    /// Languages to choose from; may be empty.
    pub languages: Vec<LanguageChoice>,
    /// Name of the host.
    pub host: Name,
    /// The host's logo on our origin; without one, its first letter is shown.
    pub logo_url: Option<String>,
    /// Target of *Back to …*: a registered URL of the host.
    pub return_url: Option<String>,
    /// The user; `None` while unknown.
    pub person: Option<Person>,
    /// Stylesheet with the host's colour; `None` for the default.
    pub style_url: Option<String>,
    /// End of the session.
    pub closing: Option<Closing>,
}

/// A link to the page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageChoice {
    /// Language tag.
    pub tag: String,
    /// Name of the language in itself.
    pub name: String,
    /// URL of the page in that language.
    pub url: String,
    /// Whether it is the page's language.
    pub current: bool,
}

/// The end of the session. The page's script warns before it; without scripts the page shows it from the beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Time of the end.
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
    pub(crate) fn back(&self) -> Option<Action> {
        self.return_url.as_ref().map(|url| Action::new(self.say("back"), url))
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

pub(crate) fn strong(name: &Name) -> Value {
    Value::Strong(name.as_str().to_owned())
}
