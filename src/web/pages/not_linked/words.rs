//! The texts and the actions of each end.

use super::{Cause, NotLinked};
use crate::{
    i18n::{Phrase, Value},
    web::pages::{Action, Glyph, Problem},
};

impl NotLinked {
    /// The page without the return to the host.
    pub(super) fn without_back(&self) -> Problem {
        use Glyph::{Attention, Calm, Clock, Cross};
        const NOT_LINKED: &str = "not-linked-heading";
        const NOT_USED: &str = "nobody-came-next";
        const UNCONFIRMED: &str = "not-linked-unconfirmed";
        match self.cause {
            Cause::Canceled => self.again(Calm, NOT_LINKED, &["canceled-what"]),
            Cause::Denied => self.again(Calm, NOT_LINKED, &["denied-what"]),
            Cause::Administrator => self.administrator(),
            Cause::NotConfirmed => {
                self.again(Attention, UNCONFIRMED, &["not-confirmed-what", "not-confirmed-next", "tell-the-host"])
            }
            Cause::ErrorReported => {
                self.again(Attention, UNCONFIRMED, &["error-reported-what", "not-confirmed-next", "tell-the-host"])
            }
            Cause::OtherBrowser | Cause::NotKept => {
                let kept = self.cause == Cause::NotKept;
                let heading = if kept { "not-kept-heading" } else { "other-browser-heading" };
                let page = self.say_all(Attention, heading, &["other-browser-what", "other-browser-warning"]);
                let revoke =
                    self.revoke_url.as_ref().map(|url| self.frame.external_link(self.say("not-linked-remove"), url));
                Problem { secondary: revoke, ..page }
            }
            Cause::FinishedElsewhere => {
                self.again(Attention, NOT_LINKED, &["finished-elsewhere-what", "finished-elsewhere-next"])
            }
            Cause::OtherUser => self.again(Attention, NOT_LINKED, &["other-user-what"]),
            Cause::WithoutReturn => self.again(Attention, UNCONFIRMED, &["nobody-came-what", NOT_USED]),
            Cause::AllowedLater => self.again(Attention, NOT_LINKED, &["allowed-later-what", NOT_USED]),
            Cause::AllowedAndDeleted => {
                self.again(Attention, "not-kept-heading", &["allowed-later-what", "allowed-later-deleted"])
            }
            Cause::Expired => self.again(Clock, NOT_LINKED, &["expired-what"]),
            Cause::Refused => {
                self.again(Cross, NOT_LINKED, &["refused-by-app-what", "refused-by-app-next", "tell-the-host"])
            }
            Cause::ServiceDown => self.again(Clock, "service-down-heading", &["service-down-what"]),
            Cause::UnsafeLink => {
                self.again(Attention, "unsafe-heading", &["unsafe-what", "unsafe-next", "tell-the-host"])
            }
            Cause::NotConfigured => {
                let page = self.say_all(Clock, "not-set-up-heading", &["not-set-up-what"]);
                let choose = self.choose_url.as_ref().map(|url| Action::new(self.say("choose-another-app"), url));
                Problem { primary: choose, ..page }
            }
            Cause::Superseded => {
                let page = self.say_all(Calm, "superseded-heading", &["superseded-what"]);
                let go_on = Action::new(self.say("superseded-go-on"), &self.again_url);
                Problem { primary: Some(go_on), ..page }
            }
        }
    }

    fn say(&self, key: &'static str) -> Phrase {
        self.app.say(&self.frame, key)
    }

    fn say_all(&self, glyph: Glyph, heading: &'static str, sentences: &[&'static str]) -> Problem {
        Problem {
            frame: self.frame.clone(),
            app: Some(self.app.clone()),
            glyph,
            heading: self.say(heading),
            sentences: sentences.iter().map(|sentence| self.say(sentence)).collect(),
            message: None,
            primary: None,
            secondary: None,
            reference: Some(self.reference.clone()),
        }
    }

    fn again(&self, glyph: Glyph, heading: &'static str, sentences: &[&'static str]) -> Problem {
        let again = Action::new(self.say("try-again"), &self.again_url);
        Problem { primary: Some(again), ..self.say_all(glyph, heading, sentences) }
    }

    fn administrator(&self) -> Problem {
        let message = match &self.consent_name {
            Some(name) => {
                self.say("administrator-message-named").with("consent", Value::Words(name.as_str().to_owned()))
            }
            None => self.say("administrator-message"),
        };
        let again = Action::new(self.say("administrator-again"), &self.again_url);
        let page = self.say_all(Glyph::Clock, "administrator-heading", &["administrator-next"]);
        Problem { message: Some(message), secondary: Some(again), ..page }
    }
}
