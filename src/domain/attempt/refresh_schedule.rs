//! Schedule on which a job refreshes an attempt.

use time::{Duration, OffsetDateTime};

use super::{LinkAttempt, Status};

/// Delays after the beginning; the last refresh is at the deadline.
const AFTER_BEGINNING: [Duration; 5] =
    [Duration::seconds(10), Duration::seconds(30), Duration::minutes(2), Duration::minutes(10), Duration::minutes(30)];
/// Intervals after a foreign return, each with its duration. The credential has to be deleted soon, and lists lag.
const AFTER_FOREIGN: [(Duration, Duration); 2] =
    [(Duration::seconds(3), Duration::minutes(2)), (Duration::seconds(30), Duration::minutes(10))];
/// Delay after a refusal, in case the process stops before it settles the attempt.
const AFTER_REFUSAL: Duration = Duration::seconds(2);
/// Delays after a further return to a linked attempt, whose credential may be listed late.
const AFTER_FURTHER_RETURN: [Duration; 4] =
    [Duration::seconds(3), Duration::seconds(10), Duration::seconds(30), Duration::minutes(2)];
/// Delay of the last refresh of an attempt that ended before its deadline, after the links of all attempts that may have
/// created the same credential have expired.
const AFTER_LINKS_OF_SIBLINGS: Duration = Duration::minutes(10);
/// Delay after the deadline if the list failed.
const RETRY_AFTER_DEADLINE: Duration = Duration::seconds(20);

impl LinkAttempt {
    /// Before the deadline the list can settle it only after a return, an answer or an API key.
    pub fn may_settle(&self, now: OffsetDateTime) -> bool {
        let came_back = self.returned_at.is_some() || self.foreign_return.is_some();
        self.next_refresh.is_some()
            && !self.rests_until_deadline(now)
            && (came_back || self.is_api_key || self.user_answer.is_some() || now >= self.deadline)
    }

    /// Returns `true` if it ended, and the list can change it at the deadline only.
    pub fn rests_until_deadline(&self, now: OffsetDateTime) -> bool {
        let came_back = self.later_return().is_some() || self.foreign_return.is_some();
        self.leaves_link() && now < self.deadline && !came_back && !self.awaits_completion()
    }

    /// Returns `true` if a list call begun at this time covers all events of the attempt. The time of a user's answer
    /// is not stored, so after an answer, as at the deadline, only a new call does.
    pub fn is_covered_by(&self, began_at: OffsetDateTime, now: OffsetDateTime) -> bool {
        let events = [Some(self.began_at), self.last_returned_at(), self.foreign_at()];
        self.user_answer.is_none() && now < self.deadline && events.into_iter().flatten().all(|at| at < began_at)
    }

    /// Returns `None` if nothing can change any more.
    pub fn next_refresh_after(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        if let (Status::Linked(_), Some(at)) = (&self.status, self.returned_again_at) {
            return AFTER_FURTHER_RETURN.into_iter().map(|after| at + after).find(|at| *at > now);
        }
        let open = self.is_open();
        // The credential of a foreign return after the end may not be listed yet.
        let foreign_at = match &self.status {
            Status::Linked(_) => None,
            // A foreign return that ended a link is refreshed once more, in case the process stops before it revokes the
            // links of siblings.
            Status::Unverified(end) => self.foreign_at().filter(|at| *at > end.settled_at || *at == now),
            _ => self.foreign_at(),
        };
        let later_return = self.later_return();
        let soon = foreign_at.max(later_return).and_then(|at| {
            let (interval, _) = AFTER_FOREIGN.into_iter().find(|(_, until)| now < at + *until)?;
            Some(now + interval)
        });
        let refused = self.is_refused().then(|| now + AFTER_REFUSAL);
        let soon = soon.into_iter().chain(refused).min();
        let later = AFTER_BEGINNING.into_iter().map(|after| self.began_at + after).chain([self.deadline]);
        let goes_on = open || self.awaits_completion();
        let planned = later.filter(|_| goes_on || foreign_at.max(later_return).is_some()).find(|at| *at > now);
        // What is allowed without a return has to be deleted.
        let unreturned = [self.deadline, self.deadline + (self.deadline - self.began_at) + AFTER_LINKS_OF_SIBLINGS];
        let unreturned = unreturned.into_iter().filter(|_| self.leaves_link()).find(|at| *at > now);
        let planned = planned.into_iter().chain(unreturned).min();
        let overdue = || goes_on.then_some(now + RETRY_AFTER_DEADLINE);
        match (soon, planned) {
            (Some(soon), Some(planned)) => Some(soon.min(planned)),
            (soon, planned) => soon.or(planned).or_else(overdue),
        }
    }
}
