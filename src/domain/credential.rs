//! Credentials as the vendor lists them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::domain::{connector::ConnectorId, text};

/// The vendor's id of a stored credential, documented as 24 hexadecimal characters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CredentialId(String);

text::newtype!(CredentialId, "credential id", |raw| text::vendor_id(raw));

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: CredentialId,
    pub connector: ConnectorId,
    pub name: String,
    /// `None` if the vendor's text is not a time.
    pub created_at: Option<OffsetDateTime>,
    /// Changes with every update, including the renewal of a token.
    pub updated_at: Option<OffsetDateTime>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// In the vendor's order, which has no meaning.
    pub credentials: Vec<Listed>,
    /// By the vendor's clock (`Date`), as the credentials' times.
    pub answered_at: Option<OffsetDateTime>,
}

impl Listing {
    /// Removes disconnected credentials, which the vendor may still list for a while.
    #[must_use]
    pub fn without(mut self, disconnected: &BTreeSet<CredentialId>) -> Self {
        self.credentials.retain(|listed| !disconnected.contains(&listed.id));
        self
    }

    pub fn has(&self, id: &CredentialId, connector: &ConnectorId) -> bool {
        self.credentials.iter().any(|listed| listed.id == *id && listed.connector.same_as(connector))
    }
}
