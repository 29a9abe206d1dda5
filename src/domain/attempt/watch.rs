//! When the reconciler looks at the list for an attempt that no browser comes back for.

use time::{Duration, OffsetDateTime};

use super::{LinkAttempt, State};

/// So long after the beginning; the last look is at the deadline.
const AFTER_BEGINNING: [Duration; 5] =
    [Duration::seconds(10), Duration::seconds(30), Duration::minutes(2), Duration::minutes(10), Duration::minutes(30)];
/// After a foreign return what it left behind has to go soon, and the list lags by a few seconds: so often, for so long.
const AFTER_FOREIGN: [(Duration, Duration); 2] =
    [(Duration::seconds(3), Duration::minutes(2)), (Duration::seconds(30), Duration::minutes(10))];
/// The pause until the next look where the deadline is over and the list could not be had.
const WITHOUT_LIST: Duration = Duration::seconds(20);

impl LinkAttempt {
    /// Whether a look at the list can end it now. Of an open one that nobody came back for, and whose time is not over,
    /// the list decides nothing.
    pub fn may_settle(&self, now: OffsetDateTime) -> bool {
        let came_back = self.returned_at.is_some() || self.foreign_at.is_some();
        self.next_look.is_some() && (came_back || self.by_key || self.answer.is_some() || now >= self.deadline)
    }

    /// Whether a list call that began at that time shows all that this attempt waits for: its events are older. When an
    /// answer came is not stored, and at the deadline the list decides, so that only a new call counts then.
    pub fn is_shown_by(&self, began_at: OffsetDateTime, now: OffsetDateTime) -> bool {
        let events = [Some(self.began_at), self.returned_at, self.foreign_at];
        self.answer.is_none() && now < self.deadline && events.into_iter().flatten().all(|at| at < began_at)
    }

    /// When to look next, after that time; `None` if there is nothing left to see.
    pub fn looks_next(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let open = self.state == State::Pending;
        // A return that came after the end may speak of something that is not listed yet.
        let strange = match self.state {
            State::Linked => None,
            State::Unverified => self.foreign_at.filter(|at| self.settled_at.is_none_or(|settled| *at > settled)),
            _ => self.foreign_at,
        };
        let soon = strange.and_then(|at| {
            let (pause, _) = AFTER_FOREIGN.into_iter().find(|(_, until)| now < at + *until)?;
            Some(now + pause)
        });
        let later = AFTER_BEGINNING.into_iter().map(|after| self.began_at + after).chain([self.deadline]);
        let planned = later.filter(|_| open || strange.is_some()).find(|at| *at > now);
        let overdue = || open.then_some(now + WITHOUT_LIST);
        match (soon, planned) {
            (Some(soon), Some(planned)) => Some(soon.min(planned)),
            (soon, planned) => soon.or(planned).or_else(overdue),
        }
    }
}
