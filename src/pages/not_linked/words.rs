//! The words of each end, and the press that fits it.

use super::{Cause, NotLinked};
use crate::pages::{Action, Glyph};

/// What a page says; the way back to the host fills the place that is left free.
pub(super) struct Words {
    pub(super) glyph: Glyph,
    pub(super) heading: String,
    pub(super) sentences: Vec<String>,
    pub(super) message: Option<String>,
    pub(super) primary: Option<Action>,
    pub(super) secondary: Option<Action>,
}

impl Words {
    fn new<const N: usize>(glyph: Glyph, heading: String, sentences: [String; N]) -> Self {
        Self { glyph, heading, sentences: sentences.into(), message: None, primary: None, secondary: None }
    }

    fn primary(self, primary: Action) -> Self {
        Self { primary: Some(primary), ..self }
    }

    fn secondary(self, secondary: Option<Action>) -> Self {
        Self { secondary, ..self }
    }
}

impl NotLinked {
    pub(super) fn words(&self) -> Words {
        let (app, host) = (&self.app.name, &self.frame.host);
        let again = || Action::new("Try again", &self.again_url);
        let choose = || self.choose_url.as_ref().map(|url| Action::new("Choose another app", url));
        let revoke = || self.revoke_url.as_ref().map(|url| Action::new(format!("Remove access at {app}"), url));
        let not_connected = || format!("{app} is not connected");
        let not_confirmed = || format!("{app} could not be confirmed");
        let tell = || format!("If it happens again, tell {host} the reference below.");
        match self.cause {
            Cause::Canceled => {
                let what = format!("You cancelled at {app}. Nothing was changed.");
                Words::new(Glyph::Calm, not_connected(), [what]).primary(again())
            }
            Cause::Denied => {
                let what = format!("You cancelled at {app}, or {app} did not allow it. Nothing was changed.");
                Words::new(Glyph::Calm, not_connected(), [what]).primary(again())
            }
            Cause::Administrator => self.administrator(),
            Cause::NotConfirmed => {
                let what = format!("You came back from {app}, but the connection did not appear here.");
                let next = format!("Try again. {}", tell());
                Words::new(Glyph::Attention, not_confirmed(), [what, next]).primary(again())
            }
            Cause::OtherBrowser | Cause::NotKept => {
                let what = "It was started in another browser. If that was you, go back there and connect again.";
                let warn = "If someone sent you the link, do not use it.";
                let kept = if self.cause == Cause::NotKept { "was not kept" } else { "could not be confirmed" };
                let heading = format!("This connection {kept}");
                Words::new(Glyph::Attention, heading, [what.to_owned(), warn.to_owned()]).secondary(revoke())
            }
            Cause::FinishedElsewhere => {
                let what = "It was finished in another browser, so we could not accept it.".to_owned();
                let next = "To connect, start here and stay in this browser until the end.".to_owned();
                Words::new(Glyph::Attention, not_connected(), [what, next]).primary(again())
            }
            Cause::OtherUser => {
                let what = format!("{host} could not confirm that it was you who finished it.");
                Words::new(Glyph::Attention, not_connected(), [what]).primary(again())
            }
            Cause::NobodyCame => {
                let what = format!("We did not see you come back from {app}, so we cannot tell who finished it.");
                let next = format!("{host} does not use it. To connect, start again.");
                Words::new(Glyph::Attention, not_confirmed(), [what, next]).primary(again())
            }
            Cause::Expired => {
                let what =
                    format!("You did not come back from {app} in time. For your safety, each try ends after a while.");
                Words::new(Glyph::Clock, not_connected(), [what]).primary(again())
            }
            Cause::Refused => {
                let what = "The connection was refused. Nothing was changed.".to_owned();
                let next = format!("If you entered something, check it. Then try again. {}", tell());
                Words::new(Glyph::Cross, not_connected(), [what, next]).primary(again())
            }
            Cause::ServiceDown => {
                let heading = format!("The connection service of {host} does not answer right now");
                let what = format!("{app} is not connected yet. Nothing was changed. Try again in a minute or two.");
                Words::new(Glyph::Clock, heading, [what]).primary(again())
            }
            Cause::UnsafeLink => {
                let heading = format!("We could not open {app} safely");
                let what = format!("The address of {app}’s sign-in page was not one that we trust, so we stayed here.");
                let next = format!("Nothing was changed. {}", tell());
                Words::new(Glyph::Attention, heading, [what, next]).primary(again())
            }
            Cause::NotConfigured => {
                let what = format!("{host} has to finish setting up {app}. You do not have to do anything.");
                let words = Words::new(Glyph::Clock, "This app is not set up yet".to_owned(), [what]);
                Words { primary: choose(), ..words }
            }
            Cause::Superseded => {
                let what = format!("You started to connect {app} again with other answers. Only the newer try counts.");
                let heading = "A newer try took the place of this one".to_owned();
                Words::new(Glyph::Calm, heading, [what])
                    .primary(Action::new(format!("Go on with {app}"), &self.again_url))
            }
        }
    }

    fn administrator(&self) -> Words {
        let (app, host) = (&self.app.name, &self.frame.host);
        let heading = format!("Your {app} administrator needs to approve this");
        let next = "Once they have, come back and connect again.".to_owned();
        let message = match &self.consent_name {
            Some(name) => {
                format!("Please approve the app {name} in our {app}, so that I can use it with {host}.")
            }
            None => format!("Please approve the app that {host} uses in our {app}, so that I can connect them."),
        };
        let again = Action::new("Connect again", &self.again_url);
        let words = Words::new(Glyph::Clock, heading, [next]).secondary(Some(again));
        Words { message: Some(message), ..words }
    }
}
