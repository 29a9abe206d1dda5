//! Webhooks in the API's description.

use serde_json::{Map, Value};
use strum::VariantArray as _;

use crate::domain::attempt::EventKind;

/// The section `webhooks` of OpenAPI 3.1, which utoipa does not support yet.
pub(super) fn webhooks() -> Value {
    let events = EventKind::VARIANTS.iter().map(|kind| (kind.as_str(), "Event"));
    let all = events.chain([("gangway.test", "TestEvent")]);
    Value::Object(all.map(|(kind, body)| (kind.to_owned(), webhook(kind, body))).collect::<Map<_, _>>())
}

fn webhook(kind: &str, body: &str) -> Value {
    let text = include_str!("webhook.json").replace("{kind}", kind).replace("{body}", body);
    serde_json::from_str(&text).unwrap_or_default()
}
