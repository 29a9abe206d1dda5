//! Observations, the input of the state machine.

use time::OffsetDateTime;

use super::{Completion, Proof, Reason, UserAnswer};
use crate::domain::{
    credential::{CredentialId, Listing},
    keys::Digest,
};

#[derive(Debug, Clone)]
pub enum Observation<'a> {
    /// With the same input.
    BeganAgain,
    /// The user begins with the same input, and the attempt cannot be continued. It stays open beside the new one.
    SetAside,
    /// The user was erased, or began at the app in another session where the host confirms the person.
    Superseded,
    Sent {
        /// When the authorization URL expires.
        until: OffsetDateTime,
    },
    /// The vendor did not begin: `NotConfigured`, `UpstreamRefused`, `UpstreamUnavailable` or
    /// `InvalidAuthorizationUrl`.
    NotBegun(Reason),
    KeySaved(CredentialId),
    /// The error of the last return counts, until the user begins again. A denial settles the attempt unless there is
    /// evidence; any other error waits for evidence, as a return without error does.
    Returned {
        /// `AccessDenied`, `AdminApproval` or `UpstreamRefused`, by the parameters of the return.
        refusal: Option<Reason>,
    },
    ReturnedElsewhere,
    SentToHost(Completion),
    Completed {
        code: Digest,
        /// Whether the user signed in at the host is the attempt's user.
        same_user: bool,
    },
    Implicated,
    Removed(CredentialId),
    Proved {
        proof: Proof,
        account: Option<String>,
        /// Whether the answer was about the credential; another failure does not count as its refusal.
        is_certain: bool,
    },
    Answered(UserAnswer),
    Listed(&'a Listing),
    /// The list could not be loaded.
    TimePassed,
}

impl Observation<'_> {
    pub fn needs_siblings(&self) -> bool {
        !matches!(
            self,
            Self::BeganAgain
                | Self::SetAside
                | Self::Sent { .. }
                | Self::NotBegun(_)
                | Self::SentToHost(_)
                | Self::Answered(_)
                | Self::Proved { .. }
        )
    }
}
