//! The form that links an app: fields, limits and parsing, independent of vendor and web.

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

#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    pub authentication_type: AuthenticationType,
    pub needs_auth_config: bool,
    pub auth_config_id: Option<String>,
    /// Whether the person is redirected to the provider. Otherwise the form stores an API key.
    pub wants_redirect: bool,
    pub fields: Vec<Field>,
    pub fixed: Vec<(Vec<String>, Value)>,
    pub always_answers: bool,
}

impl Form {
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

    pub fn lacks_auth_config(&self) -> bool {
        self.needs_auth_config && self.auth_config_id.is_none()
    }

    /// Unknown names are ignored, and the first value of a repeated name counts. Returns every refused field.
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
