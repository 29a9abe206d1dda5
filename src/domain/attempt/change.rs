//! The output of the state machine.

use serde::Serialize;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use time::OffsetDateTime;

use super::{Claimed, LinkAttempt, Proof, Status};
use crate::domain::credential::CredentialId;

/// The name of an event in the timeline, which is part of the host's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TimelineEvent {
    Began,
    Continued,
    Sent,
    Returned,
    /// In a browser without the user's session.
    ReturnedElsewhere,
    Answered,
    /// There is evidence, and the host's completion is pending.
    Confirmed,
    Completed,
    Ended,
    Removed,
    Proved,
    NotWorking,
}

impl TimelineEvent {
    pub(super) fn of_proof(proof: Proof) -> Self {
        if proof == Proof::Works { Self::Proved } else { Self::NotWorking }
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Display, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A visitor of the pages: the user, or another holder of the link.
    User,
    Host,
    /// Stored and reported as `reconciler`.
    #[strum(serialize = "reconciler")]
    #[serde(rename = "reconciler")]
    Job,
    /// Caused by another attempt's change.
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
    #[serde(rename = "connection.needs_reconnect")]
    #[strum(serialize = "connection.needs_reconnect")]
    ConnectionNeedsReconnect,
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
    /// `None` in entries of earlier releases, which did not record it.
    pub actor: Option<Actor>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEvent {
    pub kind: EventKind,
    pub credential: Option<CredentialId>,
    /// Of `ConnectionReplaced` only; `None` if it is unknown.
    pub same_account: Option<bool>,
    pub at: OffsetDateTime,
}

/// The proof of a credential that takes the place of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacementProof {
    pub credential: CredentialId,
    pub proof: Proof,
    pub account: Option<String>,
    /// As in `Observation::Proved`.
    pub is_certain: bool,
    /// Whether the replaced connection was of the same account.
    pub same_account: Option<bool>,
}

/// What a change says of the health of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HealthChange {
    /// Linked, or proved to work: an earlier refusal is void.
    Works(CredentialId),
    /// Proved not to work. The host is notified, unless the refusal is known.
    Refused(CredentialId),
    /// Removed, replaced or unverified: its health does not matter any more.
    Gone(CredentialId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Still with the version that was read.
    pub attempt: LinkAttempt,
    pub claims: Vec<Claimed>,
    pub deletions: Vec<CredentialId>,
    pub removed: Option<CredentialId>,
    pub timeline: Vec<TimelineEntry>,
    pub outbox: Vec<OutboxEvent>,
    pub health: Vec<HealthChange>,
    /// New attempts for further credentials, committed together with this one.
    pub derived: Vec<Change>,
}

impl Change {
    /// Returns `true` if a credential is linked in place of another connection.
    pub fn replaces_connection(&self) -> bool {
        self.outbox.iter().any(|event| event.kind == EventKind::ConnectionReplaced)
    }

    /// Returns `true` if the host is notified of it.
    pub fn is_reported(&self) -> bool {
        let refused = |health: &HealthChange| matches!(health, HealthChange::Refused(_));
        !self.outbox.is_empty() || !self.derived.is_empty() || self.health.iter().any(refused)
    }

    /// Records the proof together with the link, if it is the proof of the linked credential.
    #[must_use]
    pub fn with_proof(mut self, proved: &ReplacementProof) -> Self {
        let Status::Linked(link) = &mut self.attempt.status else { return self };
        if link.credential != proved.credential {
            return self;
        }
        link.proof = Some(proved.proof);
        link.account.clone_from(&proved.account);
        let event = TimelineEvent::of_proof(proved.proof);
        self.timeline.push(TimelineEntry { at: link.settled_at, event, actor: None });
        if proved.proof == Proof::Refused && proved.is_certain {
            self.health.push(HealthChange::Refused(proved.credential.clone()));
        }
        for event in self.outbox.iter_mut().filter(|event| event.kind == EventKind::ConnectionReplaced) {
            event.same_account = proved.same_account;
        }
        self
    }

    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.timeline.iter_mut().for_each(|entry| entry.actor = Some(actor));
        self.derived = self.derived.into_iter().map(|derived| derived.by(actor)).collect();
        self
    }
}
