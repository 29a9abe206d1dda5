//! Links and forms of a page.

use std::fmt;

use crate::i18n::Phrase;

use super::Frame;

/// A link that looks like a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    /// What it says.
    pub label: Phrase,
    /// Where it leads.
    pub url: String,
}

impl Action {
    /// A link of that label.
    pub(crate) fn new(label: Phrase, url: impl Into<String>) -> Self {
        Self { label, url: url.into() }
    }

    /// *Back to Acme Notes*, if there is a way.
    pub(crate) fn back(frame: &Frame) -> Option<Self> {
        frame.return_url.as_ref().map(|url| Self::new(frame.say("back"), url))
    }
}

/// A form that is posted, with its hidden fields such as the form token.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// Where it is posted to.
    pub action: String,
    /// Hidden fields, as name and value.
    pub hidden: Vec<(String, String)>,
}

impl Form {
    /// A form that is posted there.
    pub fn new(action: impl Into<String>) -> Self {
        Self { action: action.into(), hidden: Vec::new() }
    }

    /// The same form with one more hidden field.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
}

/// The hidden fields are a start code and a form token among others: only their names are shown.
impl fmt::Debug for Form {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.hidden.iter().map(|(name, _)| name.as_str()).collect();
        out.debug_struct("Form").field("action", &self.action).field("hidden", &names).finish()
    }
}
