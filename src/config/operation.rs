//! Operation: listeners, Alloy, the store, limits and logs.
#![expect(missing_docs, reason = "config/default.toml documents every setting")]

use std::{net::SocketAddr, num::NonZeroU32, time::Duration};

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::values::{self, Rate};
use crate::runtime::logging::LogFormat;

/// `server.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    #[serde(deserialize_with = "values::address")]
    pub bind: SocketAddr,
    #[serde(deserialize_with = "values::url")]
    pub public_url: Url,
    #[serde(deserialize_with = "values::address")]
    pub admin_bind: SocketAddr,
    #[serde(deserialize_with = "values::texts")]
    pub trusted_proxies: Vec<String>,
    #[serde(deserialize_with = "values::duration")]
    pub drain: Duration,
    #[serde(deserialize_with = "values::duration")]
    pub keep_alive: Duration,
}

/// `alloy.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alloy {
    #[serde(deserialize_with = "values::url")]
    pub base_url: Url,
    #[serde(deserialize_with = "values::secret")]
    pub api_key: SecretString,
    pub api_version: String,
    pub username_prefix: String,
    #[serde(deserialize_with = "values::texts")]
    pub allowed_hosts: Vec<String>,
    #[serde(deserialize_with = "values::texts")]
    pub icon_hosts: Vec<String>,
}

/// `store.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    #[serde(deserialize_with = "values::trimmed_secret")]
    pub url: SecretString,
}

/// `limits.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    #[serde(deserialize_with = "values::rate")]
    pub per_session: Rate,
    #[serde(deserialize_with = "values::rate")]
    pub per_address: Rate,
    #[serde(deserialize_with = "values::rate")]
    pub per_key: Rate,
    #[serde(deserialize_with = "values::rate")]
    pub overall: Rate,
    #[serde(deserialize_with = "values::rate")]
    pub attempts_per_user: Rate,
    #[serde(deserialize_with = "values::count")]
    pub keys_per_app: NonZeroU32,
    #[serde(deserialize_with = "values::count")]
    pub held_per_session: NonZeroU32,
}

/// `telemetry.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telemetry {
    pub log: String,
    pub format: LogFormat,
}
