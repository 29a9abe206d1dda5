//! The host's permission for one end user to use Gangway for a while.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::domain::{
    connector::ConnectorId,
    credential::CredentialId,
    keys::Digest,
    text::{self, Malformed},
};

pub use crate::domain::user::{AlloyUserId, EndUser, ExternalId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

impl fmt::Display for SessionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(out)
    }
}

/// The one-time secret that opens a [`ConnectSession`] in a browser. It is derived from the session's id and a key,
/// and never stored; only its digest is.
#[derive(Clone, Debug)]
pub struct StartCode(SecretString);

impl StartCode {
    /// Takes a code as it came from a browser or a key; 1 to 128 URL-safe characters.
    ///
    /// # Errors
    /// When the text cannot be a code.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        text::url_safe(raw, 128).then(|| Self(raw.into())).ok_or(Malformed("start code"))
    }

    /// What the store knows it by.
    pub fn digest(&self) -> Digest {
        Digest::of(self.expose().as_bytes())
    }

    /// The code itself, for the host's answer, the start link and the start page's form only.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// What the pages do after a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum After {
    /// Show the linked connection and the next steps.
    #[default]
    Stay,
    /// Redirect back to the host.
    Return,
}

/// How the browser arrived with its start code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arrival {
    /// By a link, through the start page.
    Link,
    /// The host's own page posted the code.
    Host,
}

/// Who ended a session early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndedBy {
    /// The end user, by leaving or by switching accounts.
    User,
    /// The host, through its API.
    Host,
}

/// The host's permission for one end user to use Gangway for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectSession {
    pub id: SessionId,
    pub user: EndUser,
    /// The only apps that it may link; empty means all that are allowed.
    pub connectors: Vec<ConnectorId>,
    /// The app to go to at once.
    pub connector: Option<ConnectorId>,
    /// The connection that the host asks to renew.
    pub reconnect: Option<CredentialId>,
    /// What the pages do after a link.
    pub after: After,
    /// The host's page to return to; validated against the settings at creation.
    pub return_url: Option<String>,
    /// The language requested by the host, as a BCP 47 tag.
    pub locale: Option<String>,
    pub created_at: OffsetDateTime,
    /// Until when its start code can be redeemed.
    pub code_expires_at: OffsetDateTime,
    /// When a browser redeemed the start code; `None` before.
    pub redeemed_at: Option<OffsetDateTime>,
    /// How that browser arrived.
    pub arrival: Option<Arrival>,
    /// The last request of its browser, to the minute.
    pub seen_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
    pub ended_by: Option<EndedBy>,
    /// The session from which its user created this one for another browser. It ends with that session.
    pub parent: Option<SessionId>,
    /// An upper limit of its lifetime; `None` for a session created by the host.
    pub ends_at: Option<OffsetDateTime>,
}

/// When a session ends if it receives no further request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub at: OffsetDateTime,
    /// Whether a request would extend it.
    pub can_wait: bool,
}

/// How long a session lives once it was redeemed.
#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    /// Without any request.
    pub idle: Duration,
    /// In all.
    pub absolute: Duration,
}

/// The state of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its start code is not redeemed yet.
    Waiting,
    /// A browser uses it.
    Live,
    /// It expired, but still binds the returns of its own attempts.
    RanOut,
    /// The user or the host ended it: it binds nothing any more.
    Ended,
}

impl ConnectSession {
    pub fn standing(&self, lifetime: Lifetime, now: OffsetDateTime) -> Standing {
        if self.ended_at.is_some() {
            return Standing::Ended;
        }
        let Some(redeemed_at) = self.redeemed_at else {
            return if now < self.code_expires_at { Standing::Waiting } else { Standing::RanOut };
        };
        let live = now < self.ending(redeemed_at, lifetime).at;
        if live { Standing::Live } else { Standing::RanOut }
    }

    /// When it expires; `None` before it is redeemed.
    pub fn ends(&self, lifetime: Lifetime) -> Option<Ending> {
        Some(self.ending(self.redeemed_at?, lifetime))
    }

    fn ending(&self, redeemed_at: OffsetDateTime, lifetime: Lifetime) -> Ending {
        let idle = self.seen_at.unwrap_or(redeemed_at) + lifetime.idle;
        let absolute = redeemed_at + lifetime.absolute;
        let last = self.ends_at.map_or(absolute, |ends_at| absolute.min(ends_at));
        Ending { at: idle.min(last), can_wait: idle < last }
    }

    /// Whether this session may link that app.
    pub fn allows(&self, connector: &ConnectorId) -> bool {
        self.connectors.is_empty() || self.connectors.iter().any(|allowed| allowed.same_as(connector))
    }
}
