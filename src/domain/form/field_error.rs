//! Reasons for refusing a submitted value. Errors never contain the value, because it may be a secret.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldError {
    /// Required and empty, or an unknown choice.
    Missing,
    Malformed,
    HiddenCharacters,
    TooShort(usize),
    TooLong(usize),
    /// Not a number, or not a whole number.
    NotANumber,
    OutOfRange,
}

/// By name, in the order of the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormErrors(pub(super) Vec<(String, FieldError)>);

impl FormErrors {
    pub fn iter(&self) -> impl Iterator<Item = (&str, FieldError)> {
        self.0.iter().map(|(field, error)| (field.as_str(), *error))
    }

    pub fn get(&self, field: &str) -> Option<FieldError> {
        self.iter().find(|(name, _)| *name == field).map(|(_, error)| error)
    }
}
