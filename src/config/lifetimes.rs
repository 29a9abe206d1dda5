//! Lifetimes of sessions, attempts and stored data.
#![expect(missing_docs, reason = "config/default.toml documents every setting")]

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use super::values;
use crate::domain::session::Lifetime;

/// `session.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    #[serde(deserialize_with = "values::secrets")]
    pub keys: Vec<SecretString>,
    #[serde(deserialize_with = "values::duration")]
    pub start_code: Duration,
    #[serde(deserialize_with = "values::duration")]
    pub idle: Duration,
    #[serde(deserialize_with = "values::duration")]
    pub absolute: Duration,
}

impl Session {
    pub(crate) fn lifetime(&self) -> Lifetime {
        let saturating = |duration| time::Duration::try_from(duration).unwrap_or(time::Duration::MAX);
        Lifetime { idle: saturating(self.idle), absolute: saturating(self.absolute) }
    }
}

/// What happens to a credential whose browser never came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithoutReturn {
    /// Notify the host, and leave it at Alloy.
    Report,
    /// Notify the host, and delete it.
    Delete,
}

/// `link.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    #[serde(deserialize_with = "values::duration")]
    pub patience: Duration,
    #[serde(deserialize_with = "values::duration")]
    pub deadline: Duration,
    pub without_return: WithoutReturn,
}

/// `retention.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    #[serde(deserialize_with = "values::duration")]
    pub sessions: Duration,
    #[serde(deserialize_with = "values::duration")]
    pub events: Duration,
    #[serde(deserialize_with = "values::duration")]
    pub attempts: Duration,
}
