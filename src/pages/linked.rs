//! The good end.

use askama::Template;

use super::{App, Frame, Glyph, Name, sample::Cast};

/// What was connected, and what next.
#[derive(Debug, Clone, Template)]
#[template(path = "linked.html", whitespace = "minimize")]
pub struct Linked {
    /// The frame; without a return URL the one primary press is *Connect another app*.
    pub frame: Frame,
    /// The app.
    pub app: App,
    /// How it was connected.
    pub how: How,
    /// What the account is called, if the list says so.
    pub account: Option<Name>,
    /// Whether the connection that was to be replaced is still listed beside the new one.
    pub earlier_kept: bool,
    /// The app's own page, for who chose the wrong account.
    pub app_url: String,
    /// The catalogue; `None` if there is no other app.
    pub choose_url: Option<String>,
}

/// How an app was connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The user allowed it at the provider.
    New,
    /// The provider renewed the connection that was there.
    Renewed,
    /// A key was stored; nobody tried it yet.
    KeySaved,
    /// A name and a password were stored; nobody tried them yet.
    DetailsSaved,
}

impl Linked {
    fn heading(&self) -> String {
        let app = &self.app.name;
        match self.how {
            How::New => format!("{app} is connected"),
            How::Renewed => format!("{app} is connected again"),
            How::KeySaved => format!("{app} key saved"),
            How::DetailsSaved => format!("{app} sign-in saved"),
        }
    }

    /// Whether nobody knows yet that it works.
    fn untried(&self) -> bool {
        matches!(self.how, How::KeySaved | How::DetailsSaved)
    }

    pub(super) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let new = Self {
            frame: cast.frame(),
            app: cast.app(),
            how: How::New,
            account: cast.accounts().into_iter().next().map(|account| account.name),
            earlier_kept: false,
            app_url: "/connectors/slack".to_owned(),
            choose_url: Some("/connectors".to_owned()),
        };
        let key = Self { app: cast.key_app(), how: How::KeySaved, account: None, ..new.clone() };
        vec![
            ("", new.clone()),
            ("no-return", Self { frame: cast.bare_frame(), ..new.clone() }),
            ("close", Self { frame: cast.bare_frame(), choose_url: None, ..new.clone() }),
            ("earlier-kept", Self { earlier_kept: true, ..new.clone() }),
            ("renewed", Self { how: How::Renewed, ..new }),
            ("details", Self { how: How::DetailsSaved, ..key.clone() }),
            ("key", key),
        ]
    }
}
