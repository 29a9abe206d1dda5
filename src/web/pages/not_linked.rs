//! Every end without a link, each in its own words.

use super::{Action, App, Frame, Name, Problem};
use crate::domain::attempt::{Reason, State};

mod words;

/// An end without a link; [`NotLinked::page`] is what is shown.
#[derive(Debug, Clone)]
pub(crate) struct NotLinked {
    pub frame: Frame,
    pub app: App,
    pub cause: Cause,
    pub again_url: String,
    /// The catalogue; `None` if there is no other app.
    pub choose_url: Option<String>,
    /// The name that the provider's own page asks the user to allow.
    pub consent_name: Option<Name>,
    /// The provider's page on which access is taken back.
    pub revoke_url: Option<String>,
    pub reference: String,
}

/// Why an app is not connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The provider said that access was denied: mostly the user's own *Cancel*.
    Denied,
    Canceled,
    Administrator,
    /// The user came back, and the connection was never seen.
    NotConfirmed,
    OtherBrowser,
    NotKept,
    /// For the user who began, when another browser came back.
    FinishedElsewhere,
    /// The host says that another user finished it, or did not say who in time.
    OtherUser,
    NobodyCame,
    Expired,
    /// Beginning was refused, or the provider reported an error.
    Refused,
    ServiceDown,
    /// The link to the provider was none that a browser may be sent to.
    UnsafeLink,
    NotConfigured,
    Superseded,
}

impl Cause {
    /// The cause that goes with how an attempt ended, for the user who began it; `None` if it is linked.
    pub(crate) fn of(state: State, reason: Reason) -> Option<Self> {
        Some(match reason {
            Reason::New | Reason::Renewed | Reason::KeySaved => return None,
            Reason::AccessDenied => Self::Denied,
            Reason::Canceled => Self::Canceled,
            Reason::AdminApproval => Self::Administrator,
            Reason::NotConfirmed => Self::NotConfirmed,
            Reason::UpstreamRefused => Self::Refused,
            Reason::UpstreamUnavailable => Self::ServiceDown,
            Reason::InvalidAuthorizationUrl => Self::UnsafeLink,
            Reason::NotConfigured => Self::NotConfigured,
            Reason::Superseded => Self::Superseded,
            Reason::NoReturn if state == State::Unverified => Self::NobodyCame,
            Reason::NoReturn => Self::Expired,
            Reason::ForeignReturn => Self::FinishedElsewhere,
            Reason::CompletionMismatch | Reason::CompletionMissing => Self::OtherUser,
        })
    }
}

impl NotLinked {
    pub(crate) fn page(&self) -> Problem {
        let words = self.words();
        let back = Action::back(&self.frame);
        let (primary, secondary) = match (words.primary, words.secondary, back) {
            (Some(primary), None, back) => (Some(primary), back),
            (None, secondary, Some(back)) => (Some(back), secondary),
            (None, secondary, None) => (secondary, None),
            (primary, secondary, _) => (primary, secondary),
        };
        Problem {
            frame: self.frame.clone(),
            app: Some(self.app.clone()),
            glyph: words.glyph,
            heading: words.heading,
            sentences: words.sentences,
            message: words.message,
            primary,
            secondary,
            reference: Some(self.reference.clone()),
        }
    }
}
