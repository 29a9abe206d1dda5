//! The form that a person fills in before an app can be linked: its fields, their limits, and how submitted values are read.
//! It is built from the vendor's metadata and knows neither the vendor nor the web.

mod field;
mod field_error;
mod pasted;
mod pattern;
mod values;
mod wording;

use serde_json::Value;

use crate::domain::connector::AuthenticationType;

pub use field::{Choice, Field, FieldKind, Limits};
pub use field_error::{FieldError, FormErrors};
pub use pasted::Pasted;
pub use pattern::Pattern;
pub use values::FormValues;
pub use wording::Wording;

/// One authentication method of an app and its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    pub authentication_type: AuthenticationType,
    /// Whether the vendor needs the id of one of the host's own OAuth apps.
    pub needs_auth_config: bool,
    /// That id, if the settings name one.
    pub auth_config_id: Option<String>,
    /// Whether the person is redirected to the provider. Otherwise the form takes an API key, which is stored.
    pub wants_redirect: bool,
    /// In the order in which they are shown.
    pub fields: Vec<Field>,
    /// Constants that are sent with the values, each with its path.
    pub fixed: Vec<(Vec<String>, Value)>,
    /// Whether an empty object is sent if there are no values.
    pub always_answers: bool,
}

impl Form {
    /// A form without fields that redirects to the provider.
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

    /// Whether the host has to name its OAuth app in the settings before this method can be used.
    pub fn lacks_auth_config(&self) -> bool {
        self.needs_auth_config && self.auth_config_id.is_none()
    }

    /// Reads the submitted names and values. Unknown names are ignored, and the first value of a repeated name counts.
    ///
    /// # Errors
    /// Returns every field whose value is refused.
    pub fn read(&self, submitted: &[(String, String)]) -> Result<FormValues, FormErrors> {
        let mut values = FormValues::new(self.always_answers, &self.fixed);
        let mut errors = FormErrors::default();
        for field in &self.fields {
            match field.read(Field::submitted(&field.name, submitted)) {
                Ok(Some(value)) => values.add(field.path.clone(), value),
                Ok(None) => {}
                Err(error) => errors.0.push((field.name.clone(), error)),
            }
        }
        if errors.0.is_empty() { Ok(values) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests;
