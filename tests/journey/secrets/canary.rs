//! Finds a secret again, however it was written.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A secret in every writing in which it may get somewhere.
pub(super) struct Canary {
    name: &'static str,
    writings: Vec<String>,
}

impl Canary {
    pub(super) fn new(name: &'static str, secret: &str) -> Self {
        assert!(secret.len() > 10, "{name} is too short to be told from other text: {secret}");
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let some_percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
        let plain = [secret.to_owned(), hex.clone(), hex.to_uppercase(), percent.clone(), percent.to_lowercase()];
        let written =
            plain.into_iter().chain([some_percent]).chain((0..3).flat_map(|before| in_base64(secret, before)));
        Self { name, writings: written.collect() }
    }

    /// Fails if the text holds the secret, and shows where.
    pub(super) fn is_not_in(&self, place: &str, text: &str) {
        for writing in &self.writings {
            if let Some((before, after)) = text.split_once(writing.as_str()) {
                let before: String = before.chars().rev().take(200).collect::<Vec<_>>().into_iter().rev().collect();
                let after: String = after.chars().take(100).collect();
                panic!("{place} holds {}: {before}>>>{writing}<<<{after}", self.name);
            }
        }
    }
}

/// The secret inside of a longer text in base64, both alphabets: the letters that depend on it alone.
fn in_base64(secret: &str, before: usize) -> [String; 2] {
    let whole = STANDARD_NO_PAD.encode([&vec![b'x'; before], secret.as_bytes()].concat());
    let first = (before * 8).div_ceil(6);
    let last = (before + secret.len()) * 8 / 6;
    let standard: String = whole.chars().take(last).skip(first).collect();
    [standard.replace('+', "-").replace('/', "_"), standard]
}

#[test]
fn a_secret_is_found_in_every_writing() {
    let canary = Canary::new("the key", "sk+live/canary");
    for text in [
        "key=sk+live/canary",
        "key=sk%2Blive%2Fcanary",
        "a2V5PXNrK2xpdmUvY2FuYXJ5Cg==",
        "YXxzaytsaXZlL2NhbmFyeQ",
        "eHh4c2srbGl2ZS9jYW5hcnk=",
        "736b2b6c6976652f63616e617279",
    ] {
        let found = std::panic::catch_unwind(|| canary.is_not_in("a text", text));
        assert!(found.is_err(), "{text}");
    }
    canary.is_not_in("a text", "c2stbGl2ZQ sk_live sk+live");
}
