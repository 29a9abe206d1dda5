//! A problem of the settings, with its fix.

use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    Note,
    Warning,
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fix {
    Line(String),
    Heading(String),
    Command(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    pub(crate) setting: String,
    pub(crate) current: String,
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

    #[must_use]
    pub(crate) fn write(self, value: impl Into<Value>) -> Self {
        let name = self.table_and_name().1.to_owned();
        self.write_as(&name, value)
    }

    #[must_use]
    pub(crate) fn write_as(mut self, name: &str, value: impl Into<Value>) -> Self {
        // Texts, lists, numbers and flags have the same syntax in JSON and TOML.
        self.fix = Some(Fix::Line(format!("{name} = {}", value.into())));
        self
    }

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

    pub(crate) fn table_and_name(&self) -> (&str, &str) {
        self.setting.rsplit_once('.').unwrap_or(("", &self.setting))
    }
}
