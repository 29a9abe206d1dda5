//! Webhooks in the API's description.

use serde_json::{Map, Value};
use strum::VariantArray as _;

use super::events::{operation_id, schema_name};
use crate::domain::attempt::EventKind;

/// The section `webhooks` of OpenAPI 3.1, which utoipa does not support yet.
pub(super) fn webhooks() -> Value {
    let kinds = EventKind::VARIANTS.iter().map(|kind| kind.as_str()).chain(["gangway.test"]);
    let each = kinds.map(|kind| (kind.to_owned(), webhook(kind, &schema_name(kind))));
    // One receiver gets them all.
    let all = each.chain([("event".to_owned(), webhook("event", "Event"))]);
    Value::Object(all.collect::<Map<_, _>>())
}

fn webhook(kind: &str, body: &str) -> Value {
    let text = include_str!("webhook.json").replace("{kind}", kind).replace("{body}", body);
    serde_json::from_str(&text.replace("{operation}", &operation_id(kind))).unwrap_or_default()
}
