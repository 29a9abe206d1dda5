//! One delivery attempt, and its consequences for the event and the receiver.

use std::time::Duration;

use time::OffsetDateTime;

use super::{Failure, Receiver, Webhook, receiver::Reply, retry_schedule};
use crate::{
    domain::clock::Entropy,
    runtime::metrics::Delivered,
    store::{DeliveryAttempt, DeliveryOutcome, DueEvent, StoreError},
};

impl Webhook {
    /// If the process ends before the outcome is recorded, the event is sent again with the same id after its lease.
    pub(crate) async fn deliver(&self, due: &DueEvent) -> Result<(), StoreError> {
        let Some(receiver) = &self.receiver else { return Ok(()) };
        let at = self.clock.now();
        let reply = receiver.send(due.id, &due.body, at).await;
        let now = self.clock.now();
        self.apply_receiver_signal(receiver, reply, now).await?;
        let outcome = outcome(due, at, reply, now, self.entropy.as_ref());
        let attempt = DeliveryAttempt {
            at,
            status: reply.status,
            duration_ms: i64::try_from(reply.duration.as_millis()).unwrap_or(i64::MAX),
            failure: reply.failure.map(|failure| failure.to_string()),
        };
        log(due, reply, outcome);
        self.metrics.delivery(counted_as(reply, outcome), reply.duration);
        if !self.store.record_delivery_attempt(due, &attempt, outcome, now).await? {
            tracing::warn!(event = %due.id, "lease of the event lost to another process");
        }
        Ok(())
    }

    /// Disables the receiver after 410, and pauses it after 429 or 503.
    async fn apply_receiver_signal(
        &self,
        receiver: &Receiver,
        reply: Reply,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        if reply.failure == Some(Failure::Gone) && self.store.disable_receiver(receiver.key(), now).await? {
            tracing::error!(
                alarm = "webhook_receiver_gone",
                "webhook.url answered 410: no event is sent any more until it changes, or a test event is answered 2xx"
            );
        }
        if reply.failure == Some(Failure::SlowDown) {
            let pause = pause(reply, self.entropy.as_ref());
            self.store.pause_receiver(receiver.key(), now + pause).await?;
            tracing::warn!(seconds = pause.as_secs(), status = reply.status, "webhook.url asks for a pause");
        }
        Ok(())
    }
}

/// `Retry-After`, or the first delay of the schedule.
fn pause(reply: Reply, entropy: &dyn Entropy) -> Duration {
    reply.retry_after.or_else(|| retry_schedule::delay_after(0, entropy)).unwrap_or_default()
}

fn outcome(
    due: &DueEvent,
    at: OffsetDateTime,
    reply: Reply,
    now: OffsetDateTime,
    entropy: &dyn Entropy,
) -> DeliveryOutcome {
    if reply.failure.is_none() {
        return DeliveryOutcome::Delivered;
    }
    match retry_schedule::delay_after(due.attempt_no, entropy) {
        Some(delay) => DeliveryOutcome::Retry { at: now + delay, holds_until: at + retry_schedule::HOLD },
        None => DeliveryOutcome::Dead,
    }
}

fn counted_as(reply: Reply, outcome: DeliveryOutcome) -> Delivered {
    match outcome {
        DeliveryOutcome::Delivered => Delivered::Accepted,
        _ if reply.failure == Some(Failure::Gone) => Delivered::Gone,
        DeliveryOutcome::Retry { .. } => Delivered::Postponed,
        DeliveryOutcome::Dead => Delivered::Dead,
    }
}

fn log(due: &DueEvent, reply: Reply, outcome: DeliveryOutcome) {
    let Reply { status, failure, duration, .. } = reply;
    let (event, milliseconds, failure) = (due.id, duration.as_millis(), failure.map(<&str>::from));
    match outcome {
        DeliveryOutcome::Delivered => tracing::debug!(%event, milliseconds, "event delivered"),
        DeliveryOutcome::Retry { .. } => {
            tracing::info!(%event, status, failure, milliseconds, "event not delivered, retrying later");
        }
        DeliveryOutcome::Dead => tracing::warn!(%event, status, failure, "event given up after ten attempts"),
    }
}
