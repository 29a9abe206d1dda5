//! What came of disconnecting an app.

use askama::Template;

use crate::i18n::Phrase;

use super::{App, Frame, Glyph, Remains, sample::Cast};

/// *Slack is disconnected*, or not yet.
#[derive(Debug, Clone, Template)]
#[template(path = "disconnected.html", whitespace = "minimize")]
pub struct Disconnected {
    /// The frame; without a return URL the primary press once it is done is another app, or this one again.
    pub frame: Frame,
    /// The app.
    pub app: App,
    /// Whether it is done.
    pub done: Done,
    /// What stays at the provider.
    pub remains: Remains,
    /// The provider's page on which access is taken back.
    pub revoke_url: Option<String>,
    /// This page once more.
    pub again_url: String,
    /// The app's own page.
    pub app_url: String,
    /// The catalogue; `None` if there is no other app.
    pub choose_url: Option<String>,
}

/// Whether a wish to disconnect is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The host cannot use it any more.
    Gone,
    /// It is being tried further, with nothing for the user to do.
    NotYet,
}

impl Disconnected {
    fn heading(&self) -> Phrase {
        self.say(if self.is_gone() { "disconnected-heading" } else { "disconnecting-heading" })
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }

    fn is_gone(&self) -> bool {
        self.done == Done::Gone
    }

    fn glyph(&self) -> Glyph {
        if self.is_gone() { Glyph::Calm } else { Glyph::Clock }
    }

    pub(crate) fn sample(cast: &Cast) -> Vec<(&'static str, Self)> {
        let gone = Self {
            frame: cast.frame(),
            app: cast.app(),
            done: Done::Gone,
            remains: Remains::App(Some(cast.consent_name.into())),
            revoke_url: Some("https://slack.com/apps/manage".to_owned()),
            again_url: "/connections/sample/disconnect".to_owned(),
            app_url: "/connectors/slack".to_owned(),
            choose_url: Some("/connectors".to_owned()),
        };
        let key = Self { app: cast.key_app(), remains: Remains::Key, revoke_url: None, ..gone.clone() };
        let no_return = Self { frame: cast.bare_frame(), remains: Remains::App(None), ..gone.clone() };
        let only = Self { choose_url: None, revoke_url: None, ..no_return.clone() };
        let not_yet = Self { done: Done::NotYet, ..gone.clone() };
        let not_yet_bare = Self { done: Done::NotYet, ..only.clone() };
        vec![
            ("", gone),
            ("key", key),
            ("no-return", no_return),
            ("only", only),
            ("not-yet", not_yet),
            ("not-yet-bare", not_yet_bare),
        ]
    }
}
