//! The link attempt and its creation.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Completion, Proof, Reason, Reference, State, Status, UserAnswer};
use crate::domain::{
    connector::{AuthenticationType, ConnectorId},
    credential::{CredentialId, Listed, Listing},
    keys::Digest,
    session::SessionId,
    text::Malformed,
    user::ExternalId,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptId(Uuid);

impl AttemptId {
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        Uuid::parse_str(raw).map(Self).map_err(|_| Malformed("attempt id"))
    }

    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    pub const fn uuid(self) -> Uuid {
        self.0
    }

    pub fn reference(self) -> Reference {
        Reference::of(self.0)
    }

    /// The reference and the id, so that a search of the log for either finds the line.
    pub(crate) fn logged(self) -> String {
        format!("{} {self}", self.reference())
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(out)
    }
}

#[derive(Debug, Clone)]
pub struct Begin {
    pub id: AttemptId,
    pub session_id: SessionId,
    pub user: ExternalId,
    pub connector: ConnectorId,
    pub authentication_type: AuthenticationType,
    pub is_api_key: bool,
    pub input: Digest,
    pub state_digest: Digest,
    pub snapshot: Option<Listing>,
    pub replaces: Option<CredentialId>,
    pub needs_completion: bool,
    pub deletes_unreturned: bool,
    pub at: OffsetDateTime,
    pub deadline: OffsetDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkAttempt {
    pub id: AttemptId,
    /// Incremented by every commit. Changes of an outdated version are refused.
    pub version: u32,
    pub session_id: SessionId,
    pub user: ExternalId,
    pub connector: ConnectorId,
    pub authentication_type: AuthenticationType,
    /// Whether the form stores an API key, so that no browser has to return.
    pub is_api_key: bool,
    /// Distinguishes attempts with different input (type, auth config, values) without storing it.
    pub input: Digest,
    pub state_digest: Digest,
    /// The app's credentials before the attempt. `None` if the list failed; then nothing counts as evidence.
    pub snapshot: Option<BTreeSet<CredentialId>>,
    pub replaces: Option<CredentialId>,
    pub needs_completion: bool,
    /// Whether a credential without any return is deleted instead of only reported.
    pub deletes_unreturned: bool,
    pub began_at: OffsetDateTime,
    /// `began_at` by the vendor's clock.
    pub began_at_vendor: OffsetDateTime,
    pub deadline: OffsetDateTime,
    /// Time of the first bound return; after an end without a link, of the last one.
    pub returned_at: Option<OffsetDateTime>,
    /// Time of the last bound return, if there were several. It may have brought a further credential.
    pub returned_again_at: Option<OffsetDateTime>,
    /// The attempt to which the browser returned, if that one was linked with another credential.
    pub derived_from: Option<AttemptId>,
    /// Error of the last bound return.
    pub refusal: Option<Reason>,
    /// The last foreign return, possibly after the end.
    pub foreign_return: Option<ForeignReturn>,
    pub completion: Option<Completion>,
    pub user_answer: Option<UserAnswer>,
    /// Next refresh by a job; `None` if nothing can change any more.
    pub next_refresh: Option<OffsetDateTime>,
    pub status: Status,
}

/// A return in a browser without the user's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignReturn {
    pub at: OffsetDateTime,
    /// Whether the host may still confirm the user, because no other browser returned.
    pub awaiting_host_confirmation: bool,
}

/// Maximum size of a complete snapshot. A larger one leaves out old credentials, which the attempt cannot have created,
/// so that thousands of ids are not stored and read with every attempt.
const FULL_SNAPSHOT: usize = 200;
const OLD: Duration = Duration::DAY;

fn snapshot_of(
    listing: Listing,
    connector: &ConnectorId,
    replaces: Option<&CredentialId>,
    now: OffsetDateTime,
) -> BTreeSet<CredentialId> {
    let mut listed = listing.credentials;
    listed.retain(|credential| credential.connector.same_as(connector));
    if listed.len() > FULL_SNAPSHOT {
        let young = |listed: &Listed| listed.created_at.is_none_or(|created| created + OLD > now);
        listed.retain(|listed| young(listed) || Some(&listed.id) == replaces);
    }
    listed.into_iter().map(|listed| listed.id).collect()
}

impl LinkAttempt {
    pub fn begin(begin: Begin) -> Self {
        let vendor_now = begin.snapshot.as_ref().and_then(|listing| listing.answered_at);
        let mut attempt = Self {
            id: begin.id,
            version: 0,
            session_id: begin.session_id,
            user: begin.user,
            authentication_type: begin.authentication_type,
            is_api_key: begin.is_api_key,
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
            returned_again_at: None,
            derived_from: None,
            refusal: None,
            foreign_return: None,
            completion: None,
            user_answer: None,
            next_refresh: None,
            status: Status::Pending { evidence: None },
        };
        attempt.next_refresh = attempt.next_refresh_after(begin.at);
        attempt
    }

