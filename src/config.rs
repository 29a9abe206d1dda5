//! Every setting, from the built-in defaults, the file and the environment.
//!
//! `config/default.toml` says what each one means; here is what it becomes.

mod bad;
mod changes;
mod connectors;
mod finding;
mod host;
mod journey;
mod layers;
mod operation;
pub mod redact;
pub mod safety;
mod secret_files;
mod values;

use std::path::Path;

use serde::Deserialize;

pub(crate) use crate::runtime::net::{has_login, is_loopback};
pub use bad::{BadSetting, SettingsError};
pub use changes::Written;
pub use connectors::{ConnectorSettings, Connectors, FieldText};
pub use finding::{Finding, Fix, Severity};
pub use host::{Brand, Host, VerifyCompletion, Webhook};
pub use journey::{Link, Retention, Session, WithoutReturn};
pub use operation::{Alloy, Limits, Rate, Server, StoreSettings, Telemetry};

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// How long what is over is kept.
    pub retention: Retention,
    /// Which apps, and the host's words for them.
    pub connectors: Connectors,
    /// The host's looks.
    pub brand: Brand,
    /// How many requests.
    pub limits: Limits,
    /// Logs.
    pub telemetry: Telemetry,
}

impl Settings {
    /// Reads the settings: the environment wins over the file, and the file over the defaults. Of the environment only
    /// names that begin with `GANGWAY__` are read. Whether the whole is safe to serve is asked of [`safety`].
    ///
    /// # Errors
    /// When the file cannot be read or is no TOML, or with every unknown key and bad value at once.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let text = file.map(layers::read).transpose()?;
        Self::from_texts(text.as_deref().as_slice(), environment)
    }

    /// The same with the files' texts, of which a later one wins.
    pub(crate) fn from_texts(
        files: &[&str],
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        layers::stack(files, environment)?.settle()
    }
}

#[cfg(test)]
mod tests;
