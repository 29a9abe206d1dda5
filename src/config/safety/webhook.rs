//! Events that could be read in transit or forged.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::ExposeSecret as _;

use crate::{
    config::{Finding, Settings, redact},
    domain::clock::{Entropy, random_32},
    runtime::net::{is_unencrypted, over_https},
};

/// Length of a secret in bytes, by the Standard Webhooks specification.
const SECRET: std::ops::RangeInclusive<usize> = 24..=64;

pub(crate) fn check(settings: &Settings, entropy: &dyn Entropy, found: &mut Vec<Finding>) {
    let webhook = &settings.webhook;
    if let Some(url) = &webhook.url
        && is_unencrypted(url)
    {
        let meaning = "events name your users, and can be read on the way without https";
        found.push(Finding::error("webhook.url", redact::url(url), meaning).write(over_https(url)));
    }
    let meaning = if webhook.url.is_some() && webhook.secrets.is_empty() {
        "unsigned events can be forged by anyone"
    } else if webhook.secrets.iter().any(|secret| !well_formed(secret.expose_secret())) {
        "each is whsec_ and the base64 of 24 to 64 bytes; here is a fresh one"
    } else {
        return;
    };
    let fresh = fresh_webhook_secret(entropy);
    found.push(Finding::error("webhook.secrets", redact::secrets(&webhook.secrets), meaning).write(vec![fresh]));
}

pub(crate) fn fresh_webhook_secret(entropy: &dyn Entropy) -> String {
    format!("whsec_{}", STANDARD.encode(random_32(entropy)))
}

fn well_formed(secret: &str) -> bool {
    let bytes = secret.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok());
    bytes.is_some_and(|bytes| SECRET.contains(&bytes.len()))
}
