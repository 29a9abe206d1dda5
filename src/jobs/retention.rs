//! Deletes expired rows (`retention.*`) in small batches. No lease is needed: a deleted row is not found again.

use std::{sync::Arc, time::Duration};

use time::OffsetDateTime;
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};

use super::{
    Parts,
    runner::{Job, Limits},
};
use crate::store::{StoreError, with_job_limit};

const INTERVAL: Duration = Duration::from_secs(60);
/// Delay between two passes over all attempts: each pass reads referenced attempts again.
const ATTEMPTS_INTERVAL: Duration = Duration::from_secs(60 * 60);
const DEADLINE: Duration = Duration::from_secs(60 * 60);
/// Rows per transaction, and the delay between transactions for other writers.
const BATCH: u16 = 200;
const BATCH_DELAY: Duration = Duration::from_millis(20);

pub(super) struct Retention {
    parts: Arc<Parts>,
    last_pass: Mutex<Option<Instant>>,
    last_attempts: Mutex<Option<Instant>>,
}

impl Job for Retention {
    type Item = ();
    type Error = StoreError;

    fn limits(&self) -> Limits {
        Limits { kind: "retention", slots: 1, slow_slots: 0, deadline: DEADLINE }
    }

    async fn lease(&self, _: usize) -> Result<Vec<()>, StoreError> {
        let mut last = self.last_pass.lock().await;
        if !is_due(*last, INTERVAL) {
            return Ok(Vec::new());
        }
        *last = Some(Instant::now());
        Ok(vec![()])
    }

    async fn run(&self, (): ()) -> Result<(), StoreError> {
        let Parts { store, retention, clock, .. } = &*self.parts;
        let now = clock.now();
        // Events first, because an attempt stays as long as its events.
        if let Some(before) = earlier(now, retention.events) {
            self.purge("events", || store.purge_events(before, BATCH)).await?;
        }
        if let Some(before) = earlier(now, retention.attempts) {
            self.purge("claims", || store.purge_claims(before, BATCH)).await?;
            self.purge_attempts(before).await?;
        }
        if let Some(before) = earlier(now, retention.sessions) {
            self.purge("sessions", || store.purge_sessions(before, BATCH)).await?;
        }
        self.purge("browsers", || store.purge_browsers(now, BATCH)).await
    }
}

impl Retention {
    pub(super) fn new(parts: Arc<Parts>) -> Self {
        Self { parts, last_pass: Mutex::default(), last_attempts: Mutex::default() }
    }

    async fn purge<F>(&self, kind: &'static str, batch: impl Fn() -> F) -> Result<(), StoreError>
    where
        F: Future<Output = Result<u64, StoreError>>,
    {
        while !self.parts.shutdown.is_cancelled() {
            let purged = with_job_limit(batch()).await?;
            self.parts.metrics.purged(kind, purged);
            if purged < u64::from(BATCH) {
                break;
            }
            sleep(BATCH_DELAY).await;
        }
        Ok(())
    }

    async fn purge_attempts(&self, before: OffsetDateTime) -> Result<(), StoreError> {
        let mut last = self.last_attempts.lock().await;
        if !is_due(*last, ATTEMPTS_INTERVAL) {
            return Ok(());
        }
        let mut after = None;
        while !self.parts.shutdown.is_cancelled() {
            let pass = with_job_limit(self.parts.store.purge_attempts(after, before, BATCH)).await?;
            self.parts.metrics.purged("attempts", pass.purged);
            after = pass.until;
            if after.is_none() {
                break;
            }
            sleep(BATCH_DELAY).await;
        }
        *last = Some(Instant::now());
        Ok(())
    }
}

fn is_due(last: Option<Instant>, interval: Duration) -> bool {
    last.is_none_or(|last| last.elapsed() >= interval)
}

/// Returns `None` if the time is out of range.
fn earlier(now: OffsetDateTime, age: Duration) -> Option<OffsetDateTime> {
    now.checked_sub(time::Duration::try_from(age).ok()?)
}
