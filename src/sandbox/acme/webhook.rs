//! Receives Gangway's events: `POST /webhooks`. The second file to copy into a product, unless it uses a library of
//! Standard Webhooks.

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

/// Path of Gangway's `webhook.url`.
pub(crate) const PATH: &str = "/webhooks";
/// Maximum age of a signature in seconds; older ones may be replayed.
const TOO_OLD: i64 = 300;
/// Maximum number of ids remembered. A product stores them in its database.
const REMEMBERED: usize = 1000;

pub(crate) struct Events {
    /// One of Gangway's `webhook.secrets`.
    secret: SecretString,
    ids: Mutex<VecDeque<String>>,
}

impl Events {
    pub(crate) fn new(secret: SecretString) -> Self {
        Self { secret, ids: Mutex::default() }
    }

    /// Verifies the age and one of the signatures, which cover id, time and the bytes of the body.
    fn verify(&self, id: &str, timestamp: &str, signatures: &str, body: &[u8]) -> Option<()> {
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

    /// False for a duplicate: an event may be delivered more than once, with the same id.
    fn record(&self, id: &str) -> bool {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.iter().any(|known| known == id) {
            return false;
        }
        ids.push_front(id.to_owned());
        ids.truncate(REMEMBERED);
        true
    }
}

/// `POST /webhooks`: accepts each signed event once and responds at once. A product would read the connections and do
/// its work after the response.
pub(crate) async fn receive(
    request: HttpRequest,
    body: Bytes,
    events: Data<Events>,
    accounts: Data<Accounts>,
    drawer: Data<Drawer>,
) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    if events.verify(id, timestamp, header("webhook-signature"), &body).is_none() {
        return HttpResponse::Unauthorized().finish();
    }
    let event: Value = serde_json::from_slice(&body).unwrap_or_default();
    let user = accounts.find(event.pointer("/data/user_id").and_then(Value::as_str).unwrap_or_default());
    if let Some(user) = user.filter(|_| events.record(id)) {
        drawer.add(user, Call::received(PATH, id, &body));
    }
    HttpResponse::NoContent().finish()
}

#[expect(clippy::disallowed_methods, reason = "a host has a clock of its own")]
pub(crate) fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}
