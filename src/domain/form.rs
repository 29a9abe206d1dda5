//! What an app asks of a person before it can be linked: the form, its fields, and how what was typed is read.
//!
//! A form knows no vendor and no web. It is made from what the vendor says of an app, pages show it, and the step that
//! begins a link reads the submitted fields with it.

mod answers;
mod field;
mod mistakes;
mod pasted;
mod pattern;
mod sentences;
mod within;

use serde_json::Value;

use crate::{
    domain::connector::AuthenticationType,
    i18n::{self, Language, Phrase},
};

pub use answers::Answers;
pub use field::{Choice, Field, Kind, Rule};
pub use mistakes::{Mistake, Mistakes};
pub use pasted::Pasted;
pub use pattern::Pattern;

/// One way of signing in to an app, and what it asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The way, in the vendor's spelling.
    pub authentication_type: AuthenticationType,
    /// Whether the vendor wants to be told which of the host's own OAuth apps to use.
    pub needs_auth_config: bool,
    /// That OAuth app, if the settings name one that is to be sent along.
    pub auth_config_id: Option<String>,
    /// Whether the person is led to the provider's page. If not, what they type is a key that is stored.
    pub wants_redirect: bool,
    /// What the person is asked, in the order in which it is shown.
    pub fields: Vec<Field>,
    /// What is sent without asking, each with its path.
    pub fixed: Vec<(Vec<String>, Value)>,
    /// Whether the answers are sent even if there are none.
    pub always_answers: bool,
}

impl Form {
    /// A form that asks nothing: the person only goes to the provider's page.
    pub fn bare(authentication_type: AuthenticationType) -> Self {
        Self {
            authentication_type,
            needs_auth_config: false,
            auth_config_id: None,
            wants_redirect: true,
            fields: Vec::new(),
            fixed: Vec::new(),
            always_answers: false,
        }
    }

    /// Whether the settings lack the OAuth app that the vendor wants named: then this way is not set up yet.
    pub fn lacks_auth_config(&self) -> bool {
        self.needs_auth_config && self.auth_config_id.is_none()
    }

    /// What it asks for, in a few words: "API key", "Username and password"; `None` if it asks nothing.
    pub fn asks_for(&self, language: &Language) -> Option<Phrase> {
        let mut fields = self.fields.iter();
        let mut words = fields.next()?.label.read_in(language);
        let last = self.fields.len() - 1;
        for (place, field) in (1..).zip(fields) {
            let joined = if place == last { "form-and" } else { "form-comma" };
            let other = field.label.read_in(language).plain();
            words = language
                .say(joined)
                .with("one", words)
                .with("within", i18n::Value::Words(within::within(&other, field.named)))
                .with("other", i18n::Value::Words(other));
        }
        Some(words)
    }

    /// Reads what was submitted, as names and values. Names that the form does not have are left aside; of a name
    /// that came twice the first counts.
    ///
    /// # Errors
    /// A sentence for every field that cannot be read.
    pub fn read(&self, submitted: &[(String, String)]) -> Result<Answers, Mistakes> {
        let mut answers = Answers::new(self.always_answers, &self.fixed);
        let mut mistakes = Mistakes::default();
        for field in &self.fields {
            match field.read(Field::typed(&field.name, submitted)) {
                Ok(Some(answer)) => answers.add(field.path.clone(), answer),
                Ok(None) => {}
                Err(mistake) => mistakes.add(mistake),
            }
        }
        if mistakes.is_empty() { Ok(answers) } else { Err(mistakes) }
    }
}

#[cfg(test)]
mod tests;
