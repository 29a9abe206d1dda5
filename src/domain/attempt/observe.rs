//! What can be seen of an attempt, and what follows from it.

use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use time::OffsetDateTime;

use super::{Claimed, Completion, LinkAttempt, Reason};
use crate::domain::{
    credential::{CredentialId, Listing},
    keys::Digest,
};

/// What the user says that they saw at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum UserAnswer {
    /// They allowed it: keep checking.
    Allowed,
    /// They cancelled.
    Canceled,
    /// It asked for an administrator.
    Administrator,
    /// They saw an error.
    Error,
}

impl UserAnswer {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A step on an attempt's way, as its timeline names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TimelineEvent {
    /// It began.
    Began,
    /// The user began again, and it went on.
    Continued,
    /// The browser was sent to the provider.
    Sent,
    /// The user's own browser came back.
    Returned,
    /// Another browser came back.
    ReturnedElsewhere,
    /// The user said what they saw.
    Answered,
    /// The list shows what came of it, and the host is to say who finished it.
    Confirmed,
    /// The host said who finished it.
    Completed,
    /// It ended.
    Ended,
    /// What it had linked was deleted upstream: it could not be trusted, or its user disconnected it.
    Removed,
    /// What it had linked was tried, and works.
    Proved,
    /// What it had linked was tried, and does not work.
    NotWorking,
}

impl TimelineEvent {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Who caused a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Somebody in front of our pages: the user, or whoever held the user's link.
    User,
    /// The host's server, through the API.
    Host,
    /// What looks while no page is open.
    Reconciler,
    /// What followed from a step of another attempt.
    Gangway,
}

impl Actor {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What came of trying what was linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// It works.
    Works,
    /// The provider refuses it.
    Refused,
}

impl Proof {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What the host is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
pub enum EventKind {
    /// An app is linked.
    #[serde(rename = "connection.linked")]
    #[strum(serialize = "connection.linked")]
    ConnectionLinked,
    /// A connection took the place of an earlier one.
    #[serde(rename = "connection.replaced")]
    #[strum(serialize = "connection.replaced")]
    ConnectionReplaced,
    /// Something was linked that cannot be trusted.
    #[serde(rename = "connection.unverified")]
    #[strum(serialize = "connection.unverified")]
    ConnectionUnverified,
    /// A connection is gone.
    #[serde(rename = "connection.removed")]
    #[strum(serialize = "connection.removed")]
    ConnectionRemoved,
    /// An attempt is over, however it ended.
    #[serde(rename = "link_attempt.ended")]
    #[strum(serialize = "link_attempt.ended")]
    LinkAttemptEnded,
}

impl EventKind {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Something that was seen of an attempt.
#[derive(Debug, Clone)]
pub enum Observation<'a> {
    /// The user began again with the same input.
    BeganAgain,
    /// The user began again with other input.
    Superseded,
    /// The browser is sent to the provider, with a link that may be used until then.
    Sent {
        /// The attempt is not over before.
        until: OffsetDateTime,
    },
    /// The vendor could not or would not begin: `NotConfigured`, `UpstreamRefused`, `UpstreamUnavailable` or
    /// `InvalidAuthorizationUrl`.
    NotBegun(Reason),
    /// The vendor stored the key that the user gave.
    KeySaved(CredentialId),
    /// The user's own browser came back; with an error, that one decides unless there is evidence after all. Of several
    /// errors the first counts, until the user begins again.
    Returned {
        /// `AccessDenied`, `AdminApproval` or `UpstreamRefused`, as the return's parameters say.
        refused: Option<Reason>,
    },
    /// A browser without the user's session came back.
    ReturnedElsewhere,
    /// The browser goes to the host with a code for its server to redeem.
    SentToHost(Completion),
    /// The host's server redeemed the code of that digest.
    Completed {
        /// Of the code.
        code: Digest,
        /// Whether the user who is signed in at the host is the one who began.
        same_user: bool,
    },
    /// Another attempt's foreign return speaks of what this one linked.
    Doubted,
    /// A credential that it claimed is deleted upstream, because it cannot be trusted or because its user disconnected it.
    Removed(CredentialId),
    /// What it linked was tried with one harmless call.
    Tried {
        /// Whether it works.
        proof: Proof,
        /// Whose account it is, where that was said.
        account: Option<String>,
    },
    /// The user said what they saw.
    Answered(UserAnswer),
    /// The vendor's list was looked at.
    Listed(&'a Listing),
    /// Time passed, and the list could not be looked at.
    TimePassed,
}

/// An entry of an attempt's timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub event: TimelineEvent,
    /// Who caused it; `None` if that was not kept yet when it happened.
    pub actor: Option<Actor>,
}

/// An event for the host, written with the change that caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEvent {
    /// What happened.
    pub kind: EventKind,
    /// To which connection.
    pub credential: Option<CredentialId>,
    /// When.
    pub at: OffsetDateTime,
}

/// What follows from an observation: to be kept whole, in one transaction, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The attempt as it is to be; its version is still the one that was read.
    pub attempt: LinkAttempt,
    /// Credentials that belong to it from now on.
    pub claims: Vec<Claimed>,
    /// Credentials of it that are to be deleted upstream.
    pub deletions: Vec<CredentialId>,
    /// A credential of it that is gone upstream.
    pub removed: Option<CredentialId>,
    /// Steps for its timeline.
    pub timeline: Vec<TimelineEntry>,
    /// Events for the host.
    pub outbox: Vec<OutboxEvent>,
}

impl Change {
    /// The same with the name of whoever caused it on each of its steps.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.timeline.iter_mut().for_each(|step| step.actor = Some(actor));
        self
    }
}

impl Observation<'_> {
    /// Whether it is judged by what the user's other attempts claimed and saw.
    pub fn needs_others(&self) -> bool {
        !matches!(
            self,
            Self::BeganAgain
                | Self::Sent { .. }
                | Self::NotBegun(_)
                | Self::SentToHost(_)
                | Self::Answered(_)
                | Self::Tried { .. }
        )
    }
}
