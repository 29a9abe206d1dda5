//! An app that can be linked.

use serde::{Deserialize, Serialize};

use crate::domain::text;

/// The vendor's id of an app, such as `slack` or `zohoCRM`: case-sensitive, 1 to 64 letters, digits, `-` and `_`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectorId(String);

text::newtype!(ConnectorId, "connector id", |raw| text::vendor_id(raw));

impl ConnectorId {
    /// Whether both name the same app; settings may spell an id in another case.
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// A name for an app that has none: "Zoho CRM" for `zohoCRM`.
    pub fn readable(&self) -> String {
        text::readable(&self.0).unwrap_or_else(|| self.0.clone())
    }
}

/// How an app is signed in to, in the vendor's own spelling (`oauth2`, …): always taken from the metadata.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuthenticationType(String);

text::newtype!(AuthenticationType, "authentication type", |raw| text::vendor_id(raw));

/// A catalogue entry of the vendor with the host's settings applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connector {
    /// In the vendor's spelling.
    pub id: ConnectorId,
    pub name: String,
    /// The vendor's URL of its icon. Pages never link to it.
    pub icon: Option<String>,
    pub description: Option<String>,
    pub category: Option<String>,
    /// What the host will be able to do, one sentence each.
    pub permissions: Vec<String>,
    /// The name that the provider's own page asks the user to allow.
    pub consent_name: Option<String>,
    /// The host's page about this app.
    pub docs_url: Option<String>,
    /// The provider's page for revoking access.
    pub revoke_url: Option<String>,
    /// The call that proves a credential.
    pub whoami: Option<Whoami>,
}

/// The one harmless call that says whose account was linked. That it works proves that the stored key or sign-in does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whoami {
    /// The vendor's id of the action.
    pub action: String,
    /// Where the account's name is in what the provider answers: a name, or names with dots between them.
    pub field: String,
    /// What people call such an account, such as "Workspace".
    pub label: Option<String>,
}

impl Connector {
    /// An app without a catalogue entry.
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
