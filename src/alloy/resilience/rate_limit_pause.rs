//! Pause after a 429 from Alloy, for every call.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use crate::alloy::{AlloyError, error::MAX_RETRY_AFTER};

/// Pause after a 429 without `Retry-After`.
const DEFAULT_PAUSE: Duration = Duration::from_secs(1);
/// Maximum pause that a call waits for; with a longer one it fails at once.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(3);

#[derive(Debug, Default)]
pub(crate) struct RateLimitPause(Mutex<Option<Instant>>);

impl RateLimitPause {
    pub(crate) fn begin(&self, wait: Option<Duration>, now: Instant) {
        let end = now + wait.unwrap_or(DEFAULT_PAUSE).min(MAX_RETRY_AFTER);
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if until.is_none_or(|until| until < end) {
            *until = Some(end);
        }
    }

    fn until(&self, now: Instant) -> Option<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).filter(|end| *end > now)
    }

    /// Returns `RateLimited` at once if the pause plus `jitter` ends after the deadline or is too long for a page.
    pub(crate) async fn wait(&self, deadline: Instant, jitter: Duration) -> Result<(), AlloyError> {
        while let Some(end) = self.until(Instant::now()) {
            let left = end - Instant::now();
            if left > MAX_WAIT || end + jitter >= deadline {
                return Err(AlloyError::RateLimited { retry_after: Some(left) });
            }
            sleep_until(end + jitter).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JITTER: Duration = Duration::from_millis(100);

    fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[tokio::test(start_paused = true)]
    async fn short_pause_is_waited_for_and_long_one_fails() {
        let (rate_limit_pause, began) = (RateLimitPause::default(), Instant::now());
        let in_ten = began + seconds(10);
        rate_limit_pause.wait(in_ten, JITTER).await.unwrap();
        assert_eq!(Instant::now(), began);

        rate_limit_pause.begin(Some(seconds(2)), began);
        rate_limit_pause.begin(None, began);
        rate_limit_pause.wait(in_ten, JITTER).await.unwrap();
        assert!(Instant::now() >= began + seconds(2) + JITTER);

        rate_limit_pause.begin(Some(seconds(7)), Instant::now());
        let refused = rate_limit_pause.wait(Instant::now() + seconds(10), JITTER).await.unwrap_err();
        assert_eq!(refused, AlloyError::RateLimited { retry_after: Some(seconds(7)) });
    }

    #[tokio::test(start_paused = true)]
    async fn pause_beyond_the_deadline_fails_and_every_pause_ends() {
        let (rate_limit_pause, began) = (RateLimitPause::default(), Instant::now());
        rate_limit_pause.begin(Some(seconds(2)), began);
        assert!(rate_limit_pause.wait(began + seconds(1), JITTER).await.is_err());
        rate_limit_pause.begin(Some(Duration::MAX), began);
        tokio::time::advance(seconds(299)).await;
        assert!(rate_limit_pause.wait(Instant::now() + seconds(1), JITTER).await.is_err());
        tokio::time::advance(seconds(2)).await;
        rate_limit_pause.wait(Instant::now() + seconds(1), JITTER).await.unwrap();
    }
}
