//! Health, readiness and metrics, on the admin listener.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpResponse, Resource, Route, guard,
    http::header,
    web::{self, ServiceConfig},
};
use time::OffsetDateTime;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{
    alloy::AlloyClient,
    domain::clock::SharedClock,
    runtime::metrics::{CONTENT_TYPE, Metrics, State},
    store::{Erasure, JOB_KINDS, Store},
    web::routes::admin,
    webhook::Webhook,
};

/// Timeout for the store; the other metrics are then served without it.
const PATIENCE: Duration = Duration::from_millis(500);
/// Timeout for the store in `/readyz`: health checks give up after two seconds or more.
const READY_TIMEOUT: Duration = Duration::from_millis(1500);

#[derive(Clone)]
pub(crate) struct Monitored {
    pub store: Store,
    pub alloy: Arc<AlloyClient>,
    pub webhook: Arc<Webhook>,
    pub metrics: Arc<Metrics>,
    pub clock: SharedClock,
    pub shutdown: CancellationToken,
}

/// Registers the routes of the admin listener.
pub fn addresses(services: &mut ServiceConfig) {
    services
        .service(at(admin::HEALTH, read().to(HttpResponse::Ok)))
        .service(at(admin::READY, read().to(ready)))
        .service(at(admin::METRICS, read().to(metrics)));
}

/// Other methods get 405 with the list of those (RFC 9110 section 15.5.6).
fn at(path: &str, route: Route) -> Resource {
    let others = || async { HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, "GET, HEAD")).finish() };
    web::resource(path).route(route).default_service(web::to(others))
}

fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// Ready while the store can be reached and written, and no shutdown has begun. An outage of Alloy must not take our pages down.
async fn ready(monitored: web::Data<Monitored>) -> HttpResponse {
    if monitored.shutdown.is_cancelled() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    match timeout(READY_TIMEOUT, monitored.store.ping()).await {
        Ok(Ok(())) => return HttpResponse::Ok().finish(),
        Ok(Err(error)) => tracing::error!(%error, "the store cannot be reached, or takes no writes"),
        Err(_) => tracing::error!("the store does not answer in time"),
    }
    HttpResponse::ServiceUnavailable().finish()
}

async fn metrics(monitored: web::Data<Monitored>) -> HttpResponse {
    let text = monitored.metrics.render(&state(&monitored).await);
    HttpResponse::Ok().content_type(CONTENT_TYPE).body(text)
}

async fn state(monitored: &Monitored) -> State {
    let waiting = timeout(PATIENCE, monitored.store.waiting_events()).await.ok().and_then(Result::ok);
    let age =
        |since: OffsetDateTime| u64::try_from((monitored.clock.now() - since).whole_seconds()).unwrap_or_default();
    let stalled = monitored.clock.now() - Erasure::STALLED_AFTER;
    let erasures = timeout(PATIENCE, monitored.store.erasure_backlog(stalled)).await.ok().and_then(Result::ok);
    State {
        store_answers: waiting.is_some(),
        breaker_open: monitored.alloy.is_down(),
        key_refused: monitored.alloy.key_is_refused(),
        receiver_gone: receiver_gone(monitored).await,
        // Without a receiver no event is due.
        waiting: waiting.map(|waiting| match monitored.webhook.receiver {
            Some(_) => (waiting.count, waiting.oldest.map_or(0, age)),
            None => (0, 0),
        }),
        erasures,
        job_lag: job_lag(monitored).await,
        draining: monitored.shutdown.is_cancelled(),
    }
}

/// Seconds that each job is late. Empty if the store does not answer.
async fn job_lag(monitored: &Monitored) -> Vec<(&'static str, u64)> {
    let now = monitored.clock.now();
    let Ok(Ok(overdue)) = timeout(PATIENCE, monitored.store.overdue(now)).await else { return Vec::new() };
    let due = |kind| overdue.iter().find(|(overdue, _)| *overdue == kind).map_or(now, |(_, due)| *due);
    let age = |kind| u64::try_from((now - due(kind)).whole_seconds()).unwrap_or_default();
    JOB_KINDS.map(|kind| (kind, age(kind))).into()
}

/// Returns whether the host's receiver is disabled.
async fn receiver_gone(monitored: &Monitored) -> bool {
    let Some(receiver) = &monitored.webhook.receiver else { return false };
    let known = timeout(PATIENCE, monitored.store.receiver(receiver.key())).await;
    known.is_ok_and(|known| known.is_ok_and(|known| known.disabled_at.is_some()))
}
