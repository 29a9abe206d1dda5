//! Delays between delivery attempts: from seconds to hours, more than three days in all.

use std::time::Duration;

use crate::domain::clock::Entropy;

/// Minimum delay after each failed attempt.
const DELAYS: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];
/// Jitter of at most a tenth, so that events that failed together are not sent together again.
const JITTER_DIVISOR: u32 = 10;

/// Time for which a failing event delays the user's later events, from its first attempt on.
pub(super) const HOLD: Duration = Duration::from_mins(5);
/// Maximum age of an event at its first attempt, about the length of the schedule.
pub(crate) const MAX_AGE: Duration = Duration::from_hours(72);

/// Delay after `attempt_no` earlier failed attempts. Returns `None` after the last one.
pub(super) fn delay_after(attempt_no: i64, entropy: &dyn Entropy) -> Option<Duration> {
    let delay = DELAYS.get(usize::try_from(attempt_no).ok()?)?;
    let mut random = [0; 4];
    entropy.fill(&mut random);
    let share = f64::from(u32::from_le_bytes(random)) / f64::from(u32::MAX);
    Some(*delay + (*delay / JITTER_DIVISOR).mul_f64(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct ConstantEntropy(u8);

    impl Entropy for ConstantEntropy {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    fn schedule(random: u8) -> Vec<Duration> {
        (0..).map_while(|attempt_no| delay_after(attempt_no, &ConstantEntropy(random))).collect()
    }

    #[test]
    fn ten_attempts_take_more_than_seventy_five_hours() {
        let (shortest, longest) = (schedule(0), schedule(255));
        assert_eq!(shortest, DELAYS);
        assert_eq!(shortest.len(), 9, "ten attempts in all");
        assert!(shortest.iter().sum::<Duration>() > Duration::from_hours(75));
        for (shortest, longest) in shortest.iter().zip(longest) {
            assert_eq!(longest, *shortest + *shortest / 10);
        }
    }

    proptest::proptest! {
        #[test]
        fn delays_grow_with_any_jitter(attempt_no in -3i64..20, random: u8, other: u8) {
            let delay = delay_after(attempt_no, &ConstantEntropy(random));
            let next = delay_after(attempt_no + 1, &ConstantEntropy(other));
            proptest::prop_assert_eq!(delay.is_some(), (0..9).contains(&attempt_no));
            if let (Some(delay), Some(next)) = (delay, next) {
                proptest::prop_assert!(delay < next);
            }
        }
    }
}
