/// A text that is translated when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wording {
    Phrase(&'static str),
    /// Text of the host or the vendor, never translated.
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
