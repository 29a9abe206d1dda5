//! Why a submitted value is refused. An error never repeats the value, because it may be a secret.

/// Why the value of one field is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldError {
    /// The field is required and empty, or the choice is unknown.
    Missing,
    /// It does not match the format or the pattern of the field.
    Malformed,
    /// It contains control or invisible characters.
    HiddenCharacters,
    /// It has fewer characters than this.
    TooShort(usize),
    /// It has more characters than this.
    TooLong(usize),
    /// It is not a number, or not a whole number.
    NotANumber,
    /// It is below the minimum or above the maximum of the field.
    OutOfRange,
}

/// The refused fields by name, in the order of the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormErrors(pub(super) Vec<(String, FieldError)>);

impl FormErrors {
    /// Each refused field with its error.
    pub fn iter(&self) -> impl Iterator<Item = (&str, FieldError)> {
        self.0.iter().map(|(field, error)| (field.as_str(), *error))
    }

    /// The error of the field with this name.
    pub fn get(&self, field: &str) -> Option<FieldError> {
        self.iter().find(|(name, _)| *name == field).map(|(_, error)| error)
    }
}
