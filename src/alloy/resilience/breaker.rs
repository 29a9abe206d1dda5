//! Circuit breaker: while Alloy is down, calls fail at once, and single probes test whether it has recovered.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Consecutive failed calls after which Alloy counts as down. Retries do not count: one page makes two or three calls.
const FAILURES_TO_OPEN: u32 = 5;
/// Delay before the first probe; it doubles after each failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Maximum delay: a page's "Try again" must work within ten seconds of Alloy's recovery.
const MAX_PAUSE: Duration = Duration::from_secs(4);

#[derive(Debug, Default)]
pub(crate) struct CircuitBreaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    down: Option<Down>,
}

#[derive(Debug)]
struct Down {
    next_probe: Instant,
    pause: Duration,
}

impl CircuitBreaker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_down(&self) -> bool {
        self.state().down.is_some()
    }

    pub(crate) fn is_open(&self, now: Instant) -> bool {
        self.state().down.as_ref().is_some_and(|down| now < down.next_probe)
    }

    /// While Alloy is down, permits one call per pause, even if the previous one still hangs.
    pub(crate) fn permit_call(&self, now: Instant) -> bool {
        match &mut self.state().down {
            None => true,
            Some(down) if now < down.next_probe => false,
            Some(down) => {
                down.pause = (down.pause * 2).min(MAX_PAUSE);
                down.next_probe = now + down.pause;
                true
            }
        }
    }

    /// Any response counts as success, also an error status below 500.
    pub(crate) fn record_success(&self) {
        let mut state = self.state();
        state.failures = 0;
        if state.down.take().is_some() {
            tracing::info!("Alloy answers again");
        }
    }

    pub(crate) fn record_failure(&self, now: Instant) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES_TO_OPEN && state.down.is_none() {
            state.down = Some(Down { next_probe: now + FIRST_PAUSE, pause: FIRST_PAUSE });
            tracing::error!(failures = state.failures, "Alloy is down: calls fail at once until it answers again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn down(now: Instant) -> CircuitBreaker {
        let breaker = CircuitBreaker::default();
        (0..FAILURES_TO_OPEN).for_each(|_| breaker.record_failure(now));
        breaker
    }

    #[test]
    fn only_consecutive_failures_open_it() {
        let (breaker, now) = (CircuitBreaker::default(), Instant::now());
        for _ in 0..3 {
            (1..FAILURES_TO_OPEN).for_each(|_| breaker.record_failure(now));
            assert!(breaker.permit_call(now));
            breaker.record_success();
        }
        (0..FAILURES_TO_OPEN).for_each(|_| breaker.record_failure(now));
        assert!(!breaker.permit_call(now));
    }

    #[test]
    fn open_breaker_permits_one_probe_per_pause() {
        let start = Instant::now();
        let breaker = down(start);
        let mut through = Vec::new();
        for tick in 0..600 {
            let now = start + Duration::from_millis(100) * tick;
            for _ in 0..20 {
                assert!(!breaker.is_open(now) || !breaker.permit_call(now));
                if breaker.permit_call(now) {
                    through.push(now);
                    breaker.record_failure(now);
                }
            }
        }
        assert!(through.windows(2).all(|pair| pair[1] - pair[0] <= Duration::from_secs(5)));
        assert!((10..30).contains(&through.len()), "{}", through.len());
    }

    #[test]
    fn one_success_closes_it() {
        let start = Instant::now();
        let breaker = down(start);
        assert!(breaker.permit_call(start + FIRST_PAUSE));
        assert!(!breaker.permit_call(start + FIRST_PAUSE));
        breaker.record_success();
        assert!((0..100).all(|_| breaker.permit_call(start + FIRST_PAUSE)));
    }
}
