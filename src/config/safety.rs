//! Settings with which `serve` refuses to start: those that expose secrets or accounts, and missing ones that every page needs.

mod addresses;
mod bounds;
mod logins;
mod secrets;
mod tokens;
mod webhook;

use std::fmt;

use thiserror::Error;

use super::{Finding, Settings};
use crate::domain::clock::Entropy;

pub(crate) use secrets::{ALLOY_KEY_PLACEHOLDER, fresh_host_key, fresh_session_key};
pub(crate) use webhook::fresh_webhook_secret;

/// The entropy is for fresh keys in the lines to write.
pub(crate) fn check(settings: &Settings, entropy: &dyn Entropy) -> Vec<Finding> {
    let mut found = Vec::new();
    secrets::check(settings, entropy, &mut found);
    addresses::check(settings, &mut found);
    tokens::check(&settings.host, &mut found);
    webhook::check(settings, entropy, &mut found);
    bounds::check(settings, &mut found);
    logins::check(settings, &mut found);
    found
}

/// The settings are not safe to serve with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) struct UnsafeSettings(pub(crate) Vec<Finding>);

impl fmt::Display for UnsafeSettings {
    /// Without the lines to write: this goes to logs, and a line may hold a fresh key.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Gangway does not start with these settings:")?;
        for Finding { setting, current, meaning, .. } in &self.0 {
            write!(out, "\n  {setting} is {current}: {meaning}")?;
        }
        out.write_str("\n`gangway check` says what to write.")
    }
}

impl Settings {
    /// Returns an error with all findings if `serve` may not start.
    pub(crate) fn safe_to_serve(&self, entropy: &dyn Entropy) -> Result<(), UnsafeSettings> {
        let found = check(self, entropy);
        if found.is_empty() { Ok(()) } else { Err(UnsafeSettings(found)) }
    }
}
