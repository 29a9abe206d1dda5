//! What can be seen of an attempt, and what follows from it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Claimed, Completion, LinkAttempt, Reason, reason::named};
use crate::domain::{
    connection::{CredentialId, Listing},
    keys::Digest,
};

named! {
    /// What the user says that they saw at the provider.
    UserAnswer {
        /// They allowed it: keep checking.
        Allowed = "allowed",
        /// They cancelled.
        Canceled = "canceled",
        /// It asked for an administrator.
        Administrator = "administrator",
        /// They saw an error.
        Error = "error",
    }
}

named! {
    /// A step on an attempt's way, as its timeline names it.
    TimelineEvent {
        /// It began.
        Began = "began",
        /// The user began again, and it went on.
        Continued = "continued",
        /// The browser was sent to the provider.
        Sent = "sent",
        /// The user's own browser came back.
        Returned = "returned",
        /// Another browser came back.
        ReturnedElsewhere = "returned_elsewhere",
        /// The user said what they saw.
        Answered = "answered",
        /// The list shows what came of it, and the host is to say who finished it.
        Confirmed = "confirmed",
        /// The host said who finished it.
        Completed = "completed",
        /// It ended.
        Ended = "ended",
        /// What it had linked was deleted upstream: it could not be trusted, or its user disconnected it.
        Removed = "removed",
        /// What it had linked was tried, and works.
        Proved = "proved",
        /// What it had linked was tried, and does not work.
        NotWorking = "not_working",
    }
}

named! {
    /// Who caused a step.
    Actor {
        /// Somebody in front of our pages: the user, or whoever held the user's link.
        User = "user",
        /// The host's server, through the API.
        Host = "host",
        /// What looks while no page is open.
        Reconciler = "reconciler",
        /// What followed from a step of another attempt.
        Gangway = "gangway",
    }
}

named! {
    /// What came of trying what was linked.
    Proof {
        /// It works.
        Works = "works",
        /// The provider refuses it.
        Refused = "refused",
    }
}

named! {
    /// What the host is told.
    EventKind {
        /// An app is linked.
        ConnectionLinked = "connection.linked",
        /// A connection took the place of an earlier one.
        ConnectionReplaced = "connection.replaced",
        /// Something was linked that cannot be trusted.
        ConnectionUnverified = "connection.unverified",
        /// A connection is gone.
        ConnectionRemoved = "connection.removed",
        /// An attempt is over, however it ended.
        LinkAttemptEnded = "link_attempt.ended",
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
