//! A user's connections, and the rule for what counts as connected.

use std::{cmp::Ordering, collections::BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::attempt::{AttemptId, LinkAttempt, Proof, State};

pub use crate::domain::{
    attempt::{Claim, Claims},
    credential::{CredentialId, Listed, Listing},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    Linked,
    External,
}

/// Whether a connection can be used, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    Connected,
    /// The app or the provider refused it.
    NeedsReconnect,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    pub credential: Listed,
    pub origin: Origin,
    pub status: ConnectionStatus,
    pub attempt: Option<AttemptId>,
    /// `None` if it was never proved.
    pub proof: Option<Proof>,
    pub account: Option<String>,
}

impl Connection {
    #[must_use]
    pub fn with_refusals(mut self, refused: &BTreeSet<CredentialId>) -> Self {
        if refused.contains(&self.credential.id) {
            self.status = ConnectionStatus::NeedsReconnect;
        }
        self
    }

    pub fn needs_reconnect(&self) -> bool {
        self.status == ConnectionStatus::NeedsReconnect
    }

    fn linked(credential: &Listed, claim: &Claim) -> Self {
        Self {
            credential: credential.clone(),
            origin: Origin::Linked,
            status: ConnectionStatus::Connected,
            attempt: Some(claim.attempt),
            proof: claim.proof,
            account: claim.account.clone(),
        }
    }

    fn external(credential: &Listed) -> Self {
        Self {
            credential: credential.clone(),
            origin: Origin::External,
            status: ConnectionStatus::Connected,
            attempt: None,
            proof: None,
            account: None,
        }
    }
}

/// Returns the connections: listed credentials that a linked attempt claimed, or that no attempt can have created.
/// Credentials that an open attempt may have created are hidden until their user is verified. Those of ended or purged
/// attempts (`from_ended_attempts`) stay hidden, because another browser may use the authorization URL until it expires.
pub fn connected(
    listing: &Listing,
    claims: &Claims,
    open: &[LinkAttempt],
    from_ended_attempts: &BTreeSet<CredentialId>,
) -> Vec<Connection> {
    let ours = |credential: &Listed| {
        from_ended_attempts.contains(&credential.id) || open.iter().any(|attempt| attempt.may_have_created(credential))
    };
    let mut connections: Vec<Connection> = listing
        .credentials
        .iter()
        .filter_map(|credential| match claims.get(&credential.id) {
            Some(claim) => (claim.state == State::Linked).then(|| Connection::linked(credential, claim)),
            None if ours(credential) => None,
            None => Some(Connection::external(credential)),
        })
        .collect();
    connections.sort_by(oldest_first);
    connections
}

/// Returns listed credentials claimed by attempts that are not linked, with the state. They never count as connected.
pub fn in_doubt(listing: &Listing, claims: &Claims) -> Vec<(Connection, State)> {
    let claimed = |credential: &Listed| {
        let claim = claims.get(&credential.id).filter(|claim| claim.state != State::Linked)?;
        Some((Connection::linked(credential, claim), claim.state))
    };
    let mut doubtful: Vec<_> = listing.credentials.iter().filter_map(claimed).collect();
    doubtful.sort_by(|(one, _), (other, _)| oldest_first(one, other));
    doubtful
}

pub fn oldest_first(one: &Connection, other: &Connection) -> Ordering {
    (one.credential.created_at, &one.credential.id).cmp(&(other.credential.created_at, &other.credential.id))
}
