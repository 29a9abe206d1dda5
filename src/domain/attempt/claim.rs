//! Which attempt a credential belongs to.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::{AttemptId, Proof, State};
use crate::domain::credential::CredentialId;

/// The record that a credential belongs to an attempt, with the attempt's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub attempt: AttemptId,
    pub state: State,
    /// When the credential was created, by the vendor's clock, if that was listed when it was claimed.
    pub made_at: Option<OffsetDateTime>,
    /// The last proof of the credential, by this attempt or by a later one that renewed it.
    pub proof: Option<Proof>,
    /// The name of the account that the provider reported with the proof.
    pub account: Option<String>,
}

impl Claim {
    /// A claim whose credential was never proved.
    pub fn untried(attempt: AttemptId, state: State, made_at: Option<OffsetDateTime>) -> Self {
        Self { attempt, state, made_at, proof: None, account: None }
    }
}

/// The claims on a user's credentials, at most one for each.
pub type Claims = HashMap<CredentialId, Claim>;
