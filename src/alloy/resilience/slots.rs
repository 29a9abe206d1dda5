//! How many calls are under way at once: so many for pages, and a share of its own for the work behind them, so that
//! neither can hold up the other.

use std::time::Duration;

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout_at},
};

use crate::alloy::AlloyError;

/// For pages and the host's API: at 200 ms a call, about 600 calls a second. If each held the largest answer, they
/// would hold 32 MiB.
pub(crate) const FOR_PAGES: usize = 128;
/// For work that nobody waits for.
const FOR_BACKGROUND: usize = 16;
/// How long a call waits for a slot: long enough for a burst, and too short for thousands to wait for an Alloy that
/// stalls, who would all go on at the same moment.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// With less time than this left, a call is not sent any more.
const LEAST_TIME: Duration = Duration::from_millis(50);

/// Whose slots a call takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Share {
    /// Somebody waits for the answer.
    Pages,
    /// Nobody does.
    Background,
}

/// All slots.
#[derive(Debug)]
pub(crate) struct Slots {
    pages: Semaphore,
    background: Semaphore,
}

impl Slots {
    pub(crate) fn new() -> Self {
        Self { pages: Semaphore::new(FOR_PAGES), background: Semaphore::new(FOR_BACKGROUND) }
    }

    /// Waits a little for a free slot, in the order of asking, and no longer than the call itself may take.
    pub(crate) async fn take(&self, share: Share, until: Instant) -> Result<SemaphorePermit<'_>, AlloyError> {
        let slots = match share {
            Share::Pages => &self.pages,
            Share::Background => &self.background,
        };
        let slot =
            timeout_at(until.min(Instant::now() + LONGEST_WAIT), slots.acquire()).await.ok().and_then(Result::ok);
        slot.filter(|_| Instant::now() + LEAST_TIME < until)
            .ok_or_else(|| AlloyError::not_sent("there was no room for one more call in time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_share_is_bounded_and_has_nothing_of_the_other() {
        let slots = Slots::new();
        let soon = || Instant::now() + Duration::from_secs(10);
        let mut taken = Vec::new();
        for _ in 0..FOR_PAGES {
            taken.push(slots.take(Share::Pages, soon()).await.unwrap());
        }
        let began = Instant::now();
        let refused = slots.take(Share::Pages, soon()).await.unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        assert!(!refused.perhaps_done(), "{refused:?}");
        for _ in 0..FOR_BACKGROUND {
            taken.push(slots.take(Share::Background, soon()).await.unwrap());
        }
        assert!(slots.take(Share::Background, soon()).await.is_err());
        drop(taken.pop());
        assert!(slots.take(Share::Background, Instant::now()).await.is_err(), "sent without any time left");
        assert!(slots.take(Share::Background, soon()).await.is_ok());
    }
}
