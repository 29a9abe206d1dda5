//! One try to deliver an event, and what follows from it.

use std::time::Duration;

use time::OffsetDateTime;

use super::{Answer, Failure, Receiver, ladder};
use crate::{
    domain::clock::Entropy,
    gangway::Gangway,
    runtime::metrics::Delivered,
    store::{Due, Next, StoreError, Try},
};

/// Sends the event once and keeps what came of it. If this process dies between the two, the lease ends, and the event is
/// sent once more with the same id.
pub(super) async fn deliver(gangway: &Gangway, receiver: &Receiver, due: &Due) -> Result<(), StoreError> {
    let at = gangway.clock.now();
    let answer = receiver.send(due.id, &due.body, at).await;
    let now = gangway.clock.now();
    let entropy = gangway.entropy.as_ref();
    heed(gangway, receiver, answer, now).await?;
    let next = next(due, at, answer, now, entropy);
    let made = Try {
        at,
        status: answer.status,
        duration_ms: i64::try_from(answer.took.as_millis()).unwrap_or(i64::MAX),
        failure: answer.failure.map(|failure| failure.as_str().to_owned()),
    };
    tell(due, answer, next);
    gangway.metrics.delivery(outcome(answer, next), answer.took);
    if !gangway.store.tried(due, &made, next, now).await? {
        tracing::warn!(event = %due.id, "another process went on with this event");
    }
    Ok(())
}

/// What the receiver asks for: nothing for a while, or nothing any more.
async fn heed(gangway: &Gangway, receiver: &Receiver, answer: Answer, now: OffsetDateTime) -> Result<(), StoreError> {
    if answer.failure == Some(Failure::Gone) && gangway.store.disable_receiver(receiver.key(), now).await? {
        tracing::error!(
            alarm = "webhook_receiver_gone",
            "webhook.url answered 410: no event is sent any more until it changes, or a test event is answered 2xx"
        );
    }
    if answer.failure == Some(Failure::SlowDown) {
        let pause = pause(answer, gangway.entropy.as_ref());
        gangway.store.pause_receiver(receiver.key(), now + pause).await?;
        tracing::warn!(seconds = pause.as_secs(), status = answer.status, "webhook.url asks for a pause");
    }
    Ok(())
}

/// How long the whole receiver is left alone: as long as it asks for, else for the ladder's first step.
fn pause(answer: Answer, entropy: &dyn Entropy) -> Duration {
    answer.retry_after.or_else(|| ladder::wait(0, entropy)).unwrap_or_default()
}

fn next(due: &Due, at: OffsetDateTime, answer: Answer, now: OffsetDateTime, entropy: &dyn Entropy) -> Next {
    if answer.failure.is_none() {
        return Next::Delivered;
    }
    match ladder::wait(due.rung, entropy) {
        Some(wait) => Next::Again { at: now + wait, holds_until: at + ladder::HOLDS },
        None => Next::Dead,
    }
}

/// As it is counted.
fn outcome(answer: Answer, next: Next) -> Delivered {
    match next {
        Next::Delivered => Delivered::Accepted,
        _ if answer.failure == Some(Failure::Gone) => Delivered::Gone,
        Next::Again { .. } => Delivered::Postponed,
        Next::Dead => Delivered::Dead,
    }
}

fn tell(due: &Due, answer: Answer, next: Next) {
    let Answer { status, failure, took, .. } = answer;
    let (event, milliseconds, failure) = (due.id, took.as_millis(), failure.map(Failure::as_str));
    match next {
        Next::Delivered => tracing::debug!(%event, milliseconds, "delivered"),
        Next::Again { .. } => tracing::info!(%event, status, failure, milliseconds, "not delivered; it is tried again"),
        Next::Dead => tracing::warn!(%event, status, failure, "not delivered in ten tries; it is not tried any more"),
    }
}
