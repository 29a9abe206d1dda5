//! Deliveries of events: what became of each, to have one again, and to try the receiver.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    gangway::Gangway,
    link::AttemptId,
    session::ExternalId,
    store::{Delivery, DeliveryState, Place, ReceiverState, Try, Which},
    webhook::{Failure, send_test_event},
};

use super::{ApiProblem, HostKey, Nothing, Query};

mod query;

use query::{Cursor, Wanted};

#[derive(Debug, Serialize)]
struct Answer {
    webhook_deliveries: Vec<Shown>,
    /// Where the next page begins; none on the last one.
    next: Option<String>,
    receiver: ShownReceiver,
}

/// What the receiver asked for. Both are null as long as it takes events.
#[derive(Debug, Serialize)]
struct ShownReceiver {
    #[serde(with = "time::serde::rfc3339::option")]
    disabled_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    paused_until: Option<OffsetDateTime>,
}

#[derive(Debug, Serialize)]
struct Shown {
    id: Uuid,
    r#type: String,
    user: ShownUser,
    attempt_id: Option<AttemptId>,
    sequence: i64,
    state: &'static str,
    tries: Vec<ShownTry>,
    #[serde(with = "time::serde::rfc3339::option")]
    next_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    delivered_at: Option<OffsetDateTime>,
}

#[derive(Debug, Serialize)]
struct ShownUser {
    id: ExternalId,
}

#[derive(Debug, Serialize)]
struct ShownTry {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    status: Option<u16>,
    duration_ms: i64,
    error: Option<String>,
}

/// `GET /api/v1/webhook-deliveries`: every event and what was done to deliver it, the newest first.
///
/// # Errors
/// 422 when a part of the query is unknown or not as it should be.
pub async fn list(
    _: HostKey,
    gangway: web::Data<Gangway>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, ApiProblem> {
    let Wanted { user, state, limit, cursor } = wanted;
    let which = Which { user, state: state.map(Into::into), before: cursor.map(|Cursor(place)| place) };
    // One more than fits tells whether there is another page.
    let mut found = gangway.store.deliveries(&which, limit + 1).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(usize::from(limit));
    let next = found.last().filter(|_| more).map(|last| query::cursor(Place::of(&last.event)));
    let receiver = receiver(&gangway).await?;
    Ok(HttpResponse::Ok().json(Answer {
        webhook_deliveries: found.into_iter().map(shown).collect(),
        next,
        receiver: ShownReceiver { disabled_at: receiver.disabled_at, paused_until: receiver.paused_until },
    }))
}

/// `POST /api/v1/webhook-deliveries/{id}/replay`: has an event tried again at once, with the same id and body, also if it
/// was delivered or given up.
///
/// # Errors
/// 404 when there is none of that id; 409 without a receiver.
pub async fn replay(
    _: HostKey,
    gangway: web::Data<Gangway>,
    id: web::Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("No event has this id.");
    let id = Uuid::parse_str(&id).map_err(|_| missing())?;
    let known = gangway.store.delivery(id).await?.ok_or_else(missing)?;
    if gangway.webhook.receiver().is_none() {
        return Err(ApiProblem::no_receiver());
    }
    if !gangway.store.replay(id, gangway.clock.now()).await? {
        return Err(missing());
    }
    let delivery = gangway.store.delivery(id).await?.unwrap_or(known);
    gangway.webhook.ring();
    Ok(HttpResponse::Accepted().json(shown(delivery)))
}

/// `POST /api/v1/webhook-deliveries/test`: sends an event of the type `gangway.test` now, and says what came of it. A
/// receiver that had answered 410 gets events again if it takes this one.
///
/// # Errors
/// 409 without a receiver.
pub async fn test(
    _: HostKey,
    gangway: web::Data<Gangway>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<HttpResponse, ApiProblem> {
    let answer = send_test_event(&gangway).await?.ok_or_else(ApiProblem::no_receiver)?;
    Ok(HttpResponse::Ok().json(json!({
        "delivered": answer.failure.is_none(),
        "status": answer.status,
        "duration_ms": u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX),
        "error": answer.failure.map(Failure::as_str),
    })))
}

/// A pause that is over is none.
async fn receiver(gangway: &Gangway) -> Result<ReceiverState, ApiProblem> {
    let Some(receiver) = gangway.webhook.receiver() else { return Ok(ReceiverState::default()) };
    let now = gangway.clock.now();
    let state = gangway.store.receiver(receiver.key()).await?;
    Ok(ReceiverState { paused_until: state.paused_until.filter(|until| *until > now), ..state })
}

fn shown(delivery: Delivery) -> Shown {
    let Delivery { event, state, next_at, delivered_at, tries } = delivery;
    Shown {
        id: event.id,
        r#type: event.kind,
        user: ShownUser { id: event.user },
        attempt_id: event.attempt,
        sequence: event.sequence,
        state: name(state),
        tries: tries.into_iter().map(shown_try).collect(),
        next_at,
        created_at: event.at,
        delivered_at,
    }
}

fn shown_try(made: Try) -> ShownTry {
    ShownTry { at: made.at, status: made.status, duration_ms: made.duration_ms, error: made.failure }
}

fn name(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Dead => "dead",
    }
}
