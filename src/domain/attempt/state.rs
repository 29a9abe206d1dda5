//! States of an attempt and their reasons. The names are part of the host's API.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use time::OffsetDateTime;

use crate::domain::{credential::CredentialId, keys::Digest};

/// Only `Pending` is open; an attempt never returns to it. `Denied` and `Failed` may become `Linked` by a later return.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    Pending,
    Linked,
    /// The user or an administrator refused.
    Denied,
    Failed,
    Expired,
    /// A credential was stored, but possibly by another person.
    Unverified,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }

    pub fn is_end(self) -> bool {
        self != Self::Pending
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Linked: a new credential is listed.
    New,
    /// Linked: the provider renewed the existing credential.
    Renewed,
    /// Linked: the API key was stored, but it is not proved to work.
    KeySaved,
    /// Denied: the provider reported a refusal.
    AccessDenied,
    /// Denied: the user reported that they cancelled.
    Canceled,
    /// Denied: an administrator has to approve the app first.
    AdminApproval,
    /// Failed: the browser returned, but no credential was listed.
    NotConfirmed,
    /// Failed: the vendor refused to begin, or the provider reported an error other than a refusal.
    UpstreamRefused,
    /// Failed: the vendor was unreachable or its response invalid.
    UpstreamUnavailable,
    /// Failed: the authorization URL is not allowed.
    InvalidAuthorizationUrl,
    /// Failed: a setting that this app needs is missing.
    NotConfigured,
    /// Failed: the user was erased, or began again in another session where the host confirms the person.
    Superseded,
    /// Expired or unverified: no browser returned.
    NoReturn,
    /// Unverified: a browser without the user's session returned.
    ForeignReturn,
    /// Unverified: the host named another user.
    CompletionMismatch,
    /// Unverified: the host did not complete it in time.
    CompletionMissing,
}

impl Reason {
    /// Returns `true` for the user's or an administrator's *no*.
    pub fn is_denial(self) -> bool {
        matches!(self, Self::AccessDenied | Self::Canceled | Self::AdminApproval)
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    Pending {
        /// Set while only the host's completion is missing.
        evidence: Option<CredentialId>,
    },
    Linked(Link),
    Denied(End),
    Failed(End),
    Expired(End),
    Unverified(End),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub reason: Reason,
    pub settled_at: OffsetDateTime,
    /// Of several claimed credentials, the one that was created first.
    pub credential: CredentialId,
    /// `None` if it was never proved, or the proof was inconclusive.
    pub proof: Option<Proof>,
    pub account: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    pub reason: Reason,
    pub settled_at: OffsetDateTime,
    pub credential: Option<CredentialId>,
}

impl Status {
    pub fn state(&self) -> State {
        match self {
            Self::Pending { .. } => State::Pending,
            Self::Linked(_) => State::Linked,
            Self::Denied(_) => State::Denied,
            Self::Failed(_) => State::Failed,
            Self::Expired(_) => State::Expired,
            Self::Unverified(_) => State::Unverified,
        }
    }

    fn end(&self) -> Option<&End> {
        match self {
            Self::Pending { .. } | Self::Linked(_) => None,
            Self::Denied(end) | Self::Failed(end) | Self::Expired(end) | Self::Unverified(end) => Some(end),
        }
    }

    pub(super) fn link(&self) -> Option<&Link> {
        if let Self::Linked(link) = self { Some(link) } else { None }
    }

    pub(super) fn reason(&self) -> Option<Reason> {
        self.link().map(|link| link.reason).or(self.end().map(|end| end.reason))
    }

    pub(super) fn settled_at(&self) -> Option<OffsetDateTime> {
        self.link().map(|link| link.settled_at).or(self.end().map(|end| end.settled_at))
    }

    pub(super) fn credential(&self) -> Option<&CredentialId> {
        match self {
            Self::Pending { evidence } => evidence.as_ref(),
            Self::Linked(link) => Some(&link.credential),
            Self::Denied(end) | Self::Failed(end) | Self::Expired(end) | Self::Unverified(end) => {
                end.credential.as_ref()
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum UserAnswer {
    Allowed,
    Canceled,
    Administrator,
    Error,
}

impl UserAnswer {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completion {
    pub digest: Digest,
    pub until: OffsetDateTime,
}
