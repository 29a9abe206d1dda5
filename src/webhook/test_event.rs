//! An event without content, to test the receiver.

use serde::Serialize;
use serde_json::{Map, Value};
use time::{OffsetDateTime, serde::rfc3339};
use utoipa::ToSchema;

use super::{Webhook, receiver::Reply};
use crate::{domain::clock::time_sorted_uuid, store::StoreError};

/// An event that says nothing, to try the receiver with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TestEvent)]
pub(crate) struct TestEvent {
    /// Always `gangway.test`.
    #[schema(pattern = "^gangway\\.test$")]
    r#type: String,
    /// When it was sent.
    #[serde(with = "rfc3339")]
    timestamp: OffsetDateTime,
    /// Nothing.
    #[serde(rename = "data")]
    nothing: Map<String, Value>,
}

impl Webhook {
    /// Sends even to a paused or disabled receiver, and enables it again on success. `None` without a receiver.
    pub(crate) async fn send_test_event(&self) -> Result<Option<Reply>, StoreError> {
        let Some(receiver) = &self.receiver else { return Ok(None) };
        let now = self.clock.now();
        let id = time_sorted_uuid(self.clock.as_ref(), self.entropy.as_ref());
        let event = TestEvent { r#type: "gangway.test".to_owned(), timestamp: now, nothing: Map::new() };
        let body = serde_json::to_string(&event).unwrap_or_default();
        let reply = receiver.send(id, &body, now).await;
        if reply.failure.is_none() {
            self.store.enable_receiver(receiver.key()).await?;
            self.notify();
        }
        Ok(Some(reply))
    }
}
