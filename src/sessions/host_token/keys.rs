//! The host's public keys. Each has one algorithm, by its type; a token cannot choose another (RFC 8725 section 3.1).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode,
    errors::ErrorKind,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde::{Deserialize as _, de::IgnoredAny};
use serde_json::Value;

use super::{Claims, Refused};
use crate::domain::{
    public_key::{self, BadKey, check},
    text,
};

/// Maximum number of keys without an id that are tried: each costs a calculation.
const MOST_TRIED: usize = 8;

pub(crate) struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Key {
    pub(crate) fn of_pem(pem: &str) -> Result<Self, BadKey> {
        let (algorithm, key) = public_key::parse_pem(pem)?;
        Ok(Self { id: None, algorithm, key })
    }

    fn of_jwk(jwk: &Jwk) -> Option<Self> {
        let (algorithm, named) = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
            AlgorithmParameters::EllipticCurve(point) if point.curve == EllipticCurve::P256 => {
                (Algorithm::ES256, KeyAlgorithm::ES256)
            }
            AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
                (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
            }
            _ => return None,
        };
        let signs = jwk.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
        let verifies =
            jwk.common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify));
        let fits = jwk.common.key_algorithm.is_none_or(|given| given == named);
        if !(signs && verifies && fits) {
            return None;
        }
        let id = jwk.common.key_id.clone();
        let key = DecodingKey::from_jwk(jwk).map_err(|_| BadKey::Unreadable);
        match key.and_then(|key| check(algorithm, &key).map(|()| key)) {
            Ok(key) => Some(Self { id, algorithm, key }),
            Err(reason) => {
                let id = id.map(|id| text::tidy(&id, 64));
                tracing::warn!(id, %reason, "a key at host.token_jwks_url is ignored");
                None
            }
        }
    }

    /// Skips unsuitable keys of a JWK set (RFC 7517 section 5). Returns `None` if it is no set.
    pub(crate) fn of_set(json: &[u8]) -> Option<Vec<Self>> {
        // Some servers put a byte order mark before a file.
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        let Value::Array(all) = serde_json::from_slice::<Value>(json).ok()?.get_mut("keys")?.take() else {
            return None;
        };
        let set = JwkSet { keys: all.into_iter().filter_map(|one| Jwk::deserialize(one).ok()).collect() };
        Some(set.keys.iter().filter_map(Self::of_jwk).collect())
    }

    pub(crate) fn fits(&self, id: Option<&str>, algorithm: Algorithm) -> bool {
        let other = self.id.as_deref().zip(id).is_some_and(|(own, id)| own != id);
        self.algorithm == algorithm && !other
    }
}

pub(crate) fn verify(token: &str, rules: &Validation, keys: Vec<&Key>) -> Result<Claims, Refused> {
    let mut refused = Refused::UnknownKey;
    for key in keys.into_iter().take(MOST_TRIED) {
        refused = match decode::<IgnoredAny>(token, &key.key, rules) {
            Ok(_) => return payload(token).ok_or(Refused::Malformed).and_then(|payload| Claims::parse(&payload)),
            Err(error) => match error.kind() {
                ErrorKind::InvalidIssuer => return Err(Refused::Issuer),
                ErrorKind::InvalidAudience => return Err(Refused::Audience),
                ErrorKind::MissingRequiredClaim(name) | ErrorKind::InvalidClaimFormat(name) => {
                    return Err(Refused::of_claim(name));
                }
                ErrorKind::Json(_) => return Err(Refused::Claims),
                _ => Refused::Signature,
            },
        };
    }
    Err(refused)
}

/// The second part of a compact token (RFC 7515 section 7.1).
fn payload(token: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()
}

#[cfg(test)]
mod tests;
