//! The attempt itself: what it begins with, and all that is known of it.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Proof, Reason, Reference, State, UserAnswer};
use crate::domain::{
    connector::{AuthenticationType, ConnectorId},
    credential::{CredentialId, Listed, Listing},
    keys::Digest,
    session::SessionId,
    user::ExternalId,
};

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
    /// Whether the host's server has to say who finished it before it is linked.
    pub needs_completion: bool,
    /// Whether what was linked without any return is deleted, and not only reported.
    pub deletes_unreturned: bool,
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
    /// The ids of this app that were listed before; `None` if the list failed, and then nothing can ever be evidence.
    pub snapshot: Option<BTreeSet<CredentialId>>,
    /// The connection that this one is to replace.
    pub replaces: Option<CredentialId>,
    /// Whether the host's server has to say who finished it before it is linked.
    pub needs_completion: bool,
    /// Whether what was linked without any return is deleted, and not only reported.
    pub deletes_unreturned: bool,
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
    /// When the last foreign return came, also after the end.
    pub foreign_at: Option<OffsetDateTime>,
    /// Whether that browser was the only one, and the host may still say that the same user sits there.
    pub guest: bool,
    /// The code that the host's server is to redeem, once there is evidence.
    pub completion: Option<Completion>,
    /// What the user said that they saw.
    pub answer: Option<UserAnswer>,
    /// Where it stands.
    pub state: State,
    /// Why it ended so.
    pub reason: Option<Reason>,
    /// What it linked, or is about to once the host has completed it; with several claimed, the one made first.
    pub credential: Option<CredentialId>,
    /// When it ended.
    pub settled_at: Option<OffsetDateTime>,
    /// What came of trying what it linked, the last time; `None` if nobody tried, or nobody could say.
    pub proof: Option<Proof>,
    /// Whose account it linked, as the provider said when it was tried.
    pub account: Option<String>,
    /// When the reconciler is to look at the list again; `None` if there is nothing left to see.
    pub next_look: Option<OffsetDateTime>,
}

/// What the host's server redeems to say who finished an attempt. The code itself is never kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completion {
    /// Of the code.
    pub digest: Digest,
    /// Until when it can be redeemed.
    pub until: OffsetDateTime,
}

/// With more credentials of one app than this, a snapshot leaves out the old ones: their age alone tells that the attempt
/// did not create them. Without a bound, thousands of ids would be stored with every attempt and read with every page.
const FULL_SNAPSHOT: usize = 200;
/// How old a credential must be to be left out.
const LONG_BEFORE: Duration = Duration::DAY;

/// The ids of one app's credentials that were listed before the attempt.
fn snapshot_of(
    listing: Listing,
    connector: &ConnectorId,
    replaces: Option<&CredentialId>,
    now: OffsetDateTime,
) -> BTreeSet<CredentialId> {
    let mut listed = listing.credentials;
    listed.retain(|credential| credential.connector.same_as(connector));
    if listed.len() > FULL_SNAPSHOT {
        let young = |listed: &Listed| listed.created_at.is_none_or(|created| created + LONG_BEFORE > now);
        listed.retain(|listed| young(listed) || Some(&listed.id) == replaces);
    }
    listed.into_iter().map(|listed| listed.id).collect()
}

impl LinkAttempt {
    /// A new, open attempt.
    pub fn begin(begin: Begin) -> Self {
        let vendor_now = begin.snapshot.as_ref().and_then(|listing| listing.answered_at);
        let mut attempt = Self {
            id: begin.id,
            version: 0,
            session_id: begin.session_id,
            user: begin.user,
            authentication_type: begin.authentication_type,
            by_key: begin.by_key,
            input: begin.input,
            state_digest: begin.state_digest,
            snapshot: begin.snapshot.map(|listing| {
                snapshot_of(listing, &begin.connector, begin.replaces.as_ref(), vendor_now.unwrap_or(begin.at))
            }),
            connector: begin.connector,
            replaces: begin.replaces,
            needs_completion: begin.needs_completion,
            deletes_unreturned: begin.deletes_unreturned,
            began_at: begin.at,
            began_at_vendor: vendor_now.unwrap_or(begin.at),
            deadline: begin.deadline,
            returned_at: None,
            refused: None,
            foreign_at: None,
            guest: false,
            completion: None,
            answer: None,
            state: State::Pending,
            reason: None,
            credential: None,
            settled_at: None,
            proof: None,
            account: None,
            next_look: None,
        };
        attempt.next_look = attempt.looks_next(begin.at);
        attempt
    }

    /// Whether there is evidence, and only the host's word is missing.
    pub fn awaits_completion(&self) -> bool {
        self.state == State::Pending && self.credential.is_some()
    }

    /// Whether a browser of that session is the one in which it began, where that is what the host's word is about: a
    /// session that whoever holds a start link can open says nothing of who sits there.
    pub fn is_of(&self, session: SessionId, needs_completion: bool) -> bool {
        self.session_id == session || !(self.needs_completion || needs_completion)
    }

    /// Whether a browser came back of which nobody can say any more that it is the user's.
    pub fn finished_by_a_stranger(&self) -> bool {
        self.foreign_at.is_some() && !self.guest
    }

    /// Whether a foreign return was recorded within the last second: one more at that moment says nothing new.
    pub fn has_foreign_return_at(&self, now: OffsetDateTime) -> bool {
        self.foreign_at.is_some_and(|at| now < at + Duration::SECOND)
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
