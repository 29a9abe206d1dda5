//! Takes away what is old (`retention.*`), a little at a time. Any number of processes may do so beside each other: what one
//! has taken away, another does not find.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

use crate::{gangway::Gangway, store::StoreError};

/// How often it looks whether something is old.
const PAUSE: Duration = Duration::from_secs(60);
/// How often it walks through all attempts: those behind which something stands are met each time.
const WALK: Duration = Duration::from_secs(60 * 60);
/// How many rows go at once, and how long others may write before the next.
const AT_ONCE: u16 = 200;
const BREATH: Duration = Duration::from_millis(20);

/// Works until the process is to stop.
pub(crate) async fn run(gangway: Arc<Gangway>) {
    let mut walked = None;
    while !gangway.shutdown.is_cancelled() {
        match AssertUnwindSafe(turn(&gangway, &mut walked)).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "what is old could not be taken away"),
            Err(_) => tracing::error!("taking away what is old panicked; it goes on"),
        }
        tokio::select! {
            () = sleep(PAUSE) => {}
            () = gangway.shutdown.cancelled() => {}
        }
    }
}

/// Takes away all that is old now. `walked` is when the last walk through the attempts ended.
async fn turn(gangway: &Gangway, walked: &mut Option<Instant>) -> Result<(), StoreError> {
    let (store, retention, now) = (&gangway.store, &gangway.settings.retention, gangway.clock.now());
    // Events first: what is to be told of an attempt keeps it.
    if let Some(old) = ago(now, retention.events) {
        all(gangway, "events", || store.purge_events(old, AT_ONCE)).await?;
    }
    if let Some(old) = ago(now, retention.attempts) {
        all(gangway, "claims", || store.purge_claims(old, AT_ONCE)).await?;
        if walked.is_none_or(|walked| walked.elapsed() >= WALK) {
            walk(gangway, old).await?;
            *walked = Some(Instant::now());
        }
    }
    if let Some(old) = ago(now, retention.sessions) {
        all(gangway, "sessions", || store.purge_sessions(old, AT_ONCE)).await?;
    }
    all(gangway, "browsers", || store.purge_browsers(now, AT_ONCE)).await
}

/// The time so long ago, if there was one.
fn ago(now: OffsetDateTime, age: Duration) -> Option<OffsetDateTime> {
    now.checked_sub(time::Duration::try_from(age).ok()?)
}

/// Does it until there is no more, or the process is to stop.
async fn all<F>(gangway: &Gangway, kind: &'static str, purge: impl Fn() -> F) -> Result<(), StoreError>
where
    F: Future<Output = Result<u64, StoreError>>,
{
    while !gangway.shutdown.is_cancelled() {
        let purged = purge().await?;
        gangway.metrics.purged(kind, purged);
        if purged < u64::from(AT_ONCE) {
            break;
        }
        sleep(BREATH).await;
    }
    Ok(())
}

/// Goes once through all attempts that ended before that.
async fn walk(gangway: &Gangway, before: OffsetDateTime) -> Result<(), StoreError> {
    let mut until = None;
    while !gangway.shutdown.is_cancelled() {
        let walked = gangway.store.purge_attempts(until, before, AT_ONCE).await?;
        gangway.metrics.purged("attempts", walked.purged);
        until = walked.until;
        if until.is_none() {
            break;
        }
        sleep(BREATH).await;
    }
    Ok(())
}
