//! What every page has around it: the host, whom this is for, and in which language it speaks.

use crate::i18n::{Language, Moment, Phrase, Value};

use super::{Form, Name};

/// The person at the host for whom apps are linked; the host may have told neither name nor address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Their name.
    pub name: Option<Name>,
    /// Their e-mail address.
    pub email: Option<Name>,
}

impl Person {
    /// One word for them: the name, else the address; `None` if the host told neither.
    pub(crate) fn called(&self) -> Option<&Name> {
        self.name.as_ref().or(self.email.as_ref())
    }
}

/// The frame of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// The language of the page.
    pub language: Language,
    /// The languages to choose from; empty if there is nothing to choose.
    pub languages: Vec<LanguageChoice>,
    /// What the host calls itself.
    pub host: Name,
    /// The host's logo, served by us; without one its first letter is shown.
    pub logo_url: Option<String>,
    /// Where *Back to …* leads: a registered address of the host.
    pub return_url: Option<String>,
    /// Whom this is for; `None` as long as it is not known, and then the header does not say.
    pub person: Option<Person>,
    /// The stylesheet with the host's colour in it; `None` for our own.
    pub style_url: Option<String>,
    /// When the time on this page ends.
    pub closing: Option<Closing>,
}

/// This page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageChoice {
    /// Its tag.
    pub tag: String,
    /// What it calls itself.
    pub name: String,
    /// The page in it.
    pub url: String,
    /// Whether it is the one shown.
    pub current: bool,
}

/// The end of the time on a page. The page's script warns before it; without script the page says it from the
/// beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: Moment,
    /// In how many seconds, by our clock: the browser's may be wrong.
    pub seconds: i64,
    /// Posts for more time; `None` if there is no more.
    pub extend: Option<Form>,
    /// Where the script goes when it is over.
    pub over_url: String,
}

impl Closing {
    /// What the script says once there is more time; the time is its own.
    pub(crate) fn longer(&self, frame: &Frame) -> String {
        frame.say("time-longer").with("time", Value::Words("{t}".to_owned())).plain()
    }
}

impl Frame {
    /// A phrase in the page's language, with the host's name in it.
    pub(crate) fn say(&self, key: &'static str) -> Phrase {
        self.language.say(key).with("host", &self.host)
    }

    /// The script's texts for a search; it fills in number and query.
    pub(crate) fn while_typing(&self) -> (String, String) {
        let found = self.say("choose-found").with("n", Value::Words("{n}".to_owned()));
        let nothing = self.say("choose-nothing").with("query", Value::Words("{q}".to_owned()));
        (found.plain(), nothing.plain())
    }

    /// That person, as the object of *for*: name and address, else *your … account*.
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

/// A name that is set off.
pub(crate) fn strong(name: &Name) -> Value {
    Value::Strong(name.as_str().to_owned())
}
