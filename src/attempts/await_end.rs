//! Long poll of the host's API: waits until an attempt has ended, without calls upstream.

use std::time::Duration;

use tokio::time::{Instant, timeout, timeout_at};

use super::{Attempts, find::note};
use crate::{
    domain::{attempt::AttemptId, error::Error},
    store::AttemptWithTimeline,
};

const QUEUE_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout for the last read, after which the one before it is the answer.
const LAST_READ: Duration = Duration::from_millis(500);

impl Attempts {
    /// Waits until the attempt ends, the time is over, the client disconnects, or the process stops.
    pub(crate) async fn await_end(
        &self,
        id: AttemptId,
        until: Instant,
        gone: impl Future<Output = ()>,
    ) -> Result<Option<AttemptWithTimeline>, Error> {
        let shutdown = &self.parts.shutdown;
        let _held = self.parts.metrics.hold();
        let watcher = self.watchers.watch(id);
        tokio::pin!(gone);
        let mut last = None;
        loop {
            // Created before the read, so that an end in between is noticed.
            let notified = watcher.notified();
            let read = match timeout_at(until.max(Instant::now() + LAST_READ), self.with_timeline(id)).await {
                Ok(read) => read?,
                Err(_) => return last.ok_or_else(slow_reads),
            };
            let is_open = read.as_ref().is_some_and(|read| !read.attempt.state().is_end());
            if !is_open || Instant::now() >= until || shutdown.is_cancelled() {
                return Ok(read);
            }
            tokio::select! {
                _ = timeout_at(until, notified) => {}
                () = shutdown.cancelled() => {}
                () = &mut gone => return Ok(read),
            }
            last = Some(read);
        }
    }

    /// For a caller whose time is over.
    pub(crate) async fn with_timeline_soon(&self, id: AttemptId) -> Result<Option<AttemptWithTimeline>, Error> {
        timeout(LAST_READ, self.with_timeline(id)).await.unwrap_or_else(|_| Err(slow_reads()))
    }

    /// A permit limits concurrent reads, so that thousands of callers queue here instead of finding the store busy.
    pub(crate) async fn with_timeline(&self, id: AttemptId) -> Result<Option<AttemptWithTimeline>, Error> {
        note(id);
        let permit = timeout(QUEUE_TIMEOUT, self.watchers.read_permit()).await;
        let _permit = permit.map_err(|_| slow_reads())?;
        Ok(self.parts.store.attempt_with_timeline(id).await?)
    }
}

fn slow_reads() -> Error {
    Error::StoreBusy("too many callers read attempts".to_owned())
}
