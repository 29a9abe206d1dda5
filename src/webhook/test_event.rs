//! An event that says nothing, to try the receiver with.

use serde::Serialize;
use time::{OffsetDateTime, serde::rfc3339};

use super::Answer;
use crate::{domain::clock::time_sorted_uuid, gangway::Gangway, store::StoreError};

#[derive(Serialize)]
struct Body {
    r#type: &'static str,
    #[serde(with = "rfc3339")]
    timestamp: OffsetDateTime,
    data: Empty,
}

#[derive(Serialize)]
struct Empty {}

/// Sends one at once, whatever the receiver asked for before; `None` without a receiver. If it takes this one, it gets all
/// events again.
///
/// # Errors
/// When the store fails.
pub(crate) async fn send_test_event(gangway: &Gangway) -> Result<Option<Answer>, StoreError> {
    let Some(receiver) = gangway.webhook.receiver() else { return Ok(None) };
    let now = gangway.clock.now();
    let id = time_sorted_uuid(gangway.clock.as_ref(), gangway.entropy.as_ref());
    let body = Body { r#type: "gangway.test", timestamp: now, data: Empty {} };
    let body = serde_json::to_string(&body).unwrap_or_default();
    let answer = receiver.send(id, &body, now).await;
    if answer.failure.is_none() {
        gangway.store.enable_receiver(receiver.key()).await?;
        gangway.webhook.ring();
    }
    Ok(Some(answer))
}
