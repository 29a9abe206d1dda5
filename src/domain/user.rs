//! The host's user.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::text;

/// The host's id of its user: 1 to 255 printable characters, but not `.` or `..`, which a URL path cannot carry.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExternalId(String);

text::newtype!(ExternalId, "user id", |raw| text::printable(raw, 1, 255) && !matches!(raw, "." | ".."));

const ERASED: &str = "erased-";

impl ExternalId {
    /// For stored rows: an earlier release may have accepted the id by a wider rule.
    pub(crate) fn stored(raw: &str) -> Self {
        Self(raw.to_owned())
    }

    /// The id in a request, where the pseudonym of an erased user names none.
    pub(crate) fn requested(raw: String) -> Option<Self> {
        Self::parse(raw).ok().filter(|id| !id.is_pseudonym())
    }

    pub fn pseudonym(random: Uuid) -> Self {
        Self(format!("{ERASED}{}", random.hyphenated()))
    }

    pub fn is_pseudonym(&self) -> bool {
        self.0.starts_with(ERASED) && self.0.chars().count() == ERASED.len() + 36
    }
}

/// Alloy's id of the same user, documented as 24 hexadecimal characters.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AlloyUserId(String);

text::newtype!(AlloyUserId, "Alloy user id", |raw| text::vendor_id(raw));

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndUser {
    pub external_id: ExternalId,
    pub name: Option<String>,
    pub email: Option<String>,
    /// `None` until the host sends it or it is found upstream.
    pub alloy_user_id: Option<AlloyUserId>,
}
