//! Reasons for refusing a submitted value. Errors never contain the value, because it may be a secret.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldError {
    /// Required and empty, or an unknown choice.
    Missing,
    /// Required and empty, but its user may mean that: the form asks once.
    Empty,
    Malformed,
    /// An address that is not the provider's, or not only the part that is needed.
    OtherAddress,
    /// A host with a path, or with a port where none fits.
    MoreThanHost,
    HiddenCharacters,
    /// A key of several lines in one.
    LostLines,
    TooShort(usize),
    TooLong(usize),
    /// Not a number, or not a whole number.
    NotANumber,
    OutOfRange,
    /// A number that would change on its way.
    TooManyDigits,
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
