//! Rules that text from outside has to keep before it becomes an id.

use thiserror::Error;

/// A text that does not have the form of what it should name. The text itself is never repeated in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed {0}")]
pub struct Malformed(pub &'static str);

/// Whether the text has `min` to `max` characters, none of them a control or an invisible formatting character.
pub fn printable(raw: &str, min: usize, max: usize) -> bool {
    let length = raw.chars().count();
    length >= min && length <= max && !raw.chars().any(is_unprintable) && raw.trim() == raw
}

/// Whether the text has the form of an id as the vendor makes them: safe in any part of a URL.
pub fn vendor_id(raw: &str) -> bool {
    url_safe(raw, 64)
}

/// Whether the text is 1 to `max` letters, digits, `-` and `_` of ASCII.
pub fn url_safe(raw: &str, max: usize) -> bool {
    !raw.is_empty()
        && raw.len() <= max
        && raw.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Control characters, and the marks that turn or hide text (bidirectional controls, zero-width characters).
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Text of others made fit for a page: without unprintable characters, cut after `max` characters with an ellipsis.
pub fn tidy(raw: &str, max: usize) -> String {
    let mut clean: String = raw.chars().filter(|&character| !is_unprintable(character)).take(max + 1).collect();
    if clean.chars().count() > max {
        clean = clean.chars().take(max.saturating_sub(1)).collect();
        clean.push('…');
    }
    clean.trim().to_owned()
}

/// Gives an id type over `String` its checked way in and its ways out.
macro_rules! newtype {
    ($name:ident, $what:literal, $rule:expr) => {
        impl $name {
            #[doc = concat!("Takes the text if it has the form of a ", $what, ".")]
            ///
            /// # Errors
            /// When it has not.
            pub fn parse(raw: impl Into<String>) -> Result<Self, $crate::text::Malformed> {
                let raw = raw.into();
                let rule: fn(&str) -> bool = $rule;
                if rule(&raw) { Ok(Self(raw)) } else { Err($crate::text::Malformed($what)) }
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::text::Malformed;

            fn try_from(raw: String) -> Result<Self, Self::Error> {
                Self::parse(raw)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(out, "{:?}", self.0)
            }
        }
    };
}

pub(crate) use newtype;
