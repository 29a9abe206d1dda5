//! Health, readiness and metrics, on the admin listener.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    web::{self, ServiceConfig},
};
use time::OffsetDateTime;
use tokio::time::timeout;

use crate::{
    gangway::Gangway,
    runtime::metrics::{CONTENT_TYPE, State},
    store::{Erasure, JOB_KINDS},
    web::routes::admin,
};

/// How long the store may take to say how it is, before the rest is told without it.
const PATIENCE: Duration = Duration::from_millis(500);

/// The addresses of the admin listener.
pub fn addresses(services: &mut ServiceConfig) {
    services
        .route(admin::HEALTH, web::get().to(HttpResponse::Ok))
        .route(admin::READY, web::get().to(ready))
        .route(admin::METRICS, web::get().to(metrics));
}

/// Ready while the store can be reached and no shutdown has begun. An outage of Alloy must not take our pages down.
async fn ready(gangway: web::Data<Gangway>) -> HttpResponse {
    if gangway.shutdown.is_cancelled() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    match gangway.store.ping().await {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(error) => {
            tracing::error!(%error, "the store cannot be reached");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

/// What was counted, and how things are.
async fn metrics(gangway: web::Data<Gangway>) -> HttpResponse {
    let text = gangway.metrics.render(&state(&gangway).await);
    HttpResponse::Ok().content_type(CONTENT_TYPE).body(text)
}

async fn state(gangway: &Gangway) -> State {
    let waiting = timeout(PATIENCE, gangway.store.waiting_events()).await.ok().and_then(Result::ok);
    let age = |since: OffsetDateTime| u64::try_from((gangway.clock.now() - since).whole_seconds()).unwrap_or_default();
    let stalled = gangway.clock.now() - Erasure::STALLED_AFTER;
    let erasures = timeout(PATIENCE, gangway.store.erasure_backlog(stalled)).await.ok().and_then(Result::ok);
    State {
        store_answers: waiting.is_some(),
        breaker_open: gangway.alloy.is_down(),
        key_refused: gangway.alloy.key_is_refused(),
        receiver_gone: receiver_gone(gangway).await,
        // Without a receiver nothing waits for one.
        waiting: waiting.map(|waiting| match gangway.webhook.receiver() {
            Some(_) => (waiting.count, waiting.oldest.map_or(0, age)),
            None => (0, 0),
        }),
        erasures,
        job_lag: job_lag(gangway).await,
        draining: gangway.shutdown.is_cancelled(),
    }
}

/// Empty, and so unchanged, if the store does not answer.
async fn job_lag(gangway: &Gangway) -> Vec<(&'static str, u64)> {
    let now = gangway.clock.now();
    let Ok(Ok(overdue)) = timeout(PATIENCE, gangway.store.overdue(now)).await else { return Vec::new() };
    let due = |kind| overdue.iter().find(|(overdue, _)| *overdue == kind).map_or(now, |(_, due)| *due);
    let age = |kind| u64::try_from((now - due(kind)).whole_seconds()).unwrap_or_default();
    JOB_KINDS.map(|kind| (kind, age(kind))).into()
}

/// Whether the host's receiver has said that it is gone for good.
async fn receiver_gone(gangway: &Gangway) -> bool {
    let Some(receiver) = gangway.webhook.receiver() else { return false };
    let known = timeout(PATIENCE, gangway.store.receiver(receiver.key())).await;
    known.is_ok_and(|known| known.is_ok_and(|known| known.disabled_at.is_some()))
}
