//! Public keys of the host, with the checks of RFC 8725 section 3.5: size, exponent, point on the curve.

use aws_lc_rs::{
    rsa::PublicKey,
    signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, VerificationAlgorithm},
};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use thiserror::Error;

/// Bits of an RSA modulus: NIST SP 800-131A forbids shorter ones, and longer ones are slow.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// Maximum length of an RSA exponent, in bytes: with a longer one each signature takes as long as a private operation.
const RSA_EXPONENT: usize = 4;
/// Length of an uncompressed point of P-256 (SEC 1 section 2.3.3), in bytes.
const P256_POINT: usize = 65;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum BadKey {
    #[error("it is no public key of RSA, P-256 or Ed25519")]
    Unreadable,
    #[error("it is an RSA key of {0} bits, and 2048 to 8192 are accepted")]
    Size(usize),
    /// Signatures could be forged, or be slow.
    #[error("its RSA modulus is even, or its exponent is 1, even or longer than 32 bits")]
    Exponent,
    #[error("it is no point of its curve")]
    Point,
}

/// Parses a PEM public key; its kind determines the algorithm: RS256 for RSA, ES256 for P-256, EdDSA for Ed25519.
pub(crate) fn parse_pem(pem: &str) -> Result<(Algorithm, DecodingKey), BadKey> {
    let bytes = pem.trim().as_bytes();
    let (algorithm, key) = if let Ok(key) = DecodingKey::from_rsa_pem(bytes) {
        (Algorithm::RS256, key)
    } else if let Ok(key) = DecodingKey::from_ed_pem(bytes) {
        (Algorithm::EdDSA, key)
    } else {
        (Algorithm::ES256, DecodingKey::from_ec_pem(bytes).map_err(|_| BadKey::Unreadable)?)
    };
    check(algorithm, &key)?;
    Ok((algorithm, key))
}

pub(crate) fn check(algorithm: Algorithm, key: &DecodingKey) -> Result<(), BadKey> {
    match (algorithm, key.kind()) {
        (Algorithm::RS256, DecodingKeyKind::SecretOrDer(der)) => {
            let key = PublicKey::from_der(der).map_err(|_| BadKey::Unreadable)?;
            check_rsa(key.modulus().big_endian_without_leading_zero(), key.exponent().big_endian_without_leading_zero())
        }
        (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => check_rsa(n, e),
        (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) if point.len() == P256_POINT => {
            check_point(&ECDSA_P256_SHA256_FIXED, point)
        }
        (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(point)) => check_point(&ED25519, point),
        _ => Err(BadKey::Point),
    }
}

/// Refuses leading zeros, as the verifying library does.
pub(crate) fn check_rsa(modulus: &[u8], exponent: &[u8]) -> Result<(), BadKey> {
    let (Some(first @ 1..), Some(1..)) = (modulus.first(), exponent.first()) else { return Err(BadKey::Unreadable) };
    let bits = modulus.len() * 8 - first.leading_zeros() as usize;
    if !RSA_BITS.contains(&bits) {
        return Err(BadKey::Size(bits));
    }
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if !is_odd(modulus) || !is_odd(exponent) || exponent == [1] || exponent.len() > RSA_EXPONENT {
        return Err(BadKey::Exponent);
    }
    Ok(())
}

fn check_point(algorithm: &'static dyn VerificationAlgorithm, bytes: &[u8]) -> Result<(), BadKey> {
    ParsedPublicKey::new(algorithm, bytes).map(drop).map_err(|_| BadKey::Point)
}
