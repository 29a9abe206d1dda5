//! The page of every attempt that ended without a link.

use super::{App, Frame, Name, Problem};
use crate::domain::attempt::{Reason, State};

mod words;

#[derive(Debug, Clone)]
pub(crate) struct NotLinked {
    pub frame: Frame,
    pub app: App,
    pub cause: Cause,
    pub again_url: String,
    pub choose_url: Option<String>,
    pub consent_name: Option<Name>,
    pub revoke_url: Option<String>,
    pub reference: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The provider reported `access_denied`: usually the user's own *Cancel*.
    Denied,
    Canceled,
    Administrator,
    NotConfirmed,
    /// The provider reported an error, and the connection never appeared.
    ErrorReported,
    OtherBrowser,
    NotKept,
    /// For the user who began the attempt when another browser returned.
    FinishedElsewhere,
    /// The host named another user, or did not answer in time.
    OtherUser,
    WithoutReturn,
    /// Allowed after a *no* or an error, and no browser returned.
    AllowedLater,
    /// The same, and the credential is deleted.
    AllowedAndDeleted,
    Expired,
    Refused,
    ServiceDown,
    /// The link to the provider did not pass the safety rules.
    UnsafeLink,
    NotConfigured,
    Superseded,
}

impl Cause {
    /// The cause for the user who began the attempt; `None` if it is linked.
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
            Reason::NoReturn if state == State::Unverified => Self::WithoutReturn,
            Reason::NoReturn => Self::Expired,
            Reason::ForeignReturn => Self::FinishedElsewhere,
            Reason::CompletionMismatch | Reason::CompletionMissing => Self::OtherUser,
        })
    }
}

impl NotLinked {
    pub(crate) fn page(&self) -> Problem {
        let mut page = self.without_back();
        (page.primary, page.secondary) = match (page.primary, page.secondary, self.frame.back()) {
            (Some(primary), None, back) => (Some(primary), back),
            (None, secondary, Some(back)) => (Some(back), secondary),
            (None, secondary, None) => (secondary, None),
            (primary, secondary, _) => (primary, secondary),
        };
        page
    }
}
