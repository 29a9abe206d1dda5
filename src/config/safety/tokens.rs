//! Signed tokens that can never be accepted, and keys that could be replaced in transit.

use crate::{
    config::{Finding, Host, redact},
    domain::public_key::{BadKey, parse_pem},
    runtime::net::{is_unencrypted, origin_of, over_https},
};

pub(crate) fn check(host: &Host, found: &mut Vec<Finding>) {
    let has_keys = !host.token_keys.is_empty() || host.token_jwks_url.is_some();
    if has_keys && host.token_issuer.is_none() {
        let issuer = host.origins.first().map_or_else(|| "https://app.example.com".to_owned(), origin_of);
        let meaning = "there are keys for signed tokens, and without the `iss` of your tokens none is accepted";
        found.push(Finding::error("host.token_issuer", "not set", meaning).write(issuer));
    }
    if let (Some(issuer), false) = (&host.token_issuer, has_keys) {
        let meaning = "no key says whether a token is yours: name host.token_keys or host.token_jwks_url, or no issuer";
        found.push(Finding::error("host.token_issuer", format!("{issuer:?}"), meaning).write(""));
    }
    if let Some(url) = host.token_jwks_url.as_ref().filter(|url| is_unencrypted(url)) {
        let meaning =
            "an attacker who changes these keys on the way can pose as each of your users; fetch them over https";
        found.push(Finding::error("host.token_jwks_url", redact::url(url), meaning).write(over_https(url)));
    }
    let bad = |(place, pem): (usize, &String)| Some((place, parse_pem(pem).err()?));
    if let Some((place, bad)) = (1..).zip(&host.token_keys).find_map(bad) {
        let (current, meaning) = if bad == BadKey::Unreadable {
            let meaning =
                "each is a public key in PEM: RSA, P-256 or Ed25519, with -----BEGIN PUBLIC KEY----- before it";
            (format!("number {place} cannot be read"), meaning)
        } else {
            let meaning = "a weak key can be broken, and tokens of each of your users be forged with it";
            (format!("number {place} cannot be relied on: {bad}"), meaning)
        };
        let good: Vec<String> = host.token_keys.iter().filter(|pem| parse_pem(pem).is_ok()).cloned().collect();
        found.push(Finding::error("host.token_keys", current, meaning).write(good));
    }
}
