//! Alloy asks us to slow down (429): one such answer holds back every call, not only the one that it answers.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use crate::alloy::{AlloyError, error::LONGEST_WAIT};

/// How long we pause if Alloy does not say for how long.
const UNSAID: Duration = Duration::from_secs(1);
/// Somebody waits for the page: a longer pause than this is not waited for, and the call fails at once.
pub(crate) const WORTH_WAITING: Duration = Duration::from_secs(3);

/// Until when no call is made.
#[derive(Debug, Default)]
pub(crate) struct Slowdown(Mutex<Option<Instant>>);

impl Slowdown {
    /// Alloy asked for a pause: no longer than five minutes, whatever it says.
    pub(crate) fn asked(&self, wait: Option<Duration>, now: Instant) {
        let end = now + wait.unwrap_or(UNSAID).min(LONGEST_WAIT);
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if until.is_none_or(|until| until < end) {
            *until = Some(end);
        }
    }

    fn until(&self, now: Instant) -> Option<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).filter(|end| *end > now)
    }

    /// Waits until calls may be made. `spread` keeps those that wait from all going at the same moment.
    ///
    /// # Errors
    /// `RateLimited` at once, if that is later than `until`, or too late for anybody to wait for.
    pub(crate) async fn over(&self, until: Instant, spread: Duration) -> Result<(), AlloyError> {
        while let Some(end) = self.until(Instant::now()) {
            let left = end - Instant::now();
            if left > WORTH_WAITING || end + spread >= until {
                return Err(AlloyError::RateLimited { retry_after: Some(left) });
            }
            sleep_until(end + spread).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPREAD: Duration = Duration::from_millis(100);

    fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_pause_is_waited_for_and_a_long_one_is_not() {
        let (slowdown, began) = (Slowdown::default(), Instant::now());
        let in_ten = began + seconds(10);
        slowdown.over(in_ten, SPREAD).await.unwrap();
        assert_eq!(Instant::now(), began);

        slowdown.asked(Some(seconds(2)), began);
        slowdown.asked(None, began);
        slowdown.over(in_ten, SPREAD).await.unwrap();
        assert!(Instant::now() >= began + seconds(2) + SPREAD);

        slowdown.asked(Some(seconds(7)), Instant::now());
        let refused = slowdown.over(Instant::now() + seconds(10), SPREAD).await.unwrap_err();
        assert_eq!(refused, AlloyError::RateLimited { retry_after: Some(seconds(7)) });
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_beyond_the_time_of_the_page_and_nothing_lasts_for_ever() {
        let (slowdown, began) = (Slowdown::default(), Instant::now());
        slowdown.asked(Some(seconds(2)), began);
        assert!(slowdown.over(began + seconds(1), SPREAD).await.is_err());
        slowdown.asked(Some(Duration::MAX), began);
        tokio::time::advance(seconds(299)).await;
        assert!(slowdown.over(Instant::now() + seconds(1), SPREAD).await.is_err());
        tokio::time::advance(seconds(2)).await;
        slowdown.over(Instant::now() + seconds(1), SPREAD).await.unwrap();
    }
}
