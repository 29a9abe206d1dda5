//! Links and forms of a page.

use std::fmt;

use crate::i18n::Phrase;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    pub label: Phrase,
    /// Target of the link; `None` for a button that closes the window.
    pub url: Option<String>,
    pub in_new_tab: bool,
}

impl Action {
    pub(crate) fn new(label: Phrase, url: impl Into<String>) -> Self {
        Self { label, url: Some(url.into()), in_new_tab: false }
    }

    pub(crate) fn close(label: Phrase) -> Self {
        Self { label, url: None, in_new_tab: false }
    }
}

/// A form that is posted, with hidden fields such as the form token.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// Target URL.
    pub action: String,
    /// Name and value of each hidden field.
    pub hidden: Vec<(String, String)>,
}

impl Form {
    /// A form without fields.
    pub fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), hidden: Vec::new() }
    }

    /// Adds a hidden field.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
}

/// The hidden fields may hold a start code and a form token: only their names are printed.
impl fmt::Debug for Form {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.hidden.iter().map(|(name, _)| name.as_str()).collect();
        out.debug_struct("Form").field("action", &self.action).field("hidden", &names).finish()
    }
}
