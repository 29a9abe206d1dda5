//! The output of the state machine.

use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use time::OffsetDateTime;

use super::{Claimed, LinkAttempt};
use crate::domain::credential::CredentialId;

/// The name of an event in the timeline, which is part of the host's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TimelineEvent {
    Began,
    /// The user began again with the same input.
    Continued,
    /// The browser was sent to the provider.
    Sent,
    /// A bound return.
    Returned,
    /// A foreign return.
    ReturnedElsewhere,
    /// The user reported what happened at the provider.
    Answered,
    /// There is evidence, and the host's completion is awaited.
    Confirmed,
    /// The host redeemed the completion.
    Completed,
    Ended,
    /// Its credential was deleted upstream.
    Removed,
    /// The provider accepted the credential.
    Proved,
    /// The provider refused the credential.
    NotWorking,
}

impl TimelineEvent {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Who caused a timeline event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A visitor of the pages: the user, or another holder of the link.
    User,
    /// The host, through the API.
    Host,
    Reconciler,
    /// A consequence of another attempt's change.
    Gangway,
}

impl Actor {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The type of an event for the host, which is part of the webhook's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
pub enum EventKind {
    #[serde(rename = "connection.linked")]
    #[strum(serialize = "connection.linked")]
    ConnectionLinked,
    #[serde(rename = "connection.replaced")]
    #[strum(serialize = "connection.replaced")]
    ConnectionReplaced,
    #[serde(rename = "connection.unverified")]
    #[strum(serialize = "connection.unverified")]
    ConnectionUnverified,
    #[serde(rename = "connection.removed")]
    #[strum(serialize = "connection.removed")]
    ConnectionRemoved,
    #[serde(rename = "link_attempt.ended")]
    #[strum(serialize = "link_attempt.ended")]
    LinkAttemptEnded,
}

impl EventKind {
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineEntry {
    pub at: OffsetDateTime,
    pub event: TimelineEvent,
    /// `None` in entries of releases that did not record it.
    pub actor: Option<Actor>,
}

/// An event for the host, committed with the change that caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEvent {
    pub kind: EventKind,
    pub credential: Option<CredentialId>,
    pub at: OffsetDateTime,
}

/// What follows from an observation. It is committed in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The new attempt, still with the version that was read.
    pub attempt: LinkAttempt,
    pub claims: Vec<Claimed>,
    /// Credentials of the attempt that have to be deleted upstream.
    pub deletions: Vec<CredentialId>,
    /// A credential of the attempt that was deleted upstream.
    pub removed: Option<CredentialId>,
    pub timeline: Vec<TimelineEntry>,
    pub outbox: Vec<OutboxEvent>,
}

impl Change {
    /// Records the actor in the change's timeline entries.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.timeline.iter_mut().for_each(|entry| entry.actor = Some(actor));
        self
    }
}
