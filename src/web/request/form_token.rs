//! Form tokens, bound to a session or start code. Each page masks them with fresh randomness, so that the length of a
//! compressed page reveals nothing (BREACH).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::domain::{
    clock::{SharedEntropy, random_32},
    keys::{Keys, Purpose},
    session::{SessionId, StartCode},
};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound<'a> {
    Session(SessionId),
    /// A start page, before its session.
    Code(&'a StartCode),
}

impl Bound<'_> {
    fn message(self) -> Vec<u8> {
        match self {
            Self::Session(id) => [b"session ", id.uuid().as_bytes().as_slice()].concat(),
            Self::Code(code) => [b"code ", code.digest().to_text().as_bytes()].concat(),
        }
    }
}

pub(crate) struct FormTokens {
    keys: Keys,
    entropy: SharedEntropy,
}

impl FormTokens {
    pub(crate) fn new(keys: Keys, entropy: SharedEntropy) -> Self {
        Self { keys, entropy }
    }

    pub(crate) fn issue(&self, bound: Bound<'_>) -> String {
        let mask = random_32(&*self.entropy);
        let tag = self.keys.tag(Purpose::Form, &bound.message());
        URL_SAFE_NO_PAD.encode([mask, xor(&mask, tag.as_bytes())].concat())
    }

    pub(crate) fn verify(&self, bound: Bound<'_>, token: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
        let Some((mask, masked)) = bytes.split_first_chunk::<32>() else { return false };
        let Ok(masked) = <&[u8; 32]>::try_from(masked) else { return false };
        let tag = xor(mask, masked);
        self.keys.tags(Purpose::Form, &bound.message()).any(|expected| expected.same_as(&tag))
    }
}

fn xor(mask: &[u8; 32], bytes: &[u8; 32]) -> [u8; 32] {
    let mut mixed = *mask;
    mixed.iter_mut().zip(bytes).for_each(|(mixed, byte)| *mixed ^= byte);
    mixed
}
