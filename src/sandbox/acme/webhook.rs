//! What Gangway tells this server: `POST /webhooks`. The second file to copy into a product, or use one of the libraries of
//! Standard Webhooks in its place.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Bytes, Data},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use sha2::Sha256;
use time::OffsetDateTime;

use super::{
    accounts::Accounts,
    behind_the_scenes::{Call, Drawer},
};

/// Where Gangway sends its events: its `webhook.url`.
pub(crate) const PATH: &str = "/webhooks";
/// What was signed longer ago is somebody who repeats what he overheard, in seconds.
const TOO_OLD: i64 = 300;
/// How many ids are remembered. A product has them in its database.
const REMEMBERED: usize = 1000;

/// What this server knows of events.
pub(crate) struct Events {
    /// One of Gangway's `webhook.secrets`.
    secret: SecretString,
    seen: Mutex<VecDeque<String>>,
}

impl Events {
    /// None yet.
    pub(crate) fn new(secret: SecretString) -> Self {
        Self { secret, seen: Mutex::default() }
    }

    /// Whether Gangway made this, and not long ago: one of the signatures is over id, time and body, byte by byte.
    fn are_genuine(&self, id: &str, timestamp: &str, signatures: &str, body: &[u8]) -> Option<()> {
        let age = now() - timestamp.parse::<i64>().ok()?;
        (-TOO_OLD..=TOO_OLD).contains(&age).then_some(())?;
        let key = STANDARD.decode(self.secret.expose_secret().strip_prefix("whsec_")?).ok()?;
        let signed = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        let signed =
            signed.chain_update(id).chain_update(".").chain_update(timestamp).chain_update(".").chain_update(body);
        let right = |signature: &str| {
            let tag = signature.strip_prefix("v1,").and_then(|text| STANDARD.decode(text).ok());
            tag.is_some_and(|tag| signed.clone().verify_slice(&tag).is_ok())
        };
        signatures.split(' ').any(right).then_some(())
    }

    /// Whether it is new. An event may come more than once, and always with the same id.
    fn is_new(&self, id: &str) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.iter().any(|known| known == id) {
            return false;
        }
        seen.push_front(id.to_owned());
        seen.truncate(REMEMBERED);
        true
    }
}

/// `POST /webhooks`: believes what is signed, once, and says so quickly. A product would now look at what is connected, and
/// do its work after the answer.
pub(crate) async fn receive(
    request: HttpRequest,
    body: Bytes,
    events: Data<Events>,
    accounts: Data<Accounts>,
    drawer: Data<Drawer>,
) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    if events.are_genuine(id, timestamp, header("webhook-signature"), &body).is_none() {
        return HttpResponse::Unauthorized().finish();
    }
    let told: Value = serde_json::from_slice(&body).unwrap_or_default();
    let user = accounts.of_id(told.pointer("/data/user_id").and_then(Value::as_str).unwrap_or_default());
    if let Some(user) = user.filter(|_| events.is_new(id)) {
        drawer.put(user, Call::received(PATH, id, &body));
    }
    HttpResponse::NoContent().finish()
}

#[expect(clippy::disallowed_methods, reason = "a host has a clock of its own")]
pub(crate) fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}
