//! Every setting, from the built-in defaults, the file and the environment. `config/default.toml` documents each one.

mod changes;
mod connectors;
mod error;
mod finding;
mod host;
mod layers;
mod lifetimes;
mod operation;
pub(crate) mod redact;
pub(crate) mod safety;
mod secret_files;
mod store_url;
mod values;

use std::path::Path;

use serde::Deserialize;

pub(crate) use changes::RawSettings;
pub use connectors::{ConnectorSettings, Connectors, FieldText};
pub use error::{InvalidSetting, SettingsError};
pub(crate) use finding::{Finding, Fix, Severity};
pub use host::{Brand, Host, VerifyCompletion, Webhook};
pub use lifetimes::{Link, Retention, Session, WithoutReturn};
pub use operation::{Alloy, Limits, Server, StoreSettings, Telemetry};
pub use values::Rate;

/// All settings, with one field for each table of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the tables are documented in config/default.toml")]
pub struct Settings {
    pub server: Server,
    pub alloy: Alloy,
    pub store: StoreSettings,
    pub session: Session,
    pub host: Host,
    pub webhook: Webhook,
    pub link: Link,
    pub retention: Retention,
    pub connectors: Connectors,
    pub brand: Brand,
    pub limits: Limits,
    pub telemetry: Telemetry,
}

impl Settings {
    /// Reads the settings: the environment overrides the file, and the file the defaults. Only environment variables
    /// that begin with `GANGWAY__` are read. [`Settings::safe_to_serve`] checks whether they are safe to serve with.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        Ok(Self::load_with_raw(file, environment)?.0)
    }

    pub(crate) fn from_texts(
        files: &[&str],
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        layers::merge(files, Path::new(""), environment)?.into_settings()
    }
}

#[cfg(test)]
mod tests;
