//! What is said of settings that cannot be read.

use std::{fmt, path::PathBuf};

use serde_json::Value;
use thiserror::Error;

use super::Finding;

/// An unknown key, or a value that is none for its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSetting {
    /// Its full name, such as `session.idle`.
    pub key: String,
    /// The environment variable that it came from, if it did.
    pub variable: Option<String>,
    /// The value, or its length where it is or may be a secret.
    pub seen: String,
    /// What would be right.
    pub wanted: String,
    /// Its value when nobody sets it; none for a key that there is not.
    pub default: Option<Value>,
}

impl BadSetting {
    /// The same as `check` tells it, with its default as the line to write.
    pub fn finding(&self) -> Finding {
        let origin = self.variable.as_ref().map_or_else(String::new, |variable| format!(" (from {variable})"));
        let finding = Finding::error(&self.key, format!("{}{origin}", self.seen), format!("wanted: {}", self.wanted));
        match &self.default {
            Some(default) => finding.write(default.clone()),
            None => finding,
        }
    }
}

impl fmt::Display for BadSetting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, variable, seen, wanted, .. } = self;
        match variable {
            Some(variable) => write!(out, "{key} (from {variable}) is {seen}; wanted: {wanted}"),
            None => write!(out, "{key} is {seen}; wanted: {wanted}"),
        }
    }
}

/// Why there are no settings. Nothing of it holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The file of `--config` cannot be read.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's own words.
        reason: String,
    },
    /// The text is no TOML. The line itself is not shown, because it may hold a secret.
    #[error("the settings are not valid TOML: {0}")]
    Malformed(String),
    /// Everything that is wrong, in the order in which it was found.
    #[error("{}", listed(.0))]
    Bad(Vec<BadSetting>),
}

fn listed(bad: &[BadSetting]) -> String {
    let mut text = match bad.len() {
        1 => "one setting is wrong:".to_owned(),
        count => format!("{count} settings are wrong:"),
    };
    for one in bad {
        text.push_str("\n  ");
        text.push_str(&one.to_string());
    }
    text
}
