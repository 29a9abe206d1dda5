//! What the host's server is sent, as the description of the API has it.

use serde::Serialize;
use serde_json::{Map, Value, json};
use strum::VariantArray as _;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::domain::{
    attempt::{AttemptId, EventKind, Reason, State},
    connection::CredentialId,
    connector::ConnectorId,
    session::{ExternalId, SessionId},
};

/// An event. It says what happened and to what; how that stands by now the API says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub(super) struct Event {
    /// What happened.
    r#type: EventKind,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    /// To what.
    #[serde(rename = "data")]
    subject: Subject,
}

/// What an event is about. A connection that no attempt had made has neither attempt nor state, reason and session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventSubject)]
struct Subject {
    /// The attempt.
    #[schema(required)]
    attempt_id: Option<AttemptId>,
    /// Where it stood then.
    #[schema(required)]
    state: Option<State>,
    /// Why it ended so.
    #[schema(required)]
    reason: Option<Reason>,
    /// The app.
    connector: ConnectorId,
    /// The connection.
    #[schema(required)]
    credential_id: Option<CredentialId>,
    /// The connection that it took the place of.
    #[schema(required)]
    replaces: Option<CredentialId>,
    /// Your own id of the user.
    user_id: ExternalId,
    /// The session in which it began.
    #[schema(required)]
    session_id: Option<SessionId>,
    /// Counts the user's events from 1, without gaps.
    #[schema(minimum = 1)]
    sequence: i64,
}

/// An event that says nothing, to try the receiver with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TestEvent)]
pub(super) struct TestEvent {
    /// Always `gangway.test`.
    #[schema(pattern = "^gangway\\.test$")]
    r#type: String,
    /// When it was sent.
    #[serde(with = "time::serde::rfc3339")]
    timestamp: OffsetDateTime,
    /// Nothing.
    #[serde(rename = "data")]
    nothing: Map<String, Value>,
}

/// The section of the description that utoipa does not know yet (OpenAPI 3.1, `webhooks`).
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
