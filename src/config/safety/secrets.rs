//! Keys that are missing, too short or swapped.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    config::{Finding, Settings, redact},
    domain::clock::{Entropy, random_32},
};

/// Minimum length of `session.keys`, in bytes.
const MIN_SESSION_KEY: usize = 32;
/// Minimum length of plain `host.api_keys`, in characters.
const MIN_HOST_KEY: usize = 20;

pub(crate) const ALLOY_KEY_PLACEHOLDER: &str = "YOUR-ALLOY-KEY";

pub(crate) fn fresh_session_key(entropy: &dyn Entropy) -> String {
    URL_SAFE_NO_PAD.encode(random_32(entropy))
}

/// The prefix lets people and secret scanners recognise the key.
pub(crate) fn fresh_host_key(entropy: &dyn Entropy) -> String {
    format!("gangway_{}", fresh_session_key(entropy))
}

pub(crate) fn check(settings: &Settings, entropy: &dyn Entropy, found: &mut Vec<Finding>) {
    session_keys(&settings.session.keys, entropy, found);
    alloy_key(&settings.alloy.api_key, found);
    host_keys(settings, entropy, found);
}

fn session_keys(keys: &[SecretString], entropy: &dyn Entropy, found: &mut Vec<Finding>) {
    let meaning = if keys.is_empty() {
        "without a key no cookie can be signed and no start link made".to_owned()
    } else if keys.iter().any(|key| key.expose_secret().len() < MIN_SESSION_KEY) {
        format!("each key needs {MIN_SESSION_KEY} bytes or more; here is a fresh one")
    } else {
        return;
    };
    found.push(Finding::error("session.keys", redact::secrets(keys), meaning).write(vec![fresh_session_key(entropy)]));
}

fn alloy_key(key: &SecretString, found: &mut Vec<Finding>) {
    let (current, meaning) = match key.expose_secret().trim() {
        "" => (
            "not set",
            "without your key Alloy answers nothing; copy it from Alloy's dashboard, or name a file that holds it as alloy.api_key_file",
        ),
        ALLOY_KEY_PLACEHOLDER => ("still the placeholder", "put your own key from Alloy's dashboard in its place"),
        _ => return,
    };
    found.push(Finding::error("alloy.api_key", current, meaning).write(ALLOY_KEY_PLACEHOLDER));
}

fn host_keys(settings: &Settings, entropy: &dyn Entropy, found: &mut Vec<Finding>) {
    let keys = &settings.host.api_keys;
    let alloy = settings.alloy.api_key.expose_secret();
    let meaning = if keys.is_empty() {
        "without a key your server cannot call our API".to_owned()
    } else if keys.iter().any(|key| !alloy.is_empty() && key.expose_secret() == alloy) {
        "one of them is your Alloy key; your server needs a key of its own, or the Alloy key is in two places"
            .to_owned()
    } else if keys.iter().any(|key| !can_be_sent(key.expose_secret())) {
        "one of them has blanks, quotation marks, brackets or invisible characters around or in it, and no call of your \
         server has those; here is a fresh key"
            .to_owned()
    } else if keys.iter().any(|key| malformed_digest(key.expose_secret())) {
        "after sha256: stand 64 hexadecimal digits; here is a fresh key".to_owned()
    } else if keys.iter().any(|key| key.expose_secret().chars().count() < MIN_HOST_KEY) {
        format!("a plain key needs {MIN_HOST_KEY} characters or more, or it can be guessed; here is a fresh one")
    } else {
        return;
    };
    found.push(Finding::error("host.api_keys", redact::secrets(keys), meaning).write(vec![fresh_host_key(entropy)]));
}

/// Whether a call can have this key: visible ASCII in the header, without what quoting leaves around it.
fn can_be_sent(key: &str) -> bool {
    let is_quoted = key.starts_with(['"', '\'', '[']) || key.ends_with(['"', '\'', ']']);
    !is_quoted && key.trim() == key && key.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

fn malformed_digest(key: &str) -> bool {
    key.strip_prefix("sha256:")
        .is_some_and(|digits| digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
