//! Which attempt a credential belongs to.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::{AttemptId, Proof, State};
use crate::domain::credential::CredentialId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub attempt: AttemptId,
    pub state: State,
    /// Creation time by the vendor's clock; `None` if it was not listed when it was claimed.
    pub made_at: Option<OffsetDateTime>,
    /// The last proof of the credential, by this attempt or by a later one that renewed it.
    pub proof: Option<Proof>,
    pub account: Option<String>,
}

impl Claim {
    pub fn untried(attempt: AttemptId, state: State, made_at: Option<OffsetDateTime>) -> Self {
        Self { attempt, state, made_at, proof: None, account: None }
    }
}

pub type Claims = HashMap<CredentialId, Claim>;
