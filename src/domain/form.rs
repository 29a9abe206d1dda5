//! The form that links an app: fields, limits and parsing, independent of vendor and web.

mod field;
mod field_error;
mod lines;
mod number;
mod pasted;
mod pattern;
mod values;
mod wording;

use serde_json::Value;
use values::FieldValue;

use crate::domain::connector::AuthenticationType;

pub use field::{Choice, Field, FieldKind, Limits};
pub use field_error::{FieldError, FormErrors};
pub use number::DecimalMark;
pub use pasted::{Pasted, Provider};
pub use pattern::Pattern;
pub use values::FormValues;
pub use wording::Wording;

/// Hidden field with the name of a field that may stay empty, because its user was asked.
pub const LEFT_EMPTY: &str = "left_empty";

#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    pub authentication_type: AuthenticationType,
    /// Distinguishes the forms of an app. A second form of the same type has a number: `basic~2`.
    pub method: String,
    /// The vendor's name of this form, among several of the same type.
    pub title: Option<Wording>,
    pub needs_auth_config: bool,
    pub auth_config_id: Option<String>,
    /// Whether the person is redirected to the provider. Otherwise the form stores an API key.
    pub wants_redirect: bool,
    pub fields: Vec<Field>,
    pub fixed: Vec<(Vec<String>, Value)>,
    pub always_answers: bool,
    /// Values that need others beside them, by their paths.
    pub dependents: Vec<(Vec<String>, Vec<Vec<String>>)>,
}

impl Form {
    pub fn bare(authentication_type: AuthenticationType) -> Self {
        Self {
            method: authentication_type.as_str().to_owned(),
            authentication_type,
            title: None,
            needs_auth_config: false,
            auth_config_id: None,
            wants_redirect: true,
            fields: Vec::new(),
            fixed: Vec::new(),
            always_answers: false,
            dependents: Vec::new(),
        }
    }

    /// Whether the field is asked for once more when it is empty, and may be empty then. A form without any text may not.
    fn may_stay_empty(&self, field: &Field, submitted: &[(String, String)]) -> bool {
        field.may_be_empty && self.has_text(submitted)
    }

    /// Whether an empty field is sent as `null`. A form that stores a key needs at least one text.
    fn is_null(&self, field: &Field, submitted: &[(String, String)]) -> bool {
        field.is_null_if_empty && (self.wants_redirect || self.has_text(submitted))
    }

    fn has_text(&self, submitted: &[(String, String)]) -> bool {
        let typed =
            |field: &Field| Field::submitted(&field.name, submitted).is_some_and(|typed| !typed.trim().is_empty());
        self.fields.iter().any(|field| field.takes_text() && typed(field))
    }

    /// Adds an error for each empty field that a filled one needs beside it.
    fn check_dependents(&self, values: &FormValues, errors: &mut FormErrors) {
        let needed = self.dependents.iter().filter(|(path, _)| values.has(path)).flat_map(|(_, needed)| needed);
        for path in needed.filter(|path| !values.has(path)) {
            let field = self.fields.iter().find(|field| field.path == *path);
            if let Some(field) = field.filter(|field| errors.get(&field.name).is_none()) {
                errors.0.push((field.name.clone(), FieldError::Missing));
            }
        }
    }

    /// The fields that were left empty, and go without a text if they are submitted like that again.
    pub fn left_empty<'a>(&'a self, submitted: &'a [(String, String)]) -> impl Iterator<Item = &'a str> {
        let is_empty = |field: &&Field| {
            Field::submitted(&field.name, submitted).is_none_or(|typed| typed.trim().is_empty())
                && self.may_stay_empty(field, submitted)
        };
        self.fields.iter().filter(is_empty).map(|field| field.name.as_str())
    }

    pub fn lacks_auth_config(&self) -> bool {
        self.needs_auth_config && self.auth_config_id.is_none()
    }

    /// Unknown names are ignored, and the first value of a repeated name counts. Returns every refused field.
    pub fn read(&self, submitted: &[(String, String)], mark: DecimalMark) -> Result<FormValues, FormErrors> {
        let mut values = FormValues::new(self.always_answers, &self.fixed);
        let mut errors = FormErrors::default();
        for field in &self.fields {
            let typed = Field::submitted(&field.name, submitted);
            match field.read(typed, mark) {
                Err(FieldError::Missing) if self.may_stay_empty(field, submitted) => {
                    let is_left_empty =
                        submitted.iter().any(|(name, value)| name == LEFT_EMPTY && *value == field.name);
                    match is_left_empty {
                        true => values.add(field.path.clone(), FieldValue::empty()),
                        false => errors.0.push((field.name.clone(), FieldError::Empty)),
                    }
                }
                Ok(Some(value)) => values.add(field.path.clone(), value),
                Ok(None) if self.is_null(field, submitted) => {
                    values.add(field.path.clone(), FieldValue::Plain(Value::Null));
                }
                Ok(None) if field.is_null_if_empty => errors.0.push((field.name.clone(), FieldError::Missing)),
                Ok(None) => {}
                Err(error) => errors.0.push((field.name.clone(), error)),
            }
        }
        self.check_dependents(&values, &mut errors);
        if errors.0.is_empty() { Ok(values) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests;
