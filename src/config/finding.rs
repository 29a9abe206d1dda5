//! A problem of the settings, and what to write instead.

use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    Note,
    Warning,
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fix {
    /// A line for the table of the setting, such as `idle = "30m"`.
    Line(String),
    /// The corrected heading of a table, such as `[connectors.slack]`.
    Heading(String),
    Command(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    /// Full name, such as `session.idle`.
    pub(crate) setting: String,
    /// The value, or the length of a secret.
    pub(crate) current: String,
    /// What is wrong, and its consequence.
    pub(crate) meaning: String,
    pub(crate) fix: Option<Fix>,
}

impl Finding {
    pub(crate) fn error(setting: impl Into<String>, current: impl Into<String>, meaning: impl Into<String>) -> Self {
        let (setting, current, meaning) = (setting.into(), current.into(), meaning.into());
        Self { severity: Severity::Error, setting, current, meaning, fix: None }
    }

    pub(crate) fn warning(setting: impl Into<String>, current: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(setting, current, meaning) }
    }

    pub(crate) fn note(setting: impl Into<String>, current: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(setting, current, meaning) }
    }

    /// Adds the value to write.
    #[must_use]
    pub(crate) fn write(self, value: impl Into<Value>) -> Self {
        let name = self.table_and_name().1.to_owned();
        self.write_as(&name, value)
    }

    /// Adds the value to write for another setting of the same table.
    #[must_use]
    pub(crate) fn write_as(mut self, name: &str, value: impl Into<Value>) -> Self {
        // Texts, lists, numbers and flags have the same syntax in JSON and TOML.
        self.fix = Some(Fix::Line(format!("{name} = {}", value.into())));
        self
    }

    /// Adds the corrected heading of a table.
    #[must_use]
    pub(crate) fn heading(mut self, name: &str) -> Self {
        self.fix = Some(Fix::Heading(format!("[{}.{name}]", self.table_and_name().0)));
        self
    }

    #[must_use]
    pub(crate) fn run(mut self, command: impl Into<String>) -> Self {
        self.fix = Some(Fix::Command(command.into()));
        self
    }

    /// Table and name of the setting.
    pub(crate) fn table_and_name(&self) -> (&str, &str) {
        self.setting.rsplit_once('.').unwrap_or(("", &self.setting))
    }
}
