//! The page of one app, with its form.

use std::num::NonZeroU32;

use askama::Template;

use crate::i18n::Phrase;

use super::{Account, Action, App, Field, Form, Frame, Glyph, Input, Name, Sentence, frame::strong};

#[derive(Debug, Clone, Template)]
#[template(path = "connect.html", whitespace = "minimize")]
pub(crate) struct Connect {
    pub frame: Frame,
    pub app: App,
    pub way: Way,
    pub methods: Vec<Method>,
    /// Texts of the host on its use of the app; may be empty.
    pub permissions: Vec<Sentence>,
    pub consent_name: Option<Name>,
    pub accounts: Vec<Account>,
    /// The account to reconnect; the form posts its id as `replaces`.
    pub reconnects: Option<Name>,
    /// The host asks its user to reconnect an account. Before the session its name is unknown.
    pub host_asks: bool,
    /// Maximum number of accounts, if it is reached and nothing was saved.
    pub full: Option<NonZeroU32>,
    pub fields: Vec<Field>,
    /// Posts the hidden field `form_token`, fixed values, and `replaces` or `code` where they apply.
    pub form: Form,
    pub by_link: bool,
    pub docs_url: Option<String>,
    pub cancel_url: Option<String>,
    /// In a window, where *Cancel* closes it.
    pub choose_url: Option<String>,
    pub open_in_browser: Option<OpenInBrowser>,
    /// In a frame, where the script asks which attempt began in the window that the form opened. `None` if the form
    /// stays in the frame.
    pub opened_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OpenInBrowser {
    Link(String),
    Post(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    SignIn,
    Key,
    Details,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Method {
    pub label: Phrase,
    pub url: String,
    pub current: bool,
}

impl Connect {
    fn heading(&self) -> Phrase {
        let again = self.host_asks || self.reconnects.is_some();
        self.say(match (again, self.accounts.is_empty()) {
            (true, _) => "connect-heading-again",
            (false, true) => "connect-heading",
            (false, false) => "connect-heading-another",
        })
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }

    fn renews(&self, account: &Name) -> Phrase {
        let key = if self.host_asks { "connect-needs-again" } else { "connect-renews" };
        self.say(key).with("account", strong(account))
    }

    fn next(&self) -> Phrase {
        match &self.consent_name {
            Some(name) if *name == self.frame.host => self.say("connect-next-own").with("consent", strong(name)),
            Some(name) => self.say("connect-next-named").with("consent", strong(name)),
            None => self.say("connect-next"),
        }
    }

    /// Prefix of the window's title after an error, because screen readers read it first.
    fn error_mark(&self) -> String {
        if self.has_errors() { format!("{} ", self.say("title-mistake").plain()) } else { String::new() }
    }

    fn has_errors(&self) -> bool {
        self.full.is_some() || self.has_mistakes()
    }

    fn has_mistakes(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }

    fn no_more(&self, most: &NonZeroU32) -> Phrase {
        self.say("connect-full-what").with("count", usize::try_from(most.get()).unwrap_or(usize::MAX))
    }

    fn signs_in(&self) -> bool {
        self.way == Way::SignIn
    }

    fn button(&self) -> Phrase {
        self.say(match self.way {
            Way::SignIn => "connect-continue",
            Way::Key => "connect-save-key",
            Way::Details => "connect-save-sign-in",
        })
    }

    /// What the pressed button says until the next page arrives.
    fn waiting(&self) -> Phrase {
        self.say(match self.way {
            Way::SignIn => "connect-opening",
            Way::Key => "connect-checking-key",
            Way::Details => "connect-checking-sign-in",
        })
    }

    fn safe(&self) -> Phrase {
        self.say(match self.way {
            Way::SignIn => "connect-safe-sign-in",
            Way::Key => "connect-safe-key",
            Way::Details => "connect-safe-details",
        })
    }

    fn cancel(&self) -> Option<Action> {
        match self.frame.window {
            Some(_) => Some(Action::close(self.say("cancel"))),
            None => self.cancel_url.as_ref().map(|url| Action::new(self.say("cancel"), url)),
        }
    }
}
