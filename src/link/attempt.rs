//! The attempt itself, and what counts as evidence for it.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Reason, Reference, State, UserAnswer};
use crate::{
    connection::{Claims, CredentialId, Listed, Listing},
    connector::{AuthenticationType, ConnectorId},
    keys::Digest,
    session::{ExternalId, SessionId},
};

/// How far the vendor's clock and ours may differ when two times are compared.
const LEEWAY: Duration = Duration::seconds(60);

/// Names one [`LinkAttempt`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptId(pub Uuid);

impl AttemptId {
    /// The short form that people read to each other.
    pub fn reference(self) -> Reference {
        Reference::of(self.0)
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(out)
    }
}

/// What an attempt begins with.
#[derive(Debug, Clone)]
pub struct Begin {
    /// The new attempt's id.
    pub id: AttemptId,
    /// The session in which it begins.
    pub session_id: SessionId,
    /// The user for whom.
    pub user: ExternalId,
    /// The app.
    pub connector: ConnectorId,
    /// The way of signing in, in the vendor's spelling.
    pub authentication_type: AuthenticationType,
    /// Whether a key is stored, and no browser sent away.
    pub by_key: bool,
    /// Tells this input from other input (type, auth config, data) without keeping it.
    pub input: Digest,
    /// Finds the attempt again by the state in the callback's path, without keeping that.
    pub state_digest: Digest,
    /// What the vendor listed before; `None` if the list failed.
    pub snapshot: Option<Listing>,
    /// The connection that this one is to replace.
    pub replaces: Option<CredentialId>,
    /// Now.
    pub at: OffsetDateTime,
    /// When the attempt is over at the latest.
    pub deadline: OffsetDateTime,
}

/// One try of one user to link one app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkAttempt {
    /// Its id.
    pub id: AttemptId,
    /// Grows by one with every change: a change is kept only if nobody else made one meanwhile.
    pub version: i64,
    /// The session in which it began.
    pub session_id: SessionId,
    /// The user for whom.
    pub user: ExternalId,
    /// The app.
    pub connector: ConnectorId,
    /// The way of signing in, in the vendor's spelling.
    pub authentication_type: AuthenticationType,
    /// Whether a key is stored, and no browser sent away: the form that was sent in the user's own session binds it,
    /// and nobody returns.
    pub by_key: bool,
    /// Tells this input from other input.
    pub input: Digest,
    /// Finds the attempt by the callback's state.
    pub state_digest: Digest,
    /// The ids that were listed before; `None` if the list failed, and then nothing can ever be evidence.
    pub snapshot: Option<BTreeSet<CredentialId>>,
    /// The connection that this one is to replace.
    pub replaces: Option<CredentialId>,
    /// When it began, by our clock.
    pub began_at: OffsetDateTime,
    /// When it began, by the vendor's clock.
    pub began_at_vendor: OffsetDateTime,
    /// When it is over at the latest.
    pub deadline: OffsetDateTime,
    /// When the first bound return came.
    pub returned_at: Option<OffsetDateTime>,
    /// What the first bound return said had gone wrong.
    pub refused: Option<Reason>,
    /// When the first foreign return came.
    pub foreign_at: Option<OffsetDateTime>,
    /// What the user said that they saw.
    pub answer: Option<UserAnswer>,
    /// Where it stands.
    pub state: State,
    /// Why it ended so.
    pub reason: Option<Reason>,
    /// What it linked; with several claimed, the one made first.
    pub credential: Option<CredentialId>,
    /// When it ended.
    pub settled_at: Option<OffsetDateTime>,
}

impl LinkAttempt {
    /// A new, open attempt.
    pub fn begin(begin: Begin) -> Self {
        let vendor_now = begin.snapshot.as_ref().and_then(|listing| listing.answered_at);
        Self {
            id: begin.id,
            version: 0,
            session_id: begin.session_id,
            user: begin.user,
            connector: begin.connector,
            authentication_type: begin.authentication_type,
            by_key: begin.by_key,
            input: begin.input,
            state_digest: begin.state_digest,
            snapshot: begin
                .snapshot
                .map(|listing| listing.credentials.into_iter().map(|credential| credential.id).collect()),
            replaces: begin.replaces,
            began_at: begin.at,
            began_at_vendor: vendor_now.unwrap_or(begin.at),
            deadline: begin.deadline,
            returned_at: None,
            refused: None,
            foreign_at: None,
            answer: None,
            state: State::Pending,
            reason: None,
            credential: None,
            settled_at: None,
        }
    }

    /// Whether a credential that nobody claimed may come from this attempt: the same app, not there before, made
    /// while its link could be used; or nobody knows when.
    pub fn may_have_brought(&self, credential: &Listed) -> bool {
        let known = self.snapshot.as_ref().is_some_and(|before| before.contains(&credential.id));
        let until = self.began_at_vendor + (self.deadline - self.began_at);
        let time = self.began_at_vendor - LEEWAY..=until + LEEWAY;
        !known
            && credential.connector.same_as(&self.connector)
            && credential.created_at.is_none_or(|created_at| time.contains(&created_at))
    }

    /// The listed credentials that prove the link, the one made first in front. Without a snapshot there are none:
    /// what was there before cannot be told from what came.
    pub fn evidence(&self, listing: &Listing, claims: &Claims) -> Vec<CredentialId> {
        if self.snapshot.is_none() {
            return Vec::new();
        }
        let mut found: Vec<&Listed> = listing
            .credentials
            .iter()
            .filter(|credential| credential.created_at.is_some() && self.may_have_brought(credential))
            .filter(|credential| claims.get(&credential.id).is_none_or(|claim| claim.attempt == self.id))
            .collect();
        found.sort_by_key(|credential| (credential.created_at, credential.id.clone()));
        found.into_iter().map(|credential| credential.id.clone()).collect()
    }

    /// Whether the connection to be replaced was renewed in place instead: weak evidence, because a token's renewal
    /// moves the same time. One that belongs to an attempt that was not linked cannot become a good one this way.
    pub fn renewed(&self, listing: &Listing, claims: &Claims) -> Option<CredentialId> {
        let replaced = self.replaces.as_ref()?;
        self.snapshot.as_ref()?.get(replaced)?;
        listing
            .credentials
            .iter()
            .find(|credential| credential.id == *replaced)
            .filter(|credential| credential.updated_at.is_some_and(|at| at > self.began_at_vendor))
            .filter(|credential| claims.get(&credential.id).is_none_or(|claim| claim.state == State::Linked))
            .map(|credential| credential.id.clone())
    }

    /// Whether a fresh link may go on with this attempt, instead of a new one. Without a snapshot nothing will ever
    /// prove it, so it goes on only as long as there is no list now either; but a key is not sent twice for that.
    pub fn continues_with(&self, input: &Digest, listing: Option<&Listing>, now: OffsetDateTime) -> bool {
        let can_be_proved = self.snapshot.is_some() || listing.is_none() || self.by_key;
        self.state == State::Pending
            && self.foreign_at.is_none()
            && now < self.deadline
            && self.input == *input
            && can_be_proved
    }
}
