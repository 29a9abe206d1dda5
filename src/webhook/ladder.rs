//! When an event that could not be delivered is tried again: soon at first, then ever more rarely, for more than three
//! days in all.

use std::time::Duration;

use crate::domain::clock::Entropy;

/// How long to wait after each try in vain, at least.
const STEPS: [Duration; 9] = [
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
/// A tenth of a step at the most is added, so that what failed together does not come back together.
const SPREAD: u32 = 10;

/// So long the user's later events wait for one that fails, from its first try on.
pub(super) const HOLDS: Duration = Duration::from_mins(5);
/// What nobody tried to deliver for so long, about the ladder's length, has its first try no more: nobody waits for it.
pub(super) const TOO_OLD: Duration = Duration::from_hours(72);

/// How long to wait after so many tries in vain before the one that just failed; `None` when it was the last.
pub(super) fn wait(rung: i64, entropy: &dyn Entropy) -> Option<Duration> {
    let step = STEPS.get(usize::try_from(rung).ok()?)?;
    let mut drawn = [0; 4];
    entropy.fill(&mut drawn);
    let share = f64::from(u32::from_le_bytes(drawn)) / f64::from(u32::MAX);
    Some(*step + (*step / SPREAD).mul_f64(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Always draws that byte.
    struct Drawn(u8);

    impl Entropy for Drawn {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    fn all(drawn: u8) -> Vec<Duration> {
        (0..).map_while(|rung| wait(rung, &Drawn(drawn))).collect()
    }

    #[test]
    fn it_goes_on_for_more_than_seventy_five_hours_and_ends() {
        let (least, most) = (all(0), all(255));
        assert_eq!(least, STEPS);
        assert_eq!(least.len(), 9, "ten tries in all");
        assert!(least.iter().sum::<Duration>() > Duration::from_hours(75));
        for (least, most) in least.iter().zip(most) {
            assert_eq!(most, *least + *least / 10);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_later_try_never_comes_sooner_whatever_is_drawn(rung in -3i64..20, drawn: u8, other: u8) {
            let (this, next) = (wait(rung, &Drawn(drawn)), wait(rung + 1, &Drawn(other)));
            proptest::prop_assert_eq!(this.is_some(), (0..9).contains(&rung));
            if let (Some(this), Some(next)) = (this, next) {
                proptest::prop_assert!(this < next);
            }
        }
    }
}
