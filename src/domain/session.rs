//! Connect sessions: the host's permission for one end user to use Gangway for a while.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use strum::EnumString;
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
pub struct SessionId(Uuid);

impl SessionId {
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        Uuid::parse_str(raw).map(Self).map_err(|_| Malformed("session id"))
    }

    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(out)
    }
}

/// One-time secret that opens a session in a browser. Only its digest is stored.
#[derive(Clone, Debug)]
pub struct StartCode(SecretString);

impl StartCode {
    /// Parses a code: 1 to 128 URL-safe characters.
    pub fn parse(raw: &str) -> Result<Self, Malformed> {
        text::url_safe(raw, 128).then(|| Self(raw.into())).ok_or(Malformed("start code"))
    }

    pub fn digest(&self) -> Digest {
        Digest::of(self.expose().as_bytes())
    }

    /// The plain code, only for the host's response, the start link and the start page's form.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The host's own reference of a session: 1 to 200 printable characters, returned as they came.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientReference(String);

text::newtype!(ClientReference, "client reference", |raw| text::printable(raw, 1, 200));

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::Display, EnumString)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum After {
    #[default]
    Stay,
    Return,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum Arrival {
    Link,
    Host,
}

/// Where our pages are shown: in the browser's own tab, in a pop-up of the host's page, or in a frame of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::Display, EnumString)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Display {
    #[default]
    Page,
    Popup,
    Frame,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum EndedBy {
    User,
    Host,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectSession {
    pub id: SessionId,
    pub user: EndUser,
    /// Allowed apps; empty means all.
    pub connectors: Vec<ConnectorId>,
    pub connector: Option<ConnectorId>,
    pub reconnect: Option<CredentialId>,
    pub after: After,
    /// Validated against the settings at creation.
    pub return_url: Option<String>,
    /// BCP 47 tag sent by the host.
    pub locale: Option<String>,
    pub created_at: OffsetDateTime,
    pub code_expires_at: OffsetDateTime,
    pub redeemed_at: Option<OffsetDateTime>,
    pub arrival: Option<Arrival>,
    /// Time of the browser's last request, to the minute.
    pub seen_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
    pub ended_by: Option<EndedBy>,
    /// The session from which the user created this one for another browser. It ends with that session.
    pub parent: Option<SessionId>,
    /// Maximum lifetime; `None` for a session created by the host.
    pub ends_at: Option<OffsetDateTime>,
    pub client_reference: Option<ClientReference>,
    /// Set when the start code is redeemed.
    pub display: Display,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub at: OffsetDateTime,
    /// Whether a request would extend it.
    pub can_wait: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Lifetime {
    pub idle: Duration,
    pub absolute: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Waiting,
    Live,
    /// It expired, but still binds the returns of its own attempts.
    RanOut,
    /// Ended by the user or the host: it binds nothing any more.
    Ended,
}

impl ConnectSession {
    /// The connection of the app that the host asks its user to reconnect.
    pub fn reconnects(&self, connector: &ConnectorId) -> Option<&CredentialId> {
        let is_own = self.connector.as_ref().is_some_and(|own| own.same_as(connector));
        self.reconnect.as_ref().filter(|_| is_own)
    }

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

    /// Returns `None` before it is redeemed.
    pub fn ends(&self, lifetime: Lifetime) -> Option<Ending> {
        Some(self.ending(self.redeemed_at?, lifetime))
    }

    /// The end of its time: of the code's before it is redeemed.
    pub fn expires_at(&self, lifetime: Lifetime) -> OffsetDateTime {
        self.redeemed_at.map_or(self.code_expires_at, |redeemed_at| self.ending(redeemed_at, lifetime).at)
    }

    fn ending(&self, redeemed_at: OffsetDateTime, lifetime: Lifetime) -> Ending {
        let idle = self.seen_at.unwrap_or(redeemed_at) + lifetime.idle;
        let absolute = redeemed_at + lifetime.absolute;
        let last = self.ends_at.map_or(absolute, |ends_at| absolute.min(ends_at));
        Ending { at: idle.min(last), can_wait: idle < last }
    }

    pub fn allows(&self, connector: &ConnectorId) -> bool {
        self.connectors.is_empty() || self.connectors.iter().any(|allowed| allowed.same_as(connector))
    }
}
