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

/// Compares the names of two accounts, ignoring case and surrounding space. Returns `None` if one is unknown.
pub fn same_account(one: Option<&str>, other: Option<&str>) -> Option<bool> {
    let comparable = |account: &str| account.trim().to_lowercase();
    Some(comparable(one?) == comparable(other?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_compared_without_case_and_surrounding_space() {
        for (one, other, same) in [
            (Some("Acme HQ"), Some("Acme HQ"), Some(true)),
            (Some("jane@Acme.test"), Some(" JANE@acme.test\n"), Some(true)),
            (Some("ÄRZTE"), Some("ärzte"), Some(true)),
            (Some("Acme HQ"), Some("AcmeHQ"), Some(false)),
            (Some("Acme HQ"), Some("Globex"), Some(false)),
            (Some("Acme HQ"), None, None),
            (None, Some("Acme HQ"), None),
            (None, None, None),
        ] {
            assert_eq!(same_account(one, other), same, "{one:?} {other:?}");
        }
    }
}
