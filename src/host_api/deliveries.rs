//! Deliveries of events: list, replay, and send a test event.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::attempt::AttemptId,
    store::{Delivery, DeliveryAttempt, DeliveryFilter, DeliveryState, Place, ReceiverState},
    web::routes::api,
    webhook::Webhook,
};

use super::{ApiProblem, HostKey, Kind, NoParameters, Query, attempts::UserBody, paging};

mod query;

use query::{Cursor, ListQuery};

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDeliveries)]
struct DeliveriesPage {
    /// The newest event first.
    webhook_deliveries: Vec<DeliveryBody>,
    /// Where the next page begins; none on the last one.
    #[schema(required)]
    next: Option<String>,
    /// What the receiver asked for.
    receiver: ReceiverBody,
}

/// What the receiver asked for. Both are null as long as it takes events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookReceiver)]
struct ReceiverBody {
    /// Since when nothing is sent, because it answered 410.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    disabled_at: Option<OffsetDateTime>,
    /// Until when nothing is sent, because it answered 429 or 503.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    paused_until: Option<OffsetDateTime>,
}

/// An event, and what was done to deliver it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
struct DeliveryBody {
    /// The event's id: the `webhook-id` of every try.
    id: Uuid,
    /// Its type, such as `connection.linked`.
    r#type: String,
    /// Of whom it tells.
    user: UserBody,
    /// Of which attempt; null for a connection that no attempt had made.
    #[schema(required)]
    attempt_id: Option<AttemptId>,
    /// Counts the user's events from 1.
    #[schema(minimum = 1)]
    sequence: i64,
    /// Where its delivery stands.
    state: DeliveryState,
    /// Every try, the first one first.
    tries: Vec<TryBody>,
    /// When it is tried again.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    next_at: Option<OffsetDateTime>,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// When the receiver took it.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    delivered_at: Option<OffsetDateTime>,
}

/// One try to deliver an event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookTry)]
struct TryBody {
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    /// What the receiver answered, if it did.
    #[schema(required)]
    status: Option<u16>,
    /// How long it took.
    #[schema(minimum = 0)]
    duration_ms: i64,
    /// What went wrong, in one word; null if it was delivered.
    #[schema(required)]
    error: Option<String>,
}

/// What came of a test event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookTest)]
struct TestResult {
    /// Whether the receiver took it.
    delivered: bool,
    /// What the receiver answered, if it did.
    #[schema(required)]
    status: Option<u16>,
    /// How long it took.
    #[schema(minimum = 0)]
    duration_ms: u64,
    /// What went wrong, in one word; null if it was delivered.
    #[schema(required)]
    error: Option<&'static str>,
}

/// `GET /api/v1/webhook-deliveries`: every event with its tries, newest first.
///
/// # Errors
/// 422 when a part of the query is unknown or not as it should be.
#[utoipa::path(
    get,
    path = api::WEBHOOK_DELIVERIES,
    operation_id = "listWebhookDeliveries",
    tag = "Webhook deliveries",
    summary = "Events and what was done to deliver them, the newest first",
    params(ListQuery),
    responses((status = 200, description = "A page of deliveries", body = DeliveriesPage))
)]
pub(crate) async fn list(
    _: HostKey,
    webhook: web::Data<Webhook>,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse, ApiProblem> {
    let ListQuery { user, state, limit, cursor } = query;
    let filter = DeliveryFilter { user, state, before: cursor.map(|Cursor(place)| place) };
    let find = async |most| webhook.store.deliveries(&filter, most).await;
    let (found, next) = paging::page(limit, find, |last| query::cursor(Place::of(&last.event))).await?;
    let receiver = receiver(&webhook).await?;
    Ok(HttpResponse::Ok().json(DeliveriesPage {
        webhook_deliveries: found.into_iter().map(delivery_body).collect(),
        next,
        receiver: ReceiverBody { disabled_at: receiver.disabled_at, paused_until: receiver.paused_until },
    }))
}

/// `POST /api/v1/webhook-deliveries/{id}/replay`: delivers an event again at once, also after its delivery or its last try.
#[utoipa::path(
    post,
    path = api::WEBHOOK_REPLAY,
    operation_id = "replayWebhookDelivery",
    tag = "Webhook deliveries",
    summary = "Has an event sent again at once",
    description = "With the same id and body, also if it was delivered or given up.",
    params(("event" = Uuid, Path, description = "The event's id")),
    responses(
        (status = 202, description = "It is on its way", body = DeliveryBody),
        (status = 409, description = "There is no receiver"),
    )
)]
pub(crate) async fn replay(
    _: HostKey,
    webhook: web::Data<Webhook>,
    id: web::Path<String>,
    Query(NoParameters {}): Query<NoParameters>,
) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("No event has this id.");
    let id = Uuid::parse_str(&id).map_err(|_| missing())?;
    let known = webhook.store.delivery(id).await?.ok_or_else(missing)?;
    if webhook.receiver.is_none() {
        return Err(Kind::NoReceiver.into());
    }
    if !webhook.store.replay(id, webhook.clock.now()).await? {
        return Err(missing());
    }
    let delivery = webhook.store.delivery(id).await?.unwrap_or(known);
    webhook.notify();
    Ok(HttpResponse::Accepted().json(delivery_body(delivery)))
}

/// `POST /api/v1/webhook-deliveries/test`: sends an event of the type `gangway.test` now and reports the outcome.
#[utoipa::path(
    post,
    path = api::WEBHOOK_TEST,
    operation_id = "sendTestEvent",
    tag = "Webhook deliveries",
    summary = "Sends an event of the type `gangway.test` now",
    description = "And says what came of it. A receiver that had answered 410 gets events again if it takes this one.",
    responses(
        (status = 200, description = "What came of it", body = TestResult),
        (status = 409, description = "There is no receiver"),
    )
)]
pub(crate) async fn test(
    _: HostKey,
    webhook: web::Data<Webhook>,
    Query(NoParameters {}): Query<NoParameters>,
) -> Result<HttpResponse, ApiProblem> {
    let answer = webhook.send_test_event().await?.ok_or(Kind::NoReceiver)?;
    Ok(HttpResponse::Ok().json(TestResult {
        delivered: answer.failure.is_none(),
        status: answer.status,
        duration_ms: u64::try_from(answer.duration.as_millis()).unwrap_or(u64::MAX),
        error: answer.failure.map(Into::into),
    }))
}

/// The receiver's state, without an expired pause.
async fn receiver(webhook: &Webhook) -> Result<ReceiverState, ApiProblem> {
    let Some(receiver) = &webhook.receiver else { return Ok(ReceiverState::default()) };
    let now = webhook.clock.now();
    let state = webhook.store.receiver(receiver.key()).await?;
    Ok(ReceiverState { paused_until: state.paused_until.filter(|until| *until > now), ..state })
}

fn delivery_body(delivery: Delivery) -> DeliveryBody {
    let Delivery { event, state, next_at, delivered_at, tries } = delivery;
    DeliveryBody {
        id: event.id,
        r#type: event.kind,
        user: UserBody { id: event.user },
        attempt_id: event.attempt,
        sequence: event.sequence,
        state,
        tries: tries.into_iter().map(try_body).collect(),
        next_at,
        created_at: event.at,
        delivered_at,
    }
}

fn try_body(attempt: DeliveryAttempt) -> TryBody {
    TryBody { at: attempt.at, status: attempt.status, duration_ms: attempt.duration_ms, error: attempt.failure }
}
