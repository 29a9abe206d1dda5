//! The signature of an event (Standard Webhooks, symmetric): an HMAC-SHA256 over id, time and body.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// The keys of `webhook.secrets`. All of them sign, so that secrets can be rotated.
#[derive(Clone)]
pub(super) struct Signer(Vec<Hmac<Sha256>>);

impl Signer {
    /// Returns `None` if a secret is not `whsec_` and base64.
    pub(super) fn new(secrets: &[SecretString]) -> Option<Self> {
        secrets.iter().map(key).collect::<Option<_>>().map(Self)
    }

    /// The value of `webhook-signature`: one `v1,` signature for each key, separated by spaces.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let signed = format!("{id}.{timestamp}.{body}");
        let each = self.0.iter().map(|key| {
            let tag = key.clone().chain_update(signed.as_bytes()).finalize().into_bytes();
            format!("v1,{}", STANDARD.encode(tag))
        });
        each.collect::<Vec<_>>().join(" ")
    }
}

fn key(secret: &SecretString) -> Option<Hmac<Sha256>> {
    let bytes = STANDARD.decode(secret.expose_secret().strip_prefix("whsec_")?).ok()?;
    Hmac::new_from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests;
