//! A field that the user fills in.

use crate::i18n::Phrase;

use super::Name;

/// A field of a form. Fields with a fixed value are not shown: they are hidden fields of the [`super::Form`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub name: String,
    pub label: Phrase,
    pub hint: Option<Phrase>,
    /// An answer as it could be, shown after *For example*.
    pub example: Option<Name>,
    pub help_url: Option<String>,
    /// Whether the form cannot be sent without it; otherwise the label says *optional*.
    pub required: bool,
    /// What a browser may fill in by itself (HTML's autofill names); `off` for secrets and ids of the app.
    pub autocomplete: &'static str,
    /// What is wrong with the answer, and what to do about it.
    pub error: Option<Phrase>,
    /// How it is filled in, with what was there before.
    pub input: Input,
}

impl Field {
    pub(crate) fn has_hint(&self) -> bool {
        self.hint.is_some() || self.example.is_some() || self.help_url.is_some()
    }

    /// Whether one of several answers is chosen already.
    pub(crate) fn has_choice(&self) -> bool {
        matches!(&self.input, Input::Select(choices) if choices.iter().any(|choice| choice.selected))
    }

    pub(crate) fn is_explained(&self) -> bool {
        self.error.is_some() || self.has_hint()
    }

    /// The ids of the paragraphs that explain the field of that number on the page.
    pub(crate) fn explained_by(&self, number: usize) -> String {
        let ids = [(self.error.is_some(), 'e'), (self.has_hint(), 'h')];
        let ids = ids.iter().filter(|(there, _)| *there).map(|(_, letter)| format!("{letter}{number}"));
        ids.collect::<Vec<_>>().join(" ")
    }
}

/// How a field is filled in. What was typed stays as it was typed; a secret never comes back to the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    Text(String),
    Secret,
    Email(String),
    Url(String),
    Number(String),
    /// Yes or no, posted as `true`.
    Checkbox(bool),
    Select(Vec<Choice>),
}

impl Input {
    /// The `type` of the input element, its `inputmode` and its value, for what is typed in one line.
    pub(crate) fn line(&self) -> (&'static str, &'static str, &str) {
        match self {
            Self::Secret => ("password", "text", ""),
            Self::Email(value) => ("email", "email", value),
            // A `url` input refuses "acme.com": the keyboard for addresses is what helps.
            Self::Url(value) => ("text", "url", value),
            // A `number` input loses what is no number, and changes when scrolled.
            Self::Number(value) => ("text", "decimal", value),
            Self::Text(value) => ("text", "text", value),
            Self::Checkbox(_) | Self::Select(_) => ("text", "text", ""),
        }
    }
}

/// One of several answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub value: String,
    pub label: Phrase,
    /// Whether it is chosen.
    pub selected: bool,
}
