//! The page of a linked attempt.

use askama::Template;

use crate::i18n::Phrase;

use super::{Action, App, Form, Frame, Glyph, Name, Sentence, frame::strong};

#[derive(Debug, Clone, Template)]
#[template(path = "linked.html", whitespace = "minimize")]
pub(crate) struct Linked {
    /// Without a return URL the primary action is *Connect another app*.
    pub frame: Frame,
    pub app: App,
    pub how: How,
    pub saved: Option<Saved>,
    pub tried: Tried,
    pub account: Option<Name>,
    /// The replaced connection and the form that deletes it; `None` if it no longer exists.
    pub earlier: Option<(Name, Form)>,
    /// The account of the replaced or renewed connection and the new one, if both are known and differ.
    pub accounts: Option<(Sentence, Sentence)>,
    pub app_url: String,
    pub again_url: String,
    pub choose_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    New,
    Renewed,
    /// Another account was requested, and the provider renewed one that was connected.
    Same,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saved {
    Key,
    Details,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tried {
    No,
    /// The credential works; with the account that the app reported, such as *Workspace: Acme HQ*.
    Works(Option<Sentence>),
    Refused,
}

impl Linked {
    fn heading(&self) -> Phrase {
        self.say(match (&self.tried, self.saved, self.how) {
            (Tried::Refused, Some(Saved::Key), _) => "refused-heading-key",
            (Tried::Refused, Some(Saved::Details), _) => "refused-heading-details",
            (Tried::Refused, None, _) => "refused-heading",
            (Tried::No, Some(Saved::Key), _) => "linked-heading-key",
            (Tried::No, Some(Saved::Details), _) => "linked-heading-details",
            (_, _, How::Renewed) => "linked-heading-again",
            (_, _, How::New | How::Same) => "linked-heading",
        })
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }

    fn glyph(&self) -> Glyph {
        if self.is_refused() {
            Glyph::Attention
        } else if self.is_untried() {
            Glyph::Clock
        } else {
            Glyph::Check
        }
    }

    fn is_refused(&self) -> bool {
        self.tried == Tried::Refused
    }

    fn is_untried(&self) -> bool {
        self.saved.is_some() && self.tried == Tried::No
    }

    fn what(&self) -> Phrase {
        match &self.account {
            _ if self.is_refused() => self.say("refused-what"),
            _ if self.is_untried() => self.say("linked-untried"),
            Some(account) => self.say("linked-can-use").with("account", strong(account)),
            None => self.say("linked-can-use-app"),
        }
    }

    /// Compares the account with the one before, where the earlier connection is gone or is this one.
    fn compared(&self) -> Option<Phrase> {
        match (&self.accounts, &self.earlier) {
            (Some(accounts), None) => Some(self.say_both("linked-renewed-other-account", accounts)),
            (None, _) if self.how == How::Same => Some(self.say("linked-same-account")),
            _ => None,
        }
    }

    fn say_both(&self, key: &'static str, (before, now): &(Sentence, Sentence)) -> Phrase {
        self.say(key).with("account", strong(now)).with("earlier", strong(before))
    }

    fn about_earlier(&self) -> Option<Phrase> {
        let (name, _) = self.earlier.as_ref()?;
        Some(match &self.accounts {
            Some(accounts) => self.say_both("linked-other-account", accounts),
            None => self.say("linked-earlier").with("account", name),
        })
    }

    /// Then neither is preferred: both buttons look the same, and one keeps both.
    fn is_other_account(&self) -> bool {
        self.accounts.is_some()
    }

    fn keep(&self) -> Action {
        let label = || self.say("linked-keep-both");
        self.frame.back_as(label(), label()).unwrap_or_else(|| Action::new(label(), &self.app_url))
    }

    /// A window closes by itself unless the page asks something or says more than that it is connected.
    fn closes_by_itself(&self) -> bool {
        let says_more = self.earlier.is_some() || self.compared().is_some() || self.is_refused();
        self.frame.window.is_some() && !says_more
    }

    fn next(&self) -> Phrase {
        self.say(if self.saved.is_some() { "refused-next-key" } else { "refused-next" })
    }

    fn identity(&self) -> Option<&Sentence> {
        match &self.tried {
            Tried::Works(identity) => identity.as_ref(),
            Tried::No | Tried::Refused => None,
        }
    }

    fn doubt(&self) -> Phrase {
        self.say(if self.is_untried() { "linked-something-wrong" } else { "linked-not-right" })
    }
}
