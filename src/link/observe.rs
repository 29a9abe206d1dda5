//! What can be seen of an attempt, and what follows from it.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{LinkAttempt, Reason, State, reason::named};
use crate::connection::{Claims, CredentialId, Listing};

named! {
    /// What the user says that they saw at the provider.
    UserAnswer {
        /// They allowed it: keep checking.
        Allowed = "allowed",
        /// They cancelled.
        Canceled = "canceled",
        /// It asked for an administrator.
        Administrator = "administrator",
        /// They saw an error.
        Error = "error",
    }
}

named! {
    /// A step on an attempt's way, as its timeline names it.
    TimelineEvent {
        /// It began.
        Began = "began",
        /// The user began again, and it went on.
        Continued = "continued",
        /// The browser was sent to the provider.
        Sent = "sent",
        /// The user's own browser came back.
        Returned = "returned",
        /// Another browser came back.
        ReturnedElsewhere = "returned_elsewhere",
        /// The user said what they saw.
        Answered = "answered",
        /// It ended.
        Ended = "ended",
    }
}

named! {
    /// What the host is told.
    EventKind {
        /// An app is linked.
        ConnectionLinked = "connection.linked",
        /// A connection took the place of an earlier one.
        ConnectionReplaced = "connection.replaced",
        /// Something was linked that cannot be trusted.
        ConnectionUnverified = "connection.unverified",
        /// A connection is gone.
        ConnectionRemoved = "connection.removed",
        /// An attempt is over, however it ended.
        LinkAttemptEnded = "link_attempt.ended",
    }
}

/// Something that was seen of an attempt.
#[derive(Debug, Clone)]
pub enum Observation<'a> {
    /// The user began again with the same input.
    BeganAgain,
    /// The user began again with other input.
    Superseded,
    /// The browser is sent to the provider, with a link that may be used until then.
    Sent {
        /// The attempt is not over before.
        until: OffsetDateTime,
    },
    /// The vendor could not or would not begin: `NotConfigured`, `UpstreamRefused`, `UpstreamUnavailable` or
    /// `InvalidAuthorizationUrl`.
    NotBegun(Reason),
    /// The vendor stored the key that the user gave.
    KeySaved(CredentialId),
    /// The user's own browser came back; with an error, that one decides unless there is evidence after all. Of several
    /// errors the first counts, until the user begins again.
    Returned {
        /// `AccessDenied`, `AdminApproval` or `UpstreamRefused`, as the return's parameters say.
        refused: Option<Reason>,
    },
    /// A browser without the user's session came back.
    ReturnedElsewhere,
    /// The user said what they saw.
    Answered(UserAnswer),
    /// The vendor's list was looked at.
    Listed(&'a Listing),
    /// Time passed, and the list could not be looked at.
    TimePassed,
}

/// An entry of an attempt's timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub event: TimelineEvent,
}

/// An event for the host, written with the change that caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEvent {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: OffsetDateTime,
}

/// What follows from an observation: to be kept whole, in one transaction, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The attempt as it is to be; its version is still the one that was read.
    pub attempt: LinkAttempt,
    /// Credentials that belong to it from now on.
    pub claims: Vec<CredentialId>,
    /// Steps for its timeline.
    pub timeline: Vec<TimelineEntry>,
    /// Events for the host.
    pub outbox: Vec<OutboxEvent>,
}

impl Observation<'_> {
    /// Whether it is judged by who claimed what.
    pub fn needs_claims(&self) -> bool {
        matches!(self, Self::Listed(_) | Self::KeySaved(_))
    }
}

impl LinkAttempt {
    /// What follows from that observation at that time, with the claims on the user's credentials as they are; `None`
    /// if nothing does. An attempt that has ended stays as it ended.
    pub fn observe(&self, observation: &Observation<'_>, claims: &Claims, now: OffsetDateTime) -> Option<Change> {
        if self.state.is_end() {
            return None;
        }
        let mut next = Step::of(self, now);
        match observation {
            Observation::BeganAgain => {
                // What was said of the way before says nothing of this one.
                next.change.attempt.refused = None;
                next.change.attempt.answer = None;
                next.log(TimelineEvent::Continued);
            }
            Observation::Sent { until } => {
                next.change.attempt.deadline = self.deadline.max(*until);
                // Whatever was asked for: from now on it is a return that binds.
                next.change.attempt.by_key = false;
                next.log(TimelineEvent::Sent);
            }
            Observation::Superseded => next.settle(State::Failed, Reason::Superseded, Vec::new()),
            Observation::NotBegun(reason) => next.settle(State::Failed, *reason, Vec::new()),
            Observation::KeySaved(credential) => next.settle_with(Reason::KeySaved, credential, claims),
            Observation::Returned { refused } if now < self.deadline => {
                next.change.attempt.refused = self.refused.or(*refused);
                if self.returned_at.is_none() {
                    next.change.attempt.returned_at = Some(now);
                    next.log(TimelineEvent::Returned);
                }
            }
            Observation::ReturnedElsewhere if self.foreign_at.is_none() => {
                next.change.attempt.foreign_at = Some(now);
                next.log(TimelineEvent::ReturnedElsewhere);
            }
            Observation::Returned { .. } | Observation::ReturnedElsewhere => {}
            Observation::Answered(answer) if self.answer != Some(*answer) => {
                next.change.attempt.answer = Some(*answer);
                next.log(TimelineEvent::Answered);
            }
            Observation::Answered(_) => {}
            Observation::TimePassed => {
                // Where the vendor serves no list at all, the user's word is all there will ever be.
                if self.snapshot.is_none() {
                    next.refused();
                }
                next.time_out();
            }
            Observation::Listed(listing) => {
                next.judge(listing, claims);
                next.refused();
                next.time_out();
            }
        }
        next.changed()
    }
}

