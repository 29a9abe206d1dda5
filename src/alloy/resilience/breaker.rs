//! While Alloy is down, calls fail at once instead of each waiting in vain; now and then one goes through to see
//! whether it is back.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// So many calls in a row without an answer, and Alloy counts as down. The repetitions of a call do not count: one page
/// makes two or three calls.
const DOWN_AFTER: u32 = 5;
/// How long after that the first call goes through again; each time that it fails, twice as long ...
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// ... but never longer than this: a page's "Try again" has to work within ten seconds of Alloy's recovery.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// Knows whether Alloy is down.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// How many calls in a row had no answer.
    failures: u32,
    down: Option<Down>,
}

#[derive(Debug)]
struct Down {
    /// When the next call may go through.
    next: Instant,
    /// How long the one after it has to wait.
    pause: Duration,
}

impl Breaker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether Alloy is down, as far as is known.
    pub(crate) fn is_down(&self) -> bool {
        self.state().down.is_some()
    }

    /// Whether a call would not be let through now.
    pub(crate) fn is_shut(&self, now: Instant) -> bool {
        self.state().down.as_ref().is_some_and(|down| now < down.next)
    }

    /// Whether this call may go. While Alloy is down that is one call a pause, whether the one before has ended or not:
    /// it may hang for long.
    pub(crate) fn lets_through(&self, now: Instant) -> bool {
        match &mut self.state().down {
            None => true,
            Some(down) if now < down.next => false,
            Some(down) => {
                down.pause = (down.pause * 2).min(LONGEST_PAUSE);
                down.next = now + down.pause;
                true
            }
        }
    }

    /// A call had an answer, if only a refusal.
    pub(crate) fn answered(&self) {
        let mut state = self.state();
        state.failures = 0;
        if state.down.take().is_some() {
            tracing::info!("Alloy answers again");
        }
    }

    /// A call had none.
    pub(crate) fn failed(&self, now: Instant) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= DOWN_AFTER && state.down.is_none() {
            state.down = Some(Down { next: now + FIRST_PAUSE, pause: FIRST_PAUSE });
            tracing::error!(failures = state.failures, "Alloy is down: calls fail at once until it answers again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn down(now: Instant) -> Breaker {
        let breaker = Breaker::default();
        (0..DOWN_AFTER).for_each(|_| breaker.failed(now));
        breaker
    }

    #[test]
    fn only_failures_in_a_row_make_it_shut() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..3 {
            (1..DOWN_AFTER).for_each(|_| breaker.failed(now));
            assert!(breaker.lets_through(now));
            breaker.answered();
        }
        (0..DOWN_AFTER).for_each(|_| breaker.failed(now));
        assert!(!breaker.lets_through(now));
    }

    #[test]
    fn one_call_a_pause_goes_through_and_the_pause_stays_well_below_ten_seconds() {
        let start = Instant::now();
        let breaker = down(start);
        let mut through = Vec::new();
        for tick in 0..600 {
            let now = start + Duration::from_millis(100) * tick;
            for _ in 0..20 {
                assert!(!breaker.is_shut(now) || !breaker.lets_through(now));
                if breaker.lets_through(now) {
                    through.push(now);
                    breaker.failed(now);
                }
            }
        }
        assert!(through.windows(2).all(|pair| pair[1] - pair[0] <= Duration::from_secs(5)));
        assert!((10..30).contains(&through.len()), "{}", through.len());
    }

    #[test]
    fn one_answer_opens_it_for_all() {
        let start = Instant::now();
        let breaker = down(start);
        assert!(breaker.lets_through(start + FIRST_PAUSE));
        assert!(!breaker.lets_through(start + FIRST_PAUSE));
        breaker.answered();
        assert!((0..100).all(|_| breaker.lets_through(start + FIRST_PAUSE)));
    }
}
