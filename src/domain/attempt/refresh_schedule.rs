//! Schedule on which a job refreshes an attempt.

use time::{Duration, OffsetDateTime};

use super::{LinkAttempt, Status};

/// Delays after the beginning; the last refresh is at the deadline.
const AFTER_BEGINNING: [Duration; 5] =
    [Duration::seconds(10), Duration::seconds(30), Duration::minutes(2), Duration::minutes(10), Duration::minutes(30)];
/// Intervals after a foreign return, each with its duration. The credential has to be deleted soon, and lists lag.
const AFTER_FOREIGN: [(Duration, Duration); 2] =
    [(Duration::seconds(3), Duration::minutes(2)), (Duration::seconds(30), Duration::minutes(10))];
/// Delay after the deadline if the list failed.
const RETRY_AFTER_DEADLINE: Duration = Duration::seconds(20);

impl LinkAttempt {
    /// Before the deadline the list can settle it only after a return, an answer or an API key.
    pub fn may_settle(&self, now: OffsetDateTime) -> bool {
        let came_back = self.returned_at.is_some() || self.foreign_return.is_some();
        self.next_refresh.is_some()
            && (came_back || self.is_api_key || self.user_answer.is_some() || now >= self.deadline)
    }

    /// Returns `true` if a list call begun at this time covers all events of the attempt. The time of a user's answer
    /// is not stored, so after an answer, as at the deadline, only a new call does.
    pub fn is_covered_by(&self, began_at: OffsetDateTime, now: OffsetDateTime) -> bool {
        let events = [Some(self.began_at), self.returned_at, self.foreign_at()];
        self.user_answer.is_none() && now < self.deadline && events.into_iter().flatten().all(|at| at < began_at)
    }

    /// Returns `None` if nothing can change any more.
    pub fn next_refresh_after(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let open = self.is_open();
        // The credential of a foreign return after the end may not be listed yet.
        let foreign_at = match &self.status {
            Status::Linked(_) => None,
            // A foreign return that ended a link is refreshed once more, in case the process stops before it revokes the
            // links of siblings.
            Status::Unverified(end) => self.foreign_at().filter(|at| *at > end.settled_at || *at == now),
            _ => self.foreign_at(),
        };
        let soon = foreign_at.and_then(|at| {
            let (interval, _) = AFTER_FOREIGN.into_iter().find(|(_, until)| now < at + *until)?;
            Some(now + interval)
        });
        let later = AFTER_BEGINNING.into_iter().map(|after| self.began_at + after).chain([self.deadline]);
        let planned = later.filter(|_| open || foreign_at.is_some()).find(|at| *at > now);
        let overdue = || open.then_some(now + RETRY_AFTER_DEADLINE);
        match (soon, planned) {
            (Some(soon), Some(planned)) => Some(soon.min(planned)),
            (soon, planned) => soon.or(planned).or_else(overdue),
        }
    }
}
