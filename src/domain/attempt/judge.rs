//! What follows from an observation: the one place in which an attempt changes.

use time::{Duration, OffsetDateTime};

use super::{LinkAttempt, Observation, Others, Reason, State, TimelineEvent, UserAnswer, observe::Change, step::Step};
use crate::domain::credential::Listing;

/// How long after its deadline an attempt waits for a list that cannot be had: an outage just then must not pass for a
/// user who never came back.
const GRACE: Duration = Duration::minutes(15);

impl LinkAttempt {
    /// What follows from that observation at that time, with the user's other attempts as they are; `None` if nothing
    /// does. An attempt that has ended stays as it ended, but for one thing: a foreign return before its deadline makes
    /// it unverified.
    pub fn observe(&self, observation: &Observation<'_>, others: &Others, now: OffsetDateTime) -> Option<Change> {
        let mut next = Step::of(self, others, now);
        if self.state.is_end() {
            next.after_the_end(observation);
        } else {
            next.on_the_way(observation);
        }
        next.changed()
    }
}

impl Step<'_> {
    fn on_the_way(&mut self, observation: &Observation<'_>) {
        let before = self.before;
        match observation {
            Observation::BeganAgain => {
                // What was said of the way before says nothing of this one.
                self.change.attempt.refused = None;
                self.change.attempt.answer = None;
                self.log(TimelineEvent::Continued);
            }
            Observation::Sent { until } => {
                self.change.attempt.deadline = before.deadline.max(*until);
                // Whatever was asked for: from now on it is a return that binds.
                self.change.attempt.by_key = false;
                self.log(TimelineEvent::Sent);
            }
            // What is stored already, and waits for the host's word, does not become anybody's by a newer try.
            Observation::Superseded if before.awaits_completion() => {
                self.settle(State::Unverified, Reason::CompletionMissing, Vec::new());
            }
            Observation::Superseded => self.settle(State::Failed, Reason::Superseded, Vec::new()),
            Observation::NotBegun(reason) => self.settle(State::Failed, *reason, Vec::new()),
            Observation::KeySaved(credential) => self.prove_with(Reason::KeySaved, credential),
            // Another browser came back before, and only one can be the user's.
            Observation::Returned { .. } if self.now < before.deadline && before.guest => self.comes_elsewhere(),
            Observation::Returned { refused } if self.now < before.deadline => {
                self.change.attempt.refused = before.refused.or(*refused);
                if before.returned_at.is_none() {
                    self.change.attempt.returned_at = Some(self.now);
                    self.log(TimelineEvent::Returned);
                }
            }
            Observation::ReturnedElsewhere if self.now < before.deadline && !self.knows_of_it() => {
                self.comes_elsewhere();
            }
            Observation::SentToHost(completion) if before.awaits_completion() => {
                self.change.attempt.completion = Some(*completion);
            }
            Observation::Completed { code, same_user } => {
                let good = |known: &super::Completion| known.digest == *code && self.now < known.until;
                if before.awaits_completion() && before.completion.as_ref().is_some_and(good) {
                    self.completed(*same_user);
                }
            }
            Observation::Answered(answer) if before.answer != Some(*answer) => {
                self.change.attempt.answer = Some(*answer);
                self.log(TimelineEvent::Answered);
            }
            Observation::TimePassed => {
                // Where the vendor serves no list at all, the user's word is all there will ever be.
                if before.snapshot.is_none() {
                    self.refused();
                }
                let grace =
                    if before.snapshot.is_none() || before.awaits_completion() { Duration::ZERO } else { GRACE };
                self.time_out(grace);
            }
            Observation::Listed(listing) => {
                self.judge(listing);
                self.refused();
                self.time_out(Duration::ZERO);
            }
            Observation::Returned { .. }
            | Observation::ReturnedElsewhere
            | Observation::SentToHost(_)
            | Observation::Answered(_)
            | Observation::Doubted
            | Observation::Removed(_)
            | Observation::Tried { .. } => {}
        }
    }

    fn after_the_end(&mut self, observation: &Observation<'_>) {
        let before = self.before;
        match observation {
            Observation::ReturnedElsewhere if self.now < before.deadline && !before.by_key && !self.knows_of_it() => {
                self.comes_elsewhere_late();
            }
            Observation::Returned { .. } if self.now < before.deadline && self.nobody_is_asked_any_more() => {
                self.comes_elsewhere_late();
            }
            Observation::Doubted if before.state == State::Linked => {
                self.settle(State::Unverified, Reason::ForeignReturn, Vec::new());
            }
            Observation::Listed(listing) if before.state != State::Linked && before.foreign_at.is_some() => {
                let found = before.left_behind(listing, self.others);
                if !found.is_empty() && before.state == State::Unverified {
                    self.claim_and_delete(found);
                } else if !found.is_empty() {
                    self.settle(State::Unverified, Reason::ForeignReturn, found);
                }
            }
            // Whatever became of the connection later: that it was linked stays true.
            Observation::Removed(credential) if matches!(before.state, State::Linked | State::Unverified) => {
                self.removed(credential);
            }
            Observation::Tried { proof, account } if before.state == State::Linked => {
                self.tried(*proof, account.as_deref());
            }
            _ => {}
        }
    }

    /// Whether a stranger's return was noted just now: fifty at once say no more than one.
    fn knows_of_it(&self) -> bool {
        let recent = |at: OffsetDateTime| self.now < at + Duration::SECOND;
        self.before.finished_by_a_stranger() && self.before.foreign_at.is_some_and(recent)
    }

    /// Another browser came back while the attempt is open. With the host's word to come, it may be the user's own as
    /// long as it is the only one.
    fn comes_elsewhere(&mut self) {
        let before = self.before;
        self.returned_elsewhere();
        self.change.attempt.guest =
            before.needs_completion && before.foreign_at.is_none() && before.returned_at.is_none();
        self.change.attempt.completion = None;
        if before.awaits_completion() && self.change.attempt.finished_by_a_stranger() {
            self.settle(State::Unverified, Reason::ForeignReturn, Vec::new());
        }
    }

    fn comes_elsewhere_late(&mut self) {
        self.returned_elsewhere();
        if self.before.state == State::Linked {
            self.settle(State::Unverified, Reason::ForeignReturn, Vec::new());
        }
    }

    /// Whether the browser in which it began comes back where only the host can say who sits there, and nobody will ask
    /// the host: another browser was named already, or it ended before anybody came back.
    fn nobody_is_asked_any_more(&self) -> bool {
        let before = self.before;
        let asked = match before.state {
            State::Linked => before.foreign_at.is_none(),
            _ => before.returned_at.is_some() && before.reason != Some(Reason::Superseded),
        };
        before.needs_completion && !before.by_key && !asked && !self.knows_of_it()
    }

    fn returned_elsewhere(&mut self) {
        self.change.attempt.foreign_at = Some(self.now);
        if self.before.foreign_at.is_none() {
            self.log(TimelineEvent::ReturnedElsewhere);
        }
    }

    /// Looks for evidence, and settles what it decides. A foreign return outweighs every bound one.
    fn judge(&mut self, listing: &Listing) {
        let before = self.before;
        let found = before.evidence(listing, self.others);
        if before.finished_by_a_stranger() {
            if !found.is_empty() {
                self.settle(State::Unverified, Reason::ForeignReturn, found);
            }
        } else if before.by_key {
            self.prove(Reason::KeySaved, found);
        } else if before.returned_at.is_some() || before.guest {
            if let (true, Some(renewed)) = (found.is_empty(), before.renewed(listing, &self.others.claims)) {
                self.prove_with(Reason::Renewed, &renewed);
            } else {
                self.prove(Reason::New, found);
            }
        } else if self.now >= before.deadline && !found.is_empty() {
            self.settle(State::Unverified, Reason::NoReturn, found);
        }
    }

    /// The host's server has said who finished it.
    fn completed(&mut self, same_user: bool) {
        let before = self.before;
        self.log(TimelineEvent::Completed);
        if !same_user {
            return self.settle(State::Unverified, Reason::CompletionMismatch, Vec::new());
        }
        let reason = if before.by_key {
            Reason::KeySaved
        } else if before.replaces.is_some() && before.replaces == before.credential {
            Reason::Renewed
        } else {
            Reason::New
        };
        self.settle(State::Linked, reason, Vec::new());
    }

    /// Takes the provider's word, or the user's, for what the list does not show.
    fn refused(&mut self) {
        if self.decided() {
            return;
        }
        if let Some(reason) = self.before.refused {
            let state = if reason == Reason::UpstreamRefused { State::Failed } else { State::Denied };
            return self.settle(state, reason, Vec::new());
        }
        match self.change.attempt.answer {
            Some(UserAnswer::Canceled) => self.settle(State::Denied, Reason::Canceled, Vec::new()),
            Some(UserAnswer::Administrator) => self.settle(State::Denied, Reason::AdminApproval, Vec::new()),
            Some(UserAnswer::Error) => self.settle(State::Failed, Reason::NotConfirmed, Vec::new()),
            Some(UserAnswer::Allowed) | None => {}
        }
    }

    fn time_out(&mut self, grace: Duration) {
        if self.ended() || self.now < self.change.attempt.deadline + grace {
            return;
        }
        if self.before.awaits_completion() {
            self.settle(State::Unverified, Reason::CompletionMissing, Vec::new());
        } else if self.before.by_key {
            self.settle(State::Failed, Reason::UpstreamUnavailable, Vec::new());
        } else if self.before.returned_at.is_some() {
            self.settle(State::Failed, Reason::NotConfirmed, Vec::new());
        } else {
            self.settle(State::Expired, Reason::NoReturn, Vec::new());
        }
    }
}
