//! With which settings `serve` refuses to start: those that would give secrets or accounts away, and those without
//! which no page can work.

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

pub use secrets::{ALLOY_KEY_PLACEHOLDER, fresh_host_key, fresh_session_key};
pub use webhook::fresh_webhook_secret;

/// Everything that stands against serving with these settings; empty if nothing does. The entropy makes the fresh keys
/// that stand in the lines to write.
pub fn dangers(settings: &Settings, entropy: &dyn Entropy) -> Vec<Finding> {
    let mut found = Vec::new();
    secrets::judge(settings, entropy, &mut found);
    addresses::judge(settings, &mut found);
    tokens::judge(&settings.host, &mut found);
    webhook::judge(settings, entropy, &mut found);
    bounds::judge(settings, &mut found);
    logins::judge(settings, &mut found);
    found
}

/// The settings are not safe to serve with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Unsafe(pub Vec<Finding>);

impl fmt::Display for Unsafe {
    /// Without the lines to write: this goes to logs, and a line may hold a fresh key.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Gangway does not start with these settings:")?;
        for Finding { setting, seen, meaning, .. } in &self.0 {
            write!(out, "\n  {setting} is {seen}: {meaning}")?;
        }
        out.write_str("\n`gangway check` says what to write.")
    }
}

impl Settings {
    /// Lets only settings through that are safe to serve with.
    ///
    /// # Errors
    /// With everything that stands against it.
    pub fn safe_to_serve(&self, entropy: &dyn Entropy) -> Result<(), Unsafe> {
        let found = dangers(self, entropy);
        if found.is_empty() { Ok(()) } else { Err(Unsafe(found)) }
    }
}
