//! Webhooks in the API's description.

use serde_json::{Map, Value, json};
use strum::VariantArray as _;

use crate::domain::attempt::EventKind;

/// The section `webhooks` of OpenAPI 3.1, which utoipa does not support yet.
pub(super) fn webhooks() -> Value {
    let told = |kind: &EventKind| (kind.as_str().to_owned(), webhook(kind.as_str(), "Event"));
    let mut all: Map<String, Value> = EventKind::VARIANTS.iter().map(told).collect();
    all.insert("gangway.test".to_owned(), webhook("gangway.test", "TestEvent"));
    Value::Object(all)
}

fn webhook(kind: &str, body: &str) -> Value {
    let header = |name: &str, description: &str| json!({ "name": name, "in": "header", "required": true, "description": description, "schema": { "type": "string" } });
    json!({
        "post": {
            "summary": kind,
            "description": "Signed as Standard Webhooks has it. At least once: look whether you know the id already.",
            "security": [],
            "parameters": [
                header("webhook-id", "The event's id, the same in every try"),
                header("webhook-timestamp", "When this try was made, in seconds since 1970"),
                header("webhook-signature", "`v1,` and a signature with each of webhook.secrets"),
            ],
            "requestBody": {
                "required": true,
                "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{body}") } } },
            },
            "responses": {
                "2XX": { "description": "You have it" },
                "410": { "description": "Nothing more is to be sent to you" },
                "429": { "description": "Later, please: `Retry-After` says when" },
                "503": { "description": "Later, please: `Retry-After` says when" },
            },
        }
    })
}