/// A change in the making.
struct Step<'a> {
    before: &'a LinkAttempt,
    now: OffsetDateTime,
    change: Change,
}

impl<'a> Step<'a> {
    fn of(before: &'a LinkAttempt, now: OffsetDateTime) -> Self {
        let change = Change { attempt: before.clone(), claims: Vec::new(), timeline: Vec::new(), outbox: Vec::new() };
        Self { before, now, change }
    }

    fn ended(&self) -> bool {
        self.change.attempt.state.is_end()
    }

    fn log(&mut self, event: TimelineEvent) {
        self.change.timeline.push(TimelineEntry { at: self.now, event });
    }

    /// Looks for evidence, and settles what it decides. A foreign return outweighs every bound one.
    fn judge(&mut self, listing: &Listing, claims: &Claims) {
        let found = self.before.evidence(listing, claims);
        if self.before.by_key {
            if !found.is_empty() {
                self.settle(State::Linked, Reason::KeySaved, found);
            }
        } else if self.before.foreign_at.is_some() {
            if !found.is_empty() {
                self.settle(State::Unverified, Reason::ForeignReturn, found);
            }
        } else if self.before.returned_at.is_some() {
            if !found.is_empty() {
                self.settle(State::Linked, Reason::New, found);
            } else if let Some(renewed) = self.before.renewed(listing, claims) {
                self.settle_with(Reason::Renewed, &renewed, claims);
            }
        } else if self.now >= self.before.deadline && !found.is_empty() {
            self.settle(State::Unverified, Reason::NoReturn, found);
        }
    }

    /// Takes the provider's word, or the user's, for what the list does not show.
    fn refused(&mut self) {
        if self.ended() {
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

    fn time_out(&mut self) {
        if self.ended() || self.now < self.before.deadline {
            return;
        }
        if self.before.by_key {
            self.settle(State::Failed, Reason::UpstreamUnavailable, Vec::new());
        } else if self.before.returned_at.is_some() {
            self.settle(State::Failed, Reason::NotConfirmed, Vec::new());
        } else {
            self.settle(State::Expired, Reason::NoReturn, Vec::new());
        }
    }

    /// Links that one credential. If somebody claimed it before, it stays theirs.
    fn settle_with(&mut self, reason: Reason, credential: &CredentialId, claims: &Claims) {
        let claim = if claims.contains_key(credential) { Vec::new() } else { vec![credential.clone()] };
        self.settle(State::Linked, reason, claim);
        self.change.attempt.credential = Some(credential.clone());
    }

    /// Ends the attempt: the one place in which an end and its events come to be.
    fn settle(&mut self, state: State, reason: Reason, claims: Vec<CredentialId>) {
        let attempt = &mut self.change.attempt;
        attempt.state = state;
        attempt.reason = Some(reason);
        attempt.credential = claims.first().cloned();
        attempt.settled_at = Some(self.now);
        let own = match state {
            State::Linked if attempt.replaces.is_some() => Some(EventKind::ConnectionReplaced),
            State::Linked => Some(EventKind::ConnectionLinked),
            State::Unverified => Some(EventKind::ConnectionUnverified),
            State::Pending | State::Denied | State::Failed | State::Expired => None,
        };
        let kinds = own.into_iter().chain([EventKind::LinkAttemptEnded]);
        self.change.outbox.extend(kinds.map(|kind| OutboxEvent { kind, at: self.now }));
        self.change.claims = claims;
        self.log(TimelineEvent::Ended);
    }

    fn changed(self) -> Option<Change> {
        let logged = !self.change.timeline.is_empty();
        (logged || self.change.attempt != *self.before).then_some(self.change)
    }
}
