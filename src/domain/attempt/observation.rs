//! What can be observed of an attempt.

use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use time::OffsetDateTime;

use super::{Completion, Reason};
use crate::domain::{
    credential::{CredentialId, Listing},
    keys::Digest,
};

/// The user's report of what happened at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum UserAnswer {
    Allowed,
    Canceled,
    /// The provider asked for an administrator's approval.
    Administrator,
    Error,
}

impl UserAnswer {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Whether the provider accepts the linked credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    Works,
    Refused,
}

impl Proof {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The input of the state machine.
#[derive(Debug, Clone)]
pub enum Observation<'a> {
    /// The user began again with the same input.
    BeganAgain,
    /// The user began again with other input.
    Superseded,
    /// The browser is redirected to the provider.
    Sent {
        /// When the authorization URL expires.
        until: OffsetDateTime,
    },
    /// The vendor did not begin: `NotConfigured`, `UpstreamRefused`, `UpstreamUnavailable` or `InvalidAuthorizationUrl`.
    NotBegun(Reason),
    /// The vendor stored the user's API key.
    KeySaved(CredentialId),
    /// A bound return. Its error decides unless there is evidence; the first error counts until the user begins again.
    Returned {
        /// `AccessDenied`, `AdminApproval` or `UpstreamRefused`, by the parameters of the return.
        refusal: Option<Reason>,
    },
    /// A foreign return.
    ReturnedElsewhere,
    /// The browser is redirected to the host with a completion code.
    SentToHost(Completion),
    /// The host redeemed the completion code.
    Completed {
        code: Digest,
        /// Whether the user signed in at the host is the user of the attempt.
        same_user: bool,
    },
    /// A foreign return of another attempt implicates the credential of this one.
    Implicated,
    /// A credential of the attempt was deleted upstream.
    Removed(CredentialId),
    /// The linked credential was tried with one harmless call.
    Proved {
        proof: Proof,
        account: Option<String>,
    },
    Answered(UserAnswer),
    /// The vendor's list was loaded.
    Listed(&'a Listing),
    /// Time passed, and the list could not be loaded.
    TimePassed,
}

impl Observation<'_> {
    /// Whether the transition depends on the user's other attempts.
    pub fn needs_siblings(&self) -> bool {
        !matches!(
            self,
            Self::BeganAgain
                | Self::Sent { .. }
                | Self::NotBegun(_)
                | Self::SentToHost(_)
                | Self::Answered(_)
                | Self::Proved { .. }
        )
    }
}