    pub fn state(&self) -> State {
        self.status.state()
    }

    pub fn is_open(&self) -> bool {
        self.state() == State::Pending
    }

    pub fn reason(&self) -> Option<Reason> {
        self.status.reason()
    }

    pub fn settled_at(&self) -> Option<OffsetDateTime> {
        self.status.settled_at()
    }

    /// Of several credentials, the one that was created first.
    pub fn credential(&self) -> Option<&CredentialId> {
        self.status.credential()
    }

    pub fn proof(&self) -> Option<Proof> {
        self.status.link()?.proof
    }

    pub fn account(&self) -> Option<&str> {
        self.status.link()?.account.as_deref()
    }

    /// Returns `true` if it is open and the user or an administrator refused it at the provider.
    pub fn is_refused(&self) -> bool {
        self.is_open() && !self.awaits_completion() && self.refusal.is_some_and(Reason::is_denial)
    }

    /// Returns `true` if it is open and the provider reported an error other than a refusal.
    pub fn has_reported_error(&self) -> bool {
        self.is_open() && self.refusal == Some(Reason::UpstreamRefused)
    }

    pub fn foreign_at(&self) -> Option<OffsetDateTime> {
        self.foreign_return.map(|foreign| foreign.at)
    }

    /// Returns `true` if the only return came without the user's session and the host may still confirm the user.
    pub fn is_awaiting_host_confirmation(&self) -> bool {
        self.foreign_return.is_some_and(|foreign| foreign.awaiting_host_confirmation)
    }

    /// Returns `true` if there is evidence and only the host's completion is missing.
    pub fn awaits_completion(&self) -> bool {
        match &self.status {
            Status::Pending { evidence } => evidence.is_some(),
            Status::Denied(end) | Status::Failed(end) => self.needs_completion && end.credential.is_some(),
            Status::Linked(_) | Status::Expired(_) | Status::Unverified(_) => false,
        }
    }

    /// Returns `true` if a later bound return with evidence still links it: the user or the provider said *no*, or
    /// reported an error. Its authorization URL still works.
    pub fn gives_way(&self) -> bool {
        let was_sent = self.returned_at.is_some() || self.user_answer.is_some();
        match &self.status {
            Status::Denied(_) => !self.is_api_key,
            Status::Failed(end) => was_sent && matches!(end.reason, Reason::NotConfirmed | Reason::UpstreamRefused),
            _ => false,
        }
    }

    /// Returns `true` if it ended before its deadline and its authorization URL still works, so that a credential may be
    /// created that no return brings.
    pub fn leaves_link(&self) -> bool {
        let is_superseded = self.reason() == Some(Reason::Superseded) && !self.is_api_key;
        let is_early = self.settled_at().is_some_and(|at| at < self.deadline);
        is_early && (is_superseded || self.gives_way())
    }

    /// Returns `true` if it was allowed after a *no* or an error, and no return brought the credential.
    pub fn was_allowed_later(&self) -> bool {
        let has_ended_before =
            self.returned_at.is_some() || self.user_answer.is_some_and(|answer| answer != UserAnswer::Allowed);
        has_ended_before && self.state() == State::Unverified && self.reason() == Some(Reason::NoReturn)
    }

    /// The last bound return after an end that gives way to it.
    pub fn later_return(&self) -> Option<OffsetDateTime> {
        let ended_at = self.settled_at().filter(|_| self.gives_way())?;
        self.returned_at.filter(|at| *at > ended_at)
    }

    /// With completion only the session of the beginning counts, because any holder of a start link can open another
    /// one. Otherwise every session of the user counts.
    pub fn binds_session(&self, session: SessionId, needs_completion: bool) -> bool {
        self.session_id == session || !(self.needs_completion || needs_completion)
    }

    pub fn has_foreign_return(&self) -> bool {
        self.foreign_return.is_some_and(|foreign| !foreign.awaiting_host_confirmation)
    }

    pub fn has_recent_foreign_return(&self, now: OffsetDateTime) -> bool {
        self.foreign_at().is_some_and(|at| now < at + Duration::SECOND)
    }

    /// An input that nothing else has, so that the attempt is never continued.
    pub(super) fn own_input(&self, id: AttemptId) -> Digest {
        Digest::of(&[self.input.to_text().as_bytes(), id.uuid().as_bytes()].concat())
    }

    /// Returns `true` if beginning again with this input continues the attempt. Without a snapshot it can never be
    /// proved, so it continues only while the list fails; an API key is not sent twice for that.
    pub fn continues_with(&self, input: &Digest, listing: Option<&Listing>, now: OffsetDateTime) -> bool {
        let can_be_proved = self.snapshot.is_some() || listing.is_none() || self.is_api_key;
        self.is_open() && self.foreign_return.is_none() && now < self.deadline && self.input == *input && can_be_proved
    }
}
