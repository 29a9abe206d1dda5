//! When a call is made once more. An outage must not be multiplied by our own repetitions: they have a budget, which
//! every call fills a little.

use std::{fmt, time::Duration};

use tokio::time::Instant;
use tower::retry::budget::{Budget as _, TpsBudget};

use super::slowdown::WORTH_WAITING;
use crate::alloy::{AlloyError, Patience};
use crate::domain::clock::{SharedEntropy, random_32};

/// How often a call is made at the most.
const MOST: u32 = 3;
/// The pause before the second time, in the middle; before the third it is three times as long.
const PAUSE: Duration = Duration::from_millis(100);
/// Of ten calls one may be repeated ...
const SHARE: f32 = 0.1;
/// ... and one a second beside that, so that a quiet hour has repetitions too.
const A_SECOND: u32 = 1;
/// For how long calls count.
const MEMORY: Duration = Duration::from_secs(10);

/// Decides on repetitions.
pub(crate) struct Repetitions {
    budget: TpsBudget,
    entropy: SharedEntropy,
}

impl Repetitions {
    pub(crate) fn new(entropy: SharedEntropy) -> Self {
        Self { budget: TpsBudget::new(MEMORY, A_SECOND, SHARE), entropy }
    }

    /// A call is made for the first time.
    pub(crate) fn count_call(&self) {
        self.budget.deposit();
    }

    /// How long to wait before the call is made once more; `None` if it is not: it was made often enough, or there is
    /// not even the time for a connection left, or nothing in the budget.
    pub(crate) fn pause(&self, made: u32, error: &AlloyError, until: Instant, patience: Patience) -> Option<Duration> {
        let pause = self.spread(PAUSE * 3_u32.saturating_pow(made - 1));
        let worth = match error {
            AlloyError::Unavailable { .. } => true,
            AlloyError::RateLimited { retry_after } => retry_after.is_none_or(|wait| wait <= WORTH_WAITING),
            _ => false,
        };
        let in_time = Instant::now() + pause + patience.connect < until;
        (made < MOST && worth && in_time && self.budget.withdraw()).then_some(pause)
    }

    /// Half of that time to one and a half, by chance: those who failed together do not come again together.
    pub(crate) fn spread(&self, time: Duration) -> Duration {
        let [chance, ..] = random_32(&*self.entropy);
        time / 2 + time * u32::from(chance) / 255
    }
}

impl fmt::Debug for Repetitions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Repetitions")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::clock::SystemEntropy;

    fn repetitions() -> Repetitions {
        Repetitions::new(Arc::new(SystemEntropy))
    }

    fn lost() -> AlloyError {
        AlloyError::of(503, b"", None)
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_is_not_multiplied() {
        let (repetitions, patience) = (repetitions(), Patience::default());
        let until = Instant::now() + patience.total;
        let mut repeated = 0;
        for _ in 0..1000 {
            repetitions.count_call();
            repeated += (1..=MOST).filter(|made| repetitions.pause(*made, &lost(), until, patience).is_some()).count();
        }
        assert!((90..=110).contains(&repeated), "{repeated} of 1000");
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_may_pass_is_tried_again_and_only_in_time() {
        let (repetitions, patience) = (repetitions(), Patience::default());
        let until = Instant::now() + patience.total;
        repetitions.count_call();
        assert!(repetitions.pause(1, &lost(), until, patience).is_some());
        assert!(repetitions.pause(3, &lost(), until, patience).is_none());
        assert!(repetitions.pause(1, &AlloyError::KeyRefused(401), until, patience).is_none());
        assert!(repetitions.pause(1, &AlloyError::Nonsense("x"), until, patience).is_none());
        let soon = Instant::now() + patience.connect;
        assert!(repetitions.pause(1, &lost(), soon, patience).is_none());
    }

    #[test]
    fn pauses_differ_and_stay_near_what_they_are_to_be() {
        let repetitions = repetitions();
        let pauses: Vec<Duration> = (0..50).map(|_| repetitions.spread(PAUSE)).collect();
        assert!(pauses.iter().all(|pause| (PAUSE / 2..=PAUSE * 3 / 2).contains(pause)));
        assert!(pauses.iter().any(|pause| *pause != pauses[0]));
    }
}
