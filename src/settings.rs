//! Every setting, from the defaults, the file and the environment.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use secrecy::SecretString;
use url::Url;

/// All settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where we listen, and how the world sees us.
    pub server: Server,
    /// The vendor.
    pub alloy: Alloy,
    /// Where things are kept.
    pub store: StoreSettings,
    /// Browser sessions.
    pub session: Session,
    /// The product that embeds us.
    pub host: Host,
    /// Events to the host.
    pub webhook: Webhook,
    /// Attempts.
    pub link: Link,
    /// Which apps, and the host's words for them.
    pub connectors: Connectors,
    /// The host's looks.
    pub brand: Brand,
    /// How many requests.
    pub limits: Limits,
    /// Logs.
    pub telemetry: Telemetry,
}

/// `server.*`
#[derive(Debug, Clone)]
pub struct Server {
    /// `server.bind`, 127.0.0.1:3000.
    pub bind: SocketAddr,
    /// `server.public_url`: an origin without a path.
    pub public_url: Url,
    /// `server.admin_bind`, 127.0.0.1:3001.
    pub admin_bind: SocketAddr,
    /// `server.trusted_proxies`: addresses or networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<String>,
}

/// `alloy.*`
#[derive(Debug, Clone)]
pub struct Alloy {
    /// `alloy.base_url`, `https://production.runalloy.com`.
    pub base_url: Url,
    /// `alloy.api_key`
    pub api_key: SecretString,
    /// `alloy.api_version`, 2025-09.
    pub api_version: String,
    /// `alloy.username_prefix`, put before the host's id to make Alloy's username.
    pub username_prefix: String,
    /// `alloy.allowed_hosts`: hosts that an authorization URL may name (`api.runalloy.com`, `*.runalloy.com`); empty
    /// means any over https.
    pub allowed_hosts: Vec<String>,
}

/// `store.*`
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `store.url`: `sqlite://gangway.db` or `postgres://…`; a secret, because it may hold a password.
    pub url: SecretString,
}

/// `session.*`
#[derive(Debug, Clone)]
pub struct Session {
    /// `session.keys`: texts of 32 bytes or more; the first writes, all read.
    pub keys: Vec<SecretString>,
    /// `session.start_code`, 10 minutes.
    pub start_code: Duration,
    /// `session.idle`, 30 minutes.
    pub idle: Duration,
    /// `session.absolute`, 4 hours.
    pub absolute: Duration,
}

/// When the host must complete a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyCompletion {
    /// Never.
    Never,
    /// For sessions that arrived by link.
    Links,
    /// Always.
    Always,
}

/// `host.*`
#[derive(Debug, Clone)]
pub struct Host {
    /// `host.name`, as pages call it.
    pub name: String,
    /// `host.api_keys`: plain, or `sha256:` and 64 hexadecimal digits.
    pub api_keys: Vec<SecretString>,
    /// `host.origins`: whose pages may post a start code (`https://app.acme.com`).
    pub origins: Vec<Url>,
    /// `host.return_urls`: the exact addresses to which a browser may be sent back; the first is the default.
    pub return_urls: Vec<Url>,
    /// `host.verify_completion`
    pub verify_completion: VerifyCompletion,
}

/// `webhook.*`
#[derive(Debug, Clone)]
pub struct Webhook {
    /// `webhook.url`; none means that nothing is sent.
    pub url: Option<Url>,
    /// `webhook.secrets`: `whsec_…`
    pub secrets: Vec<SecretString>,
    /// `webhook.allow_private`: whether the receiver may have a private address.
    pub allow_private: bool,
}

/// What becomes of a credential whose browser never came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutReturn {
    /// Tell the host, and leave it.
    Report,
    /// Tell the host, and delete it.
    Delete,
}

/// `link.*`
#[derive(Debug, Clone)]
pub struct Link {
    /// `link.patience`, 60 seconds: after this a bare return is called not confirmed.
    pub patience: Duration,
    /// `link.deadline`, 65 minutes.
    pub deadline: Duration,
    /// `link.without_return`
    pub without_return: WithoutReturn,
}

/// `connectors.*`
#[derive(Debug, Clone, Default)]
pub struct Connectors {
    /// `connectors.allowed`: ids; empty means all.
    pub allowed: Vec<String>,
    /// `connectors.<id>.*`, by the id in lower case.
    pub each: BTreeMap<String, ConnectorSettings>,
}

/// `connectors.<id>.*`
#[derive(Debug, Clone, Default)]
pub struct ConnectorSettings {
    /// The id as the settings spell it; used upstream where the vendor serves no catalogue.
    pub id: String,
    /// `enabled`, true.
    pub enabled: bool,
    /// `name`
    pub name: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `category`
    pub category: Option<String>,
    /// `permissions`: plain sentences.
    pub permissions: Vec<String>,
    /// `consent_name`
    pub consent_name: Option<String>,
    /// `docs_url`
    pub docs_url: Option<Url>,
    /// `revoke_url`
    pub revoke_url: Option<Url>,
    /// `auth_config_id`
    pub auth_config_id: Option<String>,
    /// `authentication_type`: used only where the vendor serves no metadata; `oauth2`.
    pub authentication_type: Option<String>,
    /// `fields.<name>.*`
    pub fields: BTreeMap<String, FieldText>,
}

/// `connectors.<id>.fields.<name>.*`: what a form says of one field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldText {
    /// `label`
    pub label: Option<String>,
    /// `hint`
    pub hint: Option<String>,
    /// `example`
    pub example: Option<String>,
    /// `secret`: typed as a password.
    pub secret: Option<bool>,
    /// `help_url`: the page that says where to find it.
    pub help_url: Option<Url>,
}

/// `brand.*`
#[derive(Debug, Clone, Default)]
pub struct Brand {
    /// `brand.logo`: a file (SVG or PNG) that we serve.
    pub logo: Option<std::path::PathBuf>,
    /// `brand.color`: `#rrggbb`.
    pub color: Option<String>,
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
#[derive(Debug, Clone)]
pub struct Limits {
    /// `limits.per_session`
    pub per_session: Rate,
    /// `limits.per_address`
    pub per_address: Rate,
    /// `limits.overall`
    pub overall: Rate,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

/// `telemetry.*`
#[derive(Debug, Clone)]
pub struct Telemetry {
    /// `telemetry.log`, a filter such as `info` or `gangway=debug`.
    pub log: String,
    /// `telemetry.format`
    pub format: LogFormat,
}
