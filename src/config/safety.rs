//! Settings with which `serve` refuses to start: they expose secrets or accounts, or a required one is missing.

mod addresses;
mod bounds;
mod checks;
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

/// The entropy is for fresh keys in the fixes.
pub(crate) fn check(settings: &Settings, entropy: &dyn Entropy) -> Vec<Finding> {
    let mut found = Vec::new();
    secrets::check(settings, entropy, &mut found);
    addresses::check(settings, &mut found);
    tokens::check(&settings.host, &mut found);
    webhook::check(settings, entropy, &mut found);
    bounds::check(settings, &mut found);
    checks::check(settings, &mut found);
    logins::check(settings, &mut found);
    found
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) struct UnsafeSettings(pub(crate) Vec<Finding>);

impl fmt::Display for UnsafeSettings {
    /// Without the fixes: this is logged, and a fix may hold a fresh key.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Gangway does not start with these settings:")?;
        for Finding { setting, current, meaning, .. } in &self.0 {
            write!(out, "\n  {setting} is {current}: {meaning}")?;
        }
        out.write_str("\n`gangway check` says what to write.")
    }
}

impl Settings {
    pub(crate) fn safe_to_serve(&self, entropy: &dyn Entropy) -> Result<(), UnsafeSettings> {
        let found = check(self, entropy);
        if found.is_empty() { Ok(()) } else { Err(UnsafeSettings(found)) }
    }
}
