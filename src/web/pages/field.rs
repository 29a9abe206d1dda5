//! A form field.

use crate::i18n::Phrase;

use super::Name;

/// A visible field of a form. Fixed values are hidden fields of the [`super::Form`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub name: String,
    pub label: Phrase,
    pub hint: Option<Phrase>,
    pub example: Option<Name>,
    pub help_url: Option<String>,
    pub required: bool,
    /// HTML autofill name; `off` for secrets and ids of the app.
    pub autocomplete: &'static str,
    pub error: Option<Phrase>,
    pub input: Input,
}

impl Field {
    pub(crate) fn has_hint(&self) -> bool {
        self.hint.is_some() || self.example.is_some() || self.help_url.is_some()
    }

    pub(crate) fn has_choice(&self) -> bool {
        matches!(&self.input, Input::Select(choices) if choices.iter().any(|choice| choice.selected))
    }

    pub(crate) fn is_secret(&self) -> bool {
        matches!(self.input, Input::Secret | Input::SecretLines)
    }

    pub(crate) fn is_explained(&self) -> bool {
        self.error.is_some() || self.has_hint()
    }

    pub(crate) fn explained_by(&self, number: usize) -> String {
        let ids = [(self.error.is_some(), 'e'), (self.has_hint(), 'h')];
        let ids = ids.iter().filter(|(there, _)| *there).map(|(_, letter)| format!("{letter}{number}"));
        ids.collect::<Vec<_>>().join(" ")
    }
}

/// The control of a field. Submitted values are repeated, except secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    Text(String),
    Secret,
    Lines(String),
    /// Several lines that are shown as dots.
    SecretLines,
    Email(String),
    Url(String),
    Number(String),
    Checkbox(bool),
    Select(Vec<Choice>),
}

impl Input {
    /// The `type`, `inputmode` and value of a one-line input element.
    pub(crate) fn line(&self) -> (&'static str, &'static str, &str) {
        match self {
            Self::Secret => ("password", "text", ""),
            Self::Email(value) => ("email", "email", value),
            // A `url` input rejects "acme.com"; only its keyboard is useful.
            Self::Url(value) => ("text", "url", value),
            // A `number` input drops anything that is not a number, and changes when scrolled.
            Self::Number(value) => ("text", "decimal", value),
            Self::Text(value) => ("text", "text", value),
            Self::Lines(_) | Self::SecretLines | Self::Checkbox(_) | Self::Select(_) => ("text", "text", ""),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub value: String,
    pub label: Phrase,
    pub selected: bool,
}
