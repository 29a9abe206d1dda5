//! How long the steps of the journey last.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use super::values;

/// `session.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// `session.keys`: texts of 32 bytes or more; the first writes, all read.
    #[serde(deserialize_with = "values::secrets")]
    pub keys: Vec<SecretString>,
    /// `session.start_code`, 10 minutes.
    #[serde(deserialize_with = "values::duration")]
    pub start_code: Duration,
    /// `session.idle`, 30 minutes.
    #[serde(deserialize_with = "values::duration")]
    pub idle: Duration,
    /// `session.absolute`, 4 hours.
    #[serde(deserialize_with = "values::duration")]
    pub absolute: Duration,
}

/// What becomes of a credential whose browser never came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithoutReturn {
    /// Tell the host, and leave it.
    Report,
    /// Tell the host, and delete it.
    Delete,
}

/// `link.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// `link.patience`, 60 seconds: so long after the return, a user who said that they allowed it is asked again.
    #[serde(deserialize_with = "values::duration")]
    pub patience: Duration,
    /// `link.deadline`, 65 minutes.
    #[serde(deserialize_with = "values::duration")]
    pub deadline: Duration,
    /// `link.without_return`
    pub without_return: WithoutReturn,
}

/// `retention.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// `retention.sessions`, 30 days after they were made.
    #[serde(deserialize_with = "values::duration")]
    pub sessions: Duration,
    /// `retention.events`, 30 days, with all tries to deliver them.
    #[serde(deserialize_with = "values::duration")]
    pub events: Duration,
    /// `retention.attempts`, 90 days after their end; behind a connection they stay until it is gone.
    #[serde(deserialize_with = "values::duration")]
    pub attempts: Duration,
}
