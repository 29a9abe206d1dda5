//! One thing that is wrong with the settings, and what to write instead.

use serde_json::Value;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// It works, but not as it should.
    Warning,
    /// It does not work, or is not safe.
    Error,
}

/// What mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// A line for the file, such as `idle = "30m"`; it belongs into the table of the finding's setting.
    Line(String),
    /// The right name of a table, such as `[connectors.slack]`.
    Heading(String),
    /// A command for the shell.
    Command(String),
}

/// One thing that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The full name of the setting, such as `session.idle`.
    pub setting: String,
    /// The value, or its length where it is a secret.
    pub seen: String,
    /// What is wrong with it, and what follows from that.
    pub meaning: String,
    /// What mends it, where that can be said.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Something that does not work or is not safe.
    pub fn error(setting: impl Into<String>, seen: impl Into<String>, meaning: impl Into<String>) -> Self {
        let (setting, seen, meaning) = (setting.into(), seen.into(), meaning.into());
        Self { severity: Severity::Error, setting, seen, meaning, fix: None }
    }

    /// Something that does not work as it should.
    pub fn warning(setting: impl Into<String>, seen: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(setting, seen, meaning) }
    }

    /// Something worth knowing.
    pub fn note(setting: impl Into<String>, seen: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(setting, seen, meaning) }
    }

    /// With the value to write.
    #[must_use]
    pub fn write(self, value: impl Into<Value>) -> Self {
        let name = self.place().1.to_owned();
        self.write_as(&name, value)
    }

    /// With the value to write for another setting of the same table.
    #[must_use]
    pub fn write_as(mut self, name: &str, value: impl Into<Value>) -> Self {
        // Texts, lists, numbers and flags look the same in JSON and in TOML.
        self.fix = Some(Fix::Line(format!("{name} = {}", value.into())));
        self
    }

    /// With the right name for the table that the setting is.
    #[must_use]
    pub fn head(mut self, name: &str) -> Self {
        self.fix = Some(Fix::Heading(format!("[{}.{name}]", self.place().0)));
        self
    }

    /// With the command to run.
    #[must_use]
    pub fn run(mut self, command: impl Into<String>) -> Self {
        self.fix = Some(Fix::Command(command.into()));
        self
    }

    /// The table in which the setting is, and its name there.
    pub fn place(&self) -> (&str, &str) {
        self.setting.rsplit_once('.').unwrap_or(("", &self.setting))
    }
}
