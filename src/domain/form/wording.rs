/// A text whose language is chosen when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wording {
    /// The key of a phrase without values.
    Phrase(&'static str),
    /// Text of the host or the vendor, in the language in which it was written.
    Text(String),
}

impl Default for Wording {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<&str> for Wording {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
