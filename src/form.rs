//! What an app asks of a person before it can be linked: the form, its fields, and how what was typed is read.
//!
//! A form knows no vendor and no web. It is made from what the vendor says of an app, pages show it, and the step that
//! begins a link reads the submitted fields with it.

mod answers;
mod field;
mod mistakes;
mod pasted;
mod sentences;

use serde_json::Value;

use crate::connector::AuthenticationType;

pub use answers::Answers;
pub use field::{Choice, Field, Kind, Rule};
pub use mistakes::{Mistake, Mistakes};
pub use pasted::Pasted;

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

    /// What it asks for, in a few words: "API key", "Username and password". Empty if it asks nothing.
    pub fn asks_for(&self) -> String {
        let mut words = String::new();
        let last = self.fields.len().saturating_sub(1);
        for (place, field) in self.fields.iter().enumerate() {
            match place {
                0 => words.push_str(&field.label),
                _ => {
                    words.push_str(if place == last { " and " } else { ", " });
                    words.push_str(&field.label_within());
                }
            }
        }
        words
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
                Err(sentence) => mistakes.add(&field.name, sentence),
            }
        }
        if mistakes.is_empty() { Ok(answers) } else { Err(mistakes) }
    }
}

#[cfg(test)]
mod tests;
