//! The report of a first contact: calls, apps, unknowns, and lines for the settings file. It has no secret, also
//! where the account repeats one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{Display, Write as _},
};

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::{
    alloy::AlloyError,
    config::{Settings, redact},
    domain::text::{is_unprintable, tidy},
};

/// Shorter texts are words of the report itself.
const SHORTEST_SECRET: usize = 6;

pub(super) struct Report {
    head: String,
    calls: Vec<String>,
    apps: Vec<String>,
    unknowns: Vec<String>,
    remarks: Vec<String>,
    settings: BTreeMap<String, BTreeSet<String>>,
    secrets: Vec<SecretString>,
}

impl Report {
    pub(super) fn new(settings: &Settings) -> Self {
        let own = [&settings.alloy.api_key].into_iter().chain(&settings.session.keys);
        let own = own.chain(&settings.host.api_keys).chain(&settings.webhook.secrets);
        let head = format!(
            "gangway {} · {} · version {}",
            env!("CARGO_PKG_VERSION"),
            redact::url(&settings.alloy.base_url),
            tidy(&settings.alloy.api_version, 20)
        );
        Self {
            head,
            calls: Vec::new(),
            apps: Vec::new(),
            unknowns: Vec::new(),
            remarks: Vec::new(),
            settings: BTreeMap::new(),
            secrets: own.cloned().collect(),
        }
    }

    /// Never appears in the report from now on.
    pub(super) fn hide(&mut self, secret: &str) {
        self.secrets.push(secret.into());
    }

    pub(super) fn call<T>(&mut self, call: &str, answer: &Result<T, AlloyError>, detail: impl FnOnce(&T) -> String) {
        let outcome = match answer {
            Ok(answer) => detail(answer),
            Err(AlloyError::NotServed) => "not served".to_owned(),
            Err(error) => error.to_string(),
        };
        self.calls.push(format!("{call}: {outcome}"));
    }

    /// A text of the account, cut after secrets are out of it.
    pub(super) fn shown(&self, text: &str) -> String {
        tidy(&self.without_secrets(text), 80)
    }

    pub(super) fn app(&mut self, line: String) {
        self.apps.push(line);
    }

    /// What ALLOY's documentation leaves open, and what was seen of it.
    pub(super) fn unknown(&mut self, question: &str, seen: impl Display) {
        self.unknowns.push(format!("{question}: {seen}"));
    }

    pub(super) fn remark(&mut self, line: impl Into<String>) {
        self.remarks.push(line.into());
    }

    pub(super) fn setting(&mut self, table: &str, name: &str, value: impl Into<Value>) {
        // Texts, lists and flags have the same syntax in JSON and TOML.
        let line = format!("{name} = {}", value.into());
        self.settings.entry(table.to_owned()).or_default().insert(line);
    }

    pub(super) fn raw_setting(&mut self, table: &str, line: String) {
        self.settings.entry(table.to_owned()).or_default().insert(line);
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!("First contact with Alloy\n{}\n", self.head);
        let parts = [("Calls", &self.calls), ("Apps", &self.apps), ("Unknowns of Alloy", &self.unknowns)];
        for (title, lines) in parts.into_iter().chain([("Remarks", &self.remarks)]) {
            if !lines.is_empty() {
                let _ = write!(text, "\n{title}\n");
                for line in lines {
                    let _ = writeln!(text, "  {line}");
                }
            }
        }
        text.push_str("\nLines for the settings file\n");
        if self.settings.is_empty() {
            text.push_str("  # none is needed by what was seen\n");
        }
        for (table, lines) in &self.settings {
            let _ = writeln!(text, "  [{table}]");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
        self.without_secrets(&text)
    }

    fn without_secrets(&self, text: &str) -> String {
        let mut text: String = text.chars().filter(|letter| *letter == '\n' || !is_unprintable(*letter)).collect();
        for secret in self.secrets.iter().map(|secret| secret.expose_secret().trim()) {
            if secret.len() >= SHORTEST_SECRET {
                text = text.replace(secret, "(…)");
            }
        }
        text
    }
}
