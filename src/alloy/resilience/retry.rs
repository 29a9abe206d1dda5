//! Retries with jitter and a budget, so that they do not amplify an outage.

use std::time::Duration;

use tokio::time::Instant;
use tower::retry::budget::{Budget as _, TpsBudget};

use super::rate_limit_pause::MAX_WAIT;
use crate::alloy::{AlloyError, Timeouts};
use crate::domain::clock::{SharedEntropy, random_32};

const MAX_CALLS: u32 = 3;
/// Average delay before the first retry; it triples before the second.
const DELAY: Duration = Duration::from_millis(100);
/// Retries per call, on average.
const BUDGET_PER_CALL: f32 = 0.1;
/// Retries per second that are always available, for quiet hours.
const RESERVE_PER_SECOND: u32 = 1;
const BUDGET_PERIOD: Duration = Duration::from_secs(10);

pub(crate) struct RetryPolicy {
    budget: TpsBudget,
    entropy: SharedEntropy,
}

impl RetryPolicy {
    pub(crate) fn new(entropy: SharedEntropy) -> Self {
        Self { budget: TpsBudget::new(BUDGET_PERIOD, RESERVE_PER_SECOND, BUDGET_PER_CALL), entropy }
    }

    pub(crate) fn count_call(&self) {
        self.budget.deposit();
    }

    /// Returns `None` for a permanent error, too little time, or an exhausted budget or number of calls.
    pub(crate) fn delay(
        &self,
        calls: u32,
        error: &AlloyError,
        deadline: Instant,
        timeouts: Timeouts,
    ) -> Option<Duration> {
        let delay = self.jitter(DELAY * 3_u32.saturating_pow(calls - 1));
        let is_temporary = match error {
            AlloyError::Unavailable { .. } => true,
            AlloyError::RateLimited { retry_after } => retry_after.is_none_or(|wait| wait <= MAX_WAIT),
            _ => false,
        };
        let before_deadline = Instant::now() + delay + timeouts.connect < deadline;
        (calls < MAX_CALLS && is_temporary && before_deadline && self.budget.withdraw()).then_some(delay)
    }

    /// Varies a duration between 50 and 150 %, so that calls that failed together are not retried together.
    pub(crate) fn jitter(&self, time: Duration) -> Duration {
        let [chance, ..] = random_32(&*self.entropy);
        time / 2 + time * u32::from(chance) / 255
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::clock::SystemEntropy;

    fn retries() -> RetryPolicy {
        RetryPolicy::new(Arc::new(SystemEntropy))
    }

    fn lost() -> AlloyError {
        AlloyError::from_response(503, b"", None)
    }

    #[tokio::test(start_paused = true)]
    async fn retries_do_not_multiply_an_outage() {
        let (retries, timeouts) = (retries(), Timeouts::default());
        let until = Instant::now() + timeouts.total;
        let mut repeated = 0;
        for _ in 0..1000 {
            retries.count_call();
            repeated +=
                (1..=MAX_CALLS).filter(|calls| retries.delay(*calls, &lost(), until, timeouts).is_some()).count();
        }
        assert!((90..=110).contains(&repeated), "{repeated} of 1000");
    }

    #[tokio::test(start_paused = true)]
    async fn only_temporary_errors_are_retried_before_the_deadline() {
        let (retries, timeouts) = (retries(), Timeouts::default());
        let until = Instant::now() + timeouts.total;
        retries.count_call();
        assert!(retries.delay(1, &lost(), until, timeouts).is_some());
        assert!(retries.delay(3, &lost(), until, timeouts).is_none());
        assert!(retries.delay(1, &AlloyError::KeyRefused(401), until, timeouts).is_none());
        assert!(retries.delay(1, &AlloyError::Malformed("x"), until, timeouts).is_none());
        let soon = Instant::now() + timeouts.connect;
        assert!(retries.delay(1, &lost(), soon, timeouts).is_none());
    }

    #[test]
    fn delays_vary_around_their_average() {
        let retries = retries();
        let pauses: Vec<Duration> = (0..50).map(|_| retries.jitter(DELAY)).collect();
        assert!(pauses.iter().all(|pause| (DELAY / 2..=DELAY * 3 / 2).contains(pause)));
        assert!(pauses.iter().any(|pause| *pause != pauses[0]));
    }
}
