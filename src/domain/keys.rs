//! Keys derived from `session.keys`, one for each purpose. The first key signs; all keys verify.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Cookie,
    /// Start codes, derived from the id of their session.
    StartCode,
    /// The state in a callback's path, derived from the id of its attempt.
    State,
    Form,
    Input,
    /// Tickets for the outcome of a session, derived from its id.
    Watch,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Cookie => b"gangway cookie",
            Self::StartCode => b"gangway start code",
            Self::State => b"gangway state",
            Self::Form => b"gangway form",
            Self::Input => b"gangway input",
            Self::Watch => b"gangway watch",
        }
    }
}

/// A SHA-256 digest that is only compared and is not secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    pub fn from_text(text: &str) -> Option<Self> {
        Some(Self(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }

    /// 43 URL-safe characters.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Digest(…)")
    }
}

/// A UUID of version 8 (RFC 9562 section 5.8), derived from the parts that make the named thing unique.
pub(crate) fn derived_uuid(parts: &[&[u8]]) -> Uuid {
    let digest = parts.iter().fold(Sha256::new(), |digest, part| digest.chain_update(part)).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A keyed digest. Its text is secret if it is used as a code.
#[derive(Clone, Copy)]
pub struct Tag([u8; 32]);

impl Tag {
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Compares in constant time.
    pub fn same_as(&self, other: &[u8; 32]) -> bool {
        self.0.ct_eq(other).into()
    }
}

#[derive(Clone)]
pub struct Keys {
    roots: Vec<Hmac<Sha256>>,
}

impl Keys {
    pub fn new(texts: &[SecretString]) -> Self {
        let roots = texts.iter().map(|text| keyed(text.expose_secret().as_bytes())).collect();
        Self { roots }
    }

    pub fn tag(&self, purpose: Purpose, message: &[u8]) -> Tag {
        self.tags(purpose, message).next().unwrap_or(Tag([0; 32]))
    }

    /// Tags of all keys in order, so that older tags still verify.
    pub fn tags<'a>(&'a self, purpose: Purpose, message: &'a [u8]) -> impl Iterator<Item = Tag> + 'a {
        self.roots.iter().map(move |root| {
            let derived = finish(root.clone().chain_update(purpose.label()));
            Tag(finish(keyed(&derived).chain_update(message)))
        })
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104 section 3)")]
    Hmac::new_from_slice(key).expect("a key of any length")
}

fn finish(mac: Hmac<Sha256>) -> [u8; 32] {
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_keys_are_apart_and_old_keys_still_read() {
        let old = Keys::new(&["o".repeat(32).into()]);
        let both = Keys::new(&["n".repeat(32).into(), "o".repeat(32).into()]);
        let tag = old.tag(Purpose::State, b"x");
        assert!(!tag.same_as(old.tag(Purpose::Form, b"x").as_bytes()));
        assert!(!tag.same_as(both.tag(Purpose::State, b"x").as_bytes()));
        assert!(both.tags(Purpose::State, b"x").any(|other| tag.same_as(other.as_bytes())));
    }
}
