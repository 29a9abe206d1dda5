//! How Gangway runs: where it listens, whom it calls, where it keeps things, how much it takes, what it logs.

use std::{net::SocketAddr, num::NonZeroU32, time::Duration};

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::values;
use crate::runtime::logging::LogFormat;

/// `server.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// `server.bind`, 127.0.0.1:3000.
    #[serde(deserialize_with = "values::address")]
    pub bind: SocketAddr,
    /// `server.public_url`: an origin without a path.
    #[serde(deserialize_with = "values::url")]
    pub public_url: Url,
    /// `server.admin_bind`, 127.0.0.1:3001.
    #[serde(deserialize_with = "values::address")]
    pub admin_bind: SocketAddr,
    /// `server.trusted_proxies`: addresses or networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed.
    #[serde(deserialize_with = "values::texts")]
    pub trusted_proxies: Vec<String>,
    /// `server.drain`, 2 seconds: so long after the word to stop we are not ready any more, and still take requests.
    #[serde(deserialize_with = "values::duration")]
    pub drain: Duration,
}

/// `alloy.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alloy {
    /// `alloy.base_url`, `https://production.runalloy.com`.
    #[serde(deserialize_with = "values::url")]
    pub base_url: Url,
    /// `alloy.api_key`
    #[serde(deserialize_with = "values::secret")]
    pub api_key: SecretString,
    /// `alloy.api_version`, 2025-09.
    pub api_version: String,
    /// `alloy.username_prefix`, put before the host's id to make Alloy's username.
    pub username_prefix: String,
    /// `alloy.allowed_hosts`: hosts that an authorization URL may name (`api.runalloy.com`, `*.runalloy.com`); empty
    /// means any over https.
    #[serde(deserialize_with = "values::texts")]
    pub allowed_hosts: Vec<String>,
    /// `alloy.icon_hosts`: hosts from which the apps' pictures are fetched (`cdn.runalloy.com`); empty means any over
    /// https.
    #[serde(deserialize_with = "values::texts")]
    pub icon_hosts: Vec<String>,
}

/// `store.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// `store.url`: `sqlite://gangway.db` or `postgres://…`; a secret, because it may hold a password.
    #[serde(deserialize_with = "values::secret")]
    pub url: SecretString,
}

/// A number of requests in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub requests: u32,
    /// In how long.
    pub per: Duration,
}

/// `limits.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// `limits.per_session`, of all sessions of one user together.
    #[serde(deserialize_with = "values::rate")]
    pub per_session: Rate,
    /// `limits.per_address`
    #[serde(deserialize_with = "values::rate")]
    pub per_address: Rate,
    /// `limits.per_key`, of the host's API.
    #[serde(deserialize_with = "values::rate")]
    pub per_key: Rate,
    /// `limits.overall`, of pages, and once more of calls with a host key.
    #[serde(deserialize_with = "values::rate")]
    pub overall: Rate,
    /// `limits.attempts_per_user`
    #[serde(deserialize_with = "values::rate")]
    pub attempts_per_user: Rate,
    /// `limits.keys_per_app`
    #[serde(deserialize_with = "values::count")]
    pub keys_per_app: NonZeroU32,
    /// `limits.held_per_session`: how many status requests of one user are held at once.
    #[serde(deserialize_with = "values::count")]
    pub held_per_session: NonZeroU32,
}

/// `telemetry.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    /// `telemetry.log`, a filter such as `info` or `gangway=debug`.
    pub log: String,
    /// `telemetry.format`
    pub format: LogFormat,
}
