//! Errors of unreadable settings.

use std::{fmt, path::PathBuf};

use serde_json::Value;
use thiserror::Error;

use super::Finding;

/// An unknown key, or an invalid value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSetting {
    pub(crate) key: String,
    pub(crate) variable: Option<String>,
    pub(crate) current: String,
    pub(crate) expected: String,
    pub(crate) default: Option<Value>,
}

impl InvalidSetting {
    /// A setting of the file that has no default.
    pub(super) fn in_file(key: String, current: String, expected: String) -> Self {
        Self { key, variable: None, current, expected, default: None }
    }

    pub(crate) fn finding(&self) -> Finding {
        let origin = self.variable.as_ref().map_or_else(String::new, |variable| format!(" (from {variable})"));
        let finding =
            Finding::error(&self.key, format!("{}{origin}", self.current), format!("wanted: {}", self.expected));
        match &self.default {
            Some(default) => finding.write(default.clone()),
            None => finding,
        }
    }
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, variable, current, expected, .. } = self;
        match variable {
            Some(variable) => write!(out, "{key} (from {variable}) is {current}; wanted: {expected}"),
            None => write!(out, "{key} is {current}; wanted: {expected}"),
        }
    }
}

/// Error of [`Settings::load`](super::Settings::load); holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The file of `--config` cannot be read.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's message.
        reason: String,
    },
    /// The text is not TOML.
    #[error("the settings are not valid TOML: {0}")]
    Malformed(String),
    /// All invalid settings.
    #[error("{}", listed(.0))]
    Invalid(Vec<InvalidSetting>),
}

fn listed(invalid: &[InvalidSetting]) -> String {
    let mut text = match invalid.len() {
        1 => "one setting is wrong:".to_owned(),
        count => format!("{count} settings are wrong:"),
    };
    for one in invalid {
        text.push_str("\n  ");
        text.push_str(&one.to_string());
    }
    text
}
