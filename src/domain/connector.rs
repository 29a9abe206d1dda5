//! An app that can be linked.

use serde::{Deserialize, Serialize};

use crate::domain::text;

/// The vendor's id of an app, such as `slack` or `zohoCRM`: case-sensitive, 1 to 64 letters, digits, `-` and `_`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectorId(String);

text::newtype!(ConnectorId, "connector id", |raw| text::vendor_id(raw));

impl ConnectorId {
    /// Ignores case, because settings may spell an id differently.
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// Fallback name of an app: "Zoho CRM" for `zohoCRM`.
    pub fn readable(&self) -> String {
        text::readable(&self.0).unwrap_or_else(|| self.0.clone())
    }
}

/// Sign-in method of an app in the vendor's spelling (`oauth2`, …), always taken from the metadata.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuthenticationType(String);

text::newtype!(AuthenticationType, "authentication type", |raw| text::vendor_id(raw));

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connector {
    pub id: ConnectorId,
    pub name: String,
    /// The vendor's URL of its icon. Pages never link to it.
    pub icon: Option<String>,
    pub description: Option<String>,
    pub category: Option<String>,
    pub permissions: Vec<String>,
    /// The name on the provider's consent page.
    pub consent_name: Option<String>,
    pub docs_url: Option<String>,
    pub revoke_url: Option<String>,
    pub whoami: Option<Whoami>,
}

/// A harmless call that returns the account's name. Its success proves that the stored key or sign-in works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whoami {
    pub action: String,
    /// Path of the account's name in the response: names separated by dots.
    pub field: String,
    pub label: Option<String>,
}

impl Connector {
    pub fn unknown(id: ConnectorId) -> Self {
        Self {
            name: id.as_str().to_owned(),
            id,
            icon: None,
            description: None,
            category: None,
            permissions: Vec::new(),
            consent_name: None,
            docs_url: None,
            revoke_url: None,
            whoami: None,
        }
    }
}
