//! Concurrency limits for calls to Alloy, separate for pages and background work, so that neither delays the other.

use std::time::Duration;

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout_at},
};

use crate::alloy::AlloyError;

/// Concurrent calls for pages and the host API: about 600 calls a second at 200 ms, and at most 32 MiB of responses.
pub(crate) const PAGE_SLOTS: usize = 128;
const BACKGROUND_SLOTS: usize = 18;
/// Maximum wait for a slot: enough for a burst, too short for thousands of calls to pile up behind a stalled Alloy.
const MAX_WAIT: Duration = Duration::from_secs(2);
/// Minimum time to the deadline with which a call is still sent.
const MIN_REMAINING: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy)]
pub(crate) enum Pool {
    Pages,
    Background,
}

#[derive(Debug)]
pub(crate) struct Slots {
    pages: Semaphore,
    background: Semaphore,
}

impl Slots {
    pub(crate) fn new() -> Self {
        Self { pages: Semaphore::new(PAGE_SLOTS), background: Semaphore::new(BACKGROUND_SLOTS) }
    }

    /// First come, first served.
    pub(crate) async fn take(&self, pool: Pool, deadline: Instant) -> Result<SemaphorePermit<'_>, AlloyError> {
        let slots = match pool {
            Pool::Pages => &self.pages,
            Pool::Background => &self.background,
        };
        let slot = timeout_at(deadline.min(Instant::now() + MAX_WAIT), slots.acquire()).await.ok().and_then(Result::ok);
        slot.filter(|_| Instant::now() + MIN_REMAINING < deadline)
            .ok_or_else(|| AlloyError::not_sent("there was no room for one more call in time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_pool_is_bounded_on_its_own() {
        let slots = Slots::new();
        let soon = || Instant::now() + Duration::from_secs(10);
        let mut taken = Vec::new();
        for _ in 0..PAGE_SLOTS {
            taken.push(slots.take(Pool::Pages, soon()).await.unwrap());
        }
        let began = Instant::now();
        let refused = slots.take(Pool::Pages, soon()).await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        assert!(!refused.may_have_succeeded(), "{refused:?}");
        for _ in 0..BACKGROUND_SLOTS {
            taken.push(slots.take(Pool::Background, soon()).await.unwrap());
        }
        assert!(slots.take(Pool::Background, soon()).await.is_err());
        drop(taken.pop());
        assert!(slots.take(Pool::Background, Instant::now()).await.is_err(), "sent without time left");
        assert!(slots.take(Pool::Background, soon()).await.is_ok());
    }
}
