//! Valid and invalid keys of operators and key servers.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256};
use serde_json::json;

use super::*;
use crate::domain::public_key::check_rsa;

/// An odd number of that many bits.
fn modulus(bits: usize) -> Vec<u8> {
    let mut bytes = vec![0xa5; bits.div_ceil(8)];
    bytes[0] = 0xff >> ((8 - bits % 8) % 8);
    bytes
}

/// A value in DER.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let length = match length {
        0..128 => vec![length as u8],
        128..256 => vec![0x81, length as u8],
        _ => vec![0x82, (length >> 8) as u8, length as u8],
    };
    [&[tag], &length[..], content].concat()
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if bytes[0] > 127 { &[0] } else { &[] };
    der(2, &[sign, bytes].concat())
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn rsa_pem(modulus: &[u8], exponent: &[u8]) -> String {
    pem("RSA PUBLIC KEY", &der(0x30, &[integer(modulus), integer(exponent)].concat()))
}

fn rsa_jwk(modulus: &[u8], exponent: &[u8]) -> Value {
    json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent) })
}

/// Number of usable keys in the set.
fn usable(keys: &[Value]) -> usize {
    Key::of_set(json!({ "keys": keys }).to_string().as_bytes()).unwrap().len()
}

#[test]
fn byte_order_mark_before_the_set_is_ignored() {
    let set = json!({ "keys": [rsa_jwk(&modulus(2048), E)] }).to_string();
    assert_eq!(Key::of_set(format!("\u{feff}{set}").as_bytes()).unwrap().len(), 1);
}

const E: &[u8] = &[1, 0, 1];

#[test]
fn rsa_keys_have_bounds() {
    for (modulus, exponent, bad) in [
        (modulus(1024), E, BadKey::Size(1024)),
        (modulus(2047), E, BadKey::Size(2047)),
        (modulus(8193), E, BadKey::Size(8193)),
        (modulus(16_384), E, BadKey::Size(16_384)),
        (modulus(2048), &[1][..], BadKey::Exponent),
        (modulus(2048), &[2], BadKey::Exponent),
        (modulus(2048), &[1, 0, 0], BadKey::Exponent),
        (modulus(2048), &[1, 0, 0, 0, 1], BadKey::Exponent),
        (modulus(2048), &[0xa5; 256], BadKey::Exponent),
        ([modulus(2040), vec![0xa4]].concat(), E, BadKey::Exponent),
    ] {
        // The PEM parser already refuses some of these, without a reason.
        let read = Key::of_pem(&rsa_pem(&modulus, exponent)).err();
        assert!(read == Some(bad) || read == Some(BadKey::Unreadable), "{bad:?}: {read:?}");
        assert_eq!(check_rsa(&modulus, exponent), Err(bad));
        assert_eq!(usable(&[rsa_jwk(&modulus, exponent)]), 0, "{bad:?}");
    }
    assert_eq!(Key::of_pem(&rsa_pem(&modulus(1024), E)).err(), Some(BadKey::Size(1024)));
    let zeros = [vec![0], modulus(2048)].concat();
    assert_eq!(usable(&[rsa_jwk(&zeros, E), rsa_jwk(&modulus(2048), &[]), rsa_jwk(&[], E)]), 0);
    for bits in [2048, 3072, 4096, 8192] {
        assert!(Key::of_pem(&rsa_pem(&modulus(bits), E)).is_ok(), "{bits}");
        assert_eq!(usable(&[rsa_jwk(&modulus(bits), E), rsa_jwk(&modulus(bits), &[3])]), 2, "{bits}");
    }
}

#[test]
fn points_are_on_their_curve() {
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let point = pair.public_key_raw();
    let jwk = |x: &[u8], y: &[u8]| json!({ "kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y) });
    let (x, y) = (&point[1..33], &point[33..]);
    let ed = |bytes: &[u8]| json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(bytes) });
    assert_eq!(usable(&[jwk(x, y), ed(KeyPair::generate_for(&PKCS_ED25519).unwrap().public_key_raw())]), 2);
    let (zero, ff) = ([0; 32], [0xff; 32]);
    let bad = [
        jwk(x, x),
        jwk(&zero, &zero),
        jwk(&ff, &ff),
        jwk(&x[1..], y),
        jwk(&point[..33], &y[1..]),
        ed(&[9; 31]),
        ed(&[]),
    ];
    assert_eq!(usable(&bad), 0);
}

#[test]
fn a_key_for_something_else_is_passed_over() {
    let good = rsa_jwk(&modulus(2048), E);
    let with = |name: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        jwk
    };
    assert_eq!(
        usable(&[with("use", json!("sig")), with("alg", json!("RS256")), with("key_ops", json!(["verify"]))]),
        3
    );
    let other = [
        with("use", json!("enc")),
        with("alg", json!("RSA-OAEP")),
        with("alg", json!("PS256")),
        with("key_ops", json!(["encrypt"])),
        with("key_ops", json!(["sign"])),
    ];
    assert_eq!(usable(&other), 0);
}

#[test]
fn a_private_key_is_no_public_key() {
    for kind in [&PKCS_RSA_SHA256, &PKCS_ECDSA_P256_SHA256, &PKCS_ED25519] {
        let pair = KeyPair::generate_for(kind).unwrap();
        assert!(Key::of_pem(&pair.public_key_pem()).is_ok());
        assert_eq!(Key::of_pem(&pair.serialize_pem()).err(), Some(BadKey::Unreadable));
    }
}
