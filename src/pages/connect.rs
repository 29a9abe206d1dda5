//! One app: what it is for, for whom, and its form.

use askama::Template;

use super::{Account, Action, App, Field, Form, Frame, Glyph, Input, Name, Sentence};

mod sample;

/// The page on which an app is connected.
#[derive(Debug, Clone, Template)]
#[template(path = "connect.html", whitespace = "minimize")]
pub struct Connect {
    /// The frame.
    pub frame: Frame,
    /// The app.
    pub app: App,
    /// What pressing the button does.
    pub way: Way,
    /// The ways of signing in, if there are several.
    pub methods: Vec<Method>,
    /// What the host will be able to do, in its own sentences; empty if it says nothing.
    pub permissions: Vec<Sentence>,
    /// The name that the provider's own page asks the user to allow.
    pub consent_name: Option<Name>,
    /// The accounts of this app that are connected already.
    pub accounts: Vec<Account>,
    /// The account that is to be connected anew; the form carries its id as `replaces`.
    pub reconnects: Option<Name>,
    /// What the user fills in. A field with an error puts a summary on top of the page.
    pub fields: Vec<Field>,
    /// Posts with the hidden field `form_token`, fixed values, and `replaces` or `code` where they apply.
    pub form: Form,
    /// Whether this is the start page of a link for this one app: then it says so, and shows the way out.
    pub by_link: bool,
    /// The host's page about this app.
    pub docs_url: Option<String>,
    /// *Cancel*: the catalogue or the host; `None` if there is nowhere to go.
    pub cancel_url: Option<String>,
}

/// What pressing the button of [`Connect`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Sends the browser to the provider.
    SignIn,
    /// Stores a key.
    Key,
    /// Stores a name and a password.
    Details,
}

/// One way of signing in among several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// What people call it.
    pub label: Name,
    /// This page in that way.
    pub url: String,
    /// Whether it is the one shown.
    pub current: bool,
}

impl Connect {
    fn heading(&self) -> String {
        let (app, host) = (&self.app.name, &self.frame.host);
        match (&self.reconnects, self.accounts.is_empty()) {
            (Some(_), _) => format!("Connect {app} to {host} again"),
            (None, true) => format!("Connect {app} to {host}"),
            (None, false) => format!("Connect another {app} account to {host}"),
        }
    }

    /// The window's title says first that something is wrong: screen readers read it first.
    fn error_mark(&self) -> &'static str {
        if self.has_errors() { "Please check: " } else { "" }
    }

    fn has_errors(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }

    fn signs_in(&self) -> bool {
        self.way == Way::SignIn
    }

    fn button(&self) -> String {
        match self.way {
            Way::SignIn => format!("Continue to {}", self.app.name),
            Way::Key => "Save key".to_owned(),
            Way::Details => "Save sign-in".to_owned(),
        }
    }

    fn cancel(&self) -> Option<Action> {
        self.cancel_url.as_ref().map(|url| Action::new("Cancel", url))
    }
}
