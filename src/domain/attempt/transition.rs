//! The transitions of an attempt: what each observation changes.

use time::{Duration, OffsetDateTime};

use super::{
    Change, Claimed, ForeignReturn, LinkAttempt, Observation, Reason, SiblingAttempts, State, Status, TimelineEvent,
    UserAnswer, settlement::Transition,
};
use crate::domain::{credential::Listing, keys::Digest};

/// Time after the deadline for which a failing list is retried, so that an outage is not taken for a missing return.
const LIST_GRACE: Duration = Duration::minutes(15);

impl LinkAttempt {
    /// Returns `None` if nothing changes. An ended attempt stays ended, but a foreign return before its deadline makes
    /// it unverified, and a later bound return with evidence links one that was refused. At the deadline, evidence without
    /// such a return makes it unverified, too.
    pub fn observe(
        &self,
        observation: &Observation<'_>,
        siblings: &SiblingAttempts,
        now: OffsetDateTime,
    ) -> Option<Change> {
        let mut transition = Transition::new(self, siblings, now);
        if self.is_open() {
            transition.while_open(observation);
        } else {
            transition.after_end(observation);
        }
        transition.finish()
    }
}

impl Transition<'_> {
    fn while_open(&mut self, observation: &Observation<'_>) {
        let before = self.before;
        let before_deadline = self.now < before.deadline;
        match observation {
            Observation::BeganAgain => {
                // Errors and answers belong to the earlier authorization URL.
                self.change.attempt.refusal = None;
                self.change.attempt.user_answer = None;
                self.log(TimelineEvent::Continued);
            }
            Observation::SetAside => self.change.attempt.input = before.own_input(before.id),
            Observation::Sent { until } => {
                self.change.attempt.deadline = before.deadline.max(*until);
                // The vendor redirects after all, so only a return binds the credential.
                self.change.attempt.is_api_key = false;
                self.log(TimelineEvent::Sent);
            }
            // A stored credential that awaits completion must not pass to the newer attempt.
            Observation::Superseded if before.awaits_completion() => {
                self.end(Status::Unverified, Reason::CompletionMissing, Vec::new());
            }
            Observation::Superseded => self.end(Status::Failed, Reason::Superseded, Vec::new()),
            Observation::NotBegun(reason) => self.end(Status::Failed, *reason, Vec::new()),
            Observation::KeySaved(credential) => self.link_with_unlisted(Reason::KeySaved, credential),
            // Another browser returned earlier, and only one of them can be the user's.
            Observation::Returned { .. } if before_deadline && before.is_awaiting_host_confirmation() => {
                self.record_foreign_return();
            }
            Observation::Returned { refusal } if before_deadline => {
                self.change.attempt.refusal = *refusal;
                if before.returned_at.is_some() {
                    self.record_further_return();
                } else {
                    self.change.attempt.returned_at = Some(self.now);
                    self.log(TimelineEvent::Returned);
                }
            }
            Observation::ReturnedElsewhere if before_deadline && !self.is_repeat() => self.record_foreign_return(),
            Observation::SentToHost(completion) if before.awaits_completion() => {
                self.change.attempt.completion = Some(*completion);
            }
            Observation::Completed { code, same_user } => {
                if self.is_valid_completion(code) {
                    self.complete(*same_user);
                }
            }
            Observation::Answered(answer) if before.user_answer != Some(*answer) => {
                self.change.attempt.user_answer = Some(*answer);
                self.log(TimelineEvent::Answered);
            }
            Observation::TimePassed => {
                // Without a list the user's answer is the only information, and no list delays a refusal.
                if before.snapshot.is_none() || before.is_refused() {
                    self.settle_by_refusal();
                }
                let waits = before.snapshot.is_some() && !before.awaits_completion();
                self.time_out(if waits { LIST_GRACE } else { Duration::ZERO });
            }
            Observation::Listed(listing) => {
                self.settle_by_evidence(listing);
                self.settle_by_refusal();
                self.time_out(Duration::ZERO);
            }
            Observation::Returned { .. }
            | Observation::ReturnedElsewhere
            | Observation::SentToHost(_)
            | Observation::Answered(_)
            | Observation::Implicated
            | Observation::Removed(_)
            | Observation::Proved { .. } => {}
        }
    }

    fn after_end(&mut self, observation: &Observation<'_>) {
        let before = self.before;
        let before_deadline = self.now < before.deadline;
        match (observation, before.state()) {
            (Observation::ReturnedElsewhere, _) if before_deadline && !before.is_api_key && !self.is_repeat() => {
                self.record_late_foreign_return();
            }
            (Observation::Returned { refusal }, _) if before_deadline && before.gives_way() => {
                self.record_later_return(*refusal);
            }
            (Observation::Returned { .. }, _) if before_deadline && self.host_will_not_be_asked() => {
                self.record_late_foreign_return();
            }
            (Observation::Returned { .. }, State::Linked) if before_deadline && before.returned_at.is_some() => {
                self.record_further_return();
            }
            (Observation::Implicated, State::Linked) => {
                self.end(Status::Unverified, Reason::ForeignReturn, Vec::new());
            }
            (Observation::Listed(listing), State::Linked) => self.derive_from_further_return(listing),
            (Observation::Listed(listing), _) => {
                self.settle_by_late_evidence(listing);
                self.refuse_unreturned(listing);
                self.miss_completion(Some(listing));
            }
            (Observation::TimePassed, _) => self.miss_completion(None),
            (Observation::SentToHost(completion), _) if before.awaits_completion() => {
                self.change.attempt.completion = Some(*completion);
            }
            (Observation::Completed { code, same_user }, _) if self.is_valid_completion(code) => {
                self.complete(*same_user);
            }
            // The removal of a connection does not change that it was linked.
            (Observation::Removed(credential), State::Linked | State::Unverified) => self.remove(credential),
            (Observation::Proved { proof, account, is_certain }, State::Linked) => {
                self.record_proof(*proof, account.as_deref(), *is_certain);
            }
            _ => {}
        }
    }

    /// Returns `true` just after a foreign return, so that a burst is recorded once.
    fn is_repeat(&self) -> bool {
        self.before.has_foreign_return() && self.before.has_recent_foreign_return(self.now)
    }

    /// With completion, the host may still confirm the user if no other browser returned.
    fn record_foreign_return(&mut self) {
        let before = self.before;
        let is_only_browser = before.foreign_return.is_none() && before.returned_at.is_none();
        self.set_foreign_return(before.needs_completion && is_only_browser);
        self.change.attempt.completion = None;
        if before.awaits_completion() && self.change.attempt.has_foreign_return() {
            self.end(Status::Unverified, Reason::ForeignReturn, Vec::new());
        }
    }

    fn record_late_foreign_return(&mut self) {
        self.set_foreign_return(self.before.is_awaiting_host_confirmation());
        if self.before.state() == State::Linked || self.before.awaits_completion() {
            self.change.attempt.completion = None;
            self.end(Status::Unverified, Reason::ForeignReturn, Vec::new());
        }
    }

    fn set_foreign_return(&mut self, awaiting_host_confirmation: bool) {
        self.change.attempt.foreign_return = Some(ForeignReturn { at: self.now, awaiting_host_confirmation });
        if self.before.foreign_return.is_none() {
            self.log(TimelineEvent::ReturnedElsewhere);
        }
    }

    /// Completion is required, but another browser was confirmed or the attempt ended without a return.
    fn host_will_not_be_asked(&self) -> bool {
        let before = self.before;
        let was_asked = match before.state() {
            State::Linked => before.foreign_return.is_none(),
            _ => before.returned_at.is_some() && before.reason() != Some(Reason::Superseded),
        };
        before.needs_completion && !before.is_api_key && !was_asked && !self.is_repeat()
    }

    /// Settles by the listed evidence. A foreign return outweighs every bound one.
    fn settle_by_evidence(&mut self, listing: &Listing) {
        let before = self.before;
        let mut found = before.evidence(listing, self.siblings);
        if before.has_foreign_return() {
            found.retain(|one| before.implicates(&one.id, one.made_at) || !self.is_awaited_elsewhere(one));
            if !found.is_empty() {
                self.end(Status::Unverified, Reason::ForeignReturn, found);
            }
        } else if before.awaits_completion() {
            self.derive_from_further_return(listing);
        } else if before.is_api_key {
            self.link_share(Reason::KeySaved, &found, listing);
        } else if before.returned_at.is_some() || before.is_awaiting_host_confirmation() {
            if let (true, Some(renewed)) = (found.is_empty(), self.renewed(listing)) {
                self.link_with_unlisted(Reason::Renewed, &renewed);
            } else {
                self.link_share(Reason::New, &found, listing);
            }
        } else if self.now >= before.deadline {
            found.retain(|one| !self.is_awaited_elsewhere(one));
            if !found.is_empty() {
                self.end(Status::Unverified, Reason::NoReturn, found);
            }
        }
    }

    fn is_valid_completion(&self, code: &Digest) -> bool {
        self.before.completion.is_some_and(|known| known.digest == *code && self.now < known.until)
    }

    fn is_awaited_elsewhere(&self, one: &Claimed) -> bool {
        self.before.is_awaited_elsewhere(one, self.siblings, self.now)
    }

    fn complete(&mut self, same_user: bool) {
        let before = self.before;
        let Some(credential) = before.credential().filter(|_| before.awaits_completion()) else { return };
        self.log(TimelineEvent::Completed);
        if !same_user {
            return self.end(Status::Unverified, Reason::CompletionMismatch, Vec::new());
        }
        let reason = if before.is_api_key {
            Reason::KeySaved
        } else if before.is_in_snapshot(credential) {
            Reason::Renewed
        } else {
            Reason::New
        };
        self.link(reason, credential.clone());
    }

    fn settle_by_refusal(&mut self) {
        if !self.change.attempt.is_open() || self.change.attempt.awaits_completion() {
            return;
        }
        let (status, reason): (fn(_) -> _, _) = match (self.before.refusal, self.change.attempt.user_answer) {
            (Some(denial), _) if denial.is_denial() => (Status::Denied, denial),
            (_, Some(UserAnswer::Canceled)) => (Status::Denied, Reason::Canceled),
            (_, Some(UserAnswer::Administrator)) => (Status::Denied, Reason::AdminApproval),
            (error, Some(UserAnswer::Error)) => (Status::Failed, error.unwrap_or(Reason::NotConfirmed)),
            (_, Some(UserAnswer::Allowed) | None) => return,
        };
        self.end(status, reason, Vec::new());
    }

    fn time_out(&mut self, grace: Duration) {
        let attempt = &self.change.attempt;
        if !attempt.is_open() || self.now < attempt.deadline + grace {
            return;
        }
        let (status, reason): (fn(_) -> _, _) = if self.before.awaits_completion() {
            (Status::Unverified, Reason::CompletionMissing)
        } else if self.before.is_api_key {
            (Status::Failed, Reason::UpstreamUnavailable)
        } else if self.before.returned_at.is_some() {
            (Status::Failed, self.before.refusal.unwrap_or(Reason::NotConfirmed))
        } else {
            (Status::Expired, Reason::NoReturn)
        };
        self.end(status, reason, Vec::new());
    }
}
