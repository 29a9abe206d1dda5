//! Claims, links and ends of an attempt, with their events.

use time::{Duration, OffsetDateTime};

use super::{
    Change, Claimed, End, EventKind, HealthChange, Link, LinkAttempt, OutboxEvent, Proof, Reason, SiblingAttempts,
    State, Status, TimelineEntry, TimelineEvent,
};
use crate::domain::credential::CredentialId;

/// Timeout for the host's completion, from the evidence on.
const COMPLETION_TIMEOUT: Duration = Duration::minutes(5);

pub(super) struct Transition<'a> {
    pub(super) before: &'a LinkAttempt,
    pub(super) siblings: &'a SiblingAttempts,
    pub(super) now: OffsetDateTime,
    pub(super) change: Change,
}

impl<'a> Transition<'a> {
    pub(super) fn new(before: &'a LinkAttempt, siblings: &'a SiblingAttempts, now: OffsetDateTime) -> Self {
        let change = Change {
            attempt: before.clone(),
            claims: Vec::new(),
            deletions: Vec::new(),
            removed: None,
            timeline: Vec::new(),
            outbox: Vec::new(),
            health: Vec::new(),
            derived: Vec::new(),
        };
        Self { before, siblings, now, change }
    }

    pub(super) fn log(&mut self, event: TimelineEvent) {
        self.log_at(event, self.now);
    }

    pub(super) fn log_at(&mut self, event: TimelineEvent, at: OffsetDateTime) {
        self.change.timeline.push(TimelineEntry { at, event, actor: None });
    }

    pub(super) fn link_with(&mut self, reason: Reason, found: Vec<Claimed>) {
        let Some(first) = found.first() else { return };
        self.link_or_await(reason, first.id.clone(), found);
    }

    /// As `link_with`, for a credential that may be unlisted. It stays with the attempt that claimed it first.
    pub(super) fn link_with_unlisted(&mut self, reason: Reason, credential: &CredentialId) {
        let claim = Claimed { id: credential.clone(), made_at: None };
        self.link_or_await(reason, credential.clone(), vec![claim]);
    }

    fn link_or_await(&mut self, reason: Reason, credential: CredentialId, found: Vec<Claimed>) {
        self.claim(found);
        if !self.before.needs_completion {
            self.link(reason, credential);
        } else if !self.before.awaits_completion() {
            let attempt = &mut self.change.attempt;
            // An ended attempt is not opened again.
            match &mut attempt.status {
                Status::Denied(end) | Status::Failed(end) => end.credential = Some(credential),
                status => *status = Status::Pending { evidence: Some(credential) },
            }
            attempt.deadline = attempt.deadline.max(self.now + COMPLETION_TIMEOUT);
            self.log(TimelineEvent::Confirmed);
        }
    }

    fn claim(&mut self, found: Vec<Claimed>) {
        let claims = &self.siblings.claims;
        self.change.claims.extend(found.into_iter().filter(|one| !claims.contains_key(&one.id)));
    }

    pub(super) fn claim_and_delete(&mut self, found: Vec<Claimed>) {
        self.change.deletions.extend(found.iter().map(|one| one.id.clone()));
        self.claim(found);
    }

    pub(super) fn remove(&mut self, credential: &CredentialId) {
        self.change.removed = Some(credential.clone());
        self.change.health.push(HealthChange::Gone(credential.clone()));
        self.notify_host(EventKind::ConnectionRemoved, Some(credential.clone()));
        self.log(TimelineEvent::Removed);
    }

    /// Records whether the credential works. The attempt stays linked: a wrong API key is saved all the same.
    pub(super) fn record_proof(&mut self, proof: Proof, account: Option<&str>, is_certain: bool) {
        let Status::Linked(link) = &mut self.change.attempt.status else { return };
        link.proof = Some(proof);
        // A refusal does not name the account, so the known one stays.
        if proof == Proof::Works {
            link.account = account.map(str::to_owned);
        }
        let credential = link.credential.clone();
        if self.change.attempt != *self.before {
            match proof {
                Proof::Works => self.change.health.push(HealthChange::Works(credential)),
                Proof::Refused if is_certain => self.change.health.push(HealthChange::Refused(credential)),
                Proof::Refused => {}
            }
            self.log(TimelineEvent::of_proof(proof));
        }
    }

    pub(super) fn link(&mut self, reason: Reason, credential: CredentialId) {
        let replaced = self.before.replaces.is_some();
        let kind = if replaced { EventKind::ConnectionReplaced } else { EventKind::ConnectionLinked };
        self.notify_host(kind, Some(credential.clone()));
        self.notify_host(EventKind::LinkAttemptEnded, Some(credential.clone()));
        let earlier = self.before.replaces.iter().filter(|earlier| **earlier != credential);
        self.change.health.extend(earlier.cloned().map(HealthChange::Gone));
        self.change.health.push(HealthChange::Works(credential.clone()));
        let link = Link { reason, settled_at: self.now, credential, proof: None, account: None };
        self.change.attempt.status = Status::Linked(link);
        self.log(TimelineEvent::Ended);
    }

    /// Ends the attempt without a link. An earlier found or linked credential stays recorded.
    pub(super) fn end(&mut self, status: fn(End) -> Status, reason: Reason, found: Vec<Claimed>) {
        let first = found.first().map(|one| &one.id);
        let credential = self.change.attempt.credential().or(first).cloned();
        self.claim(found);
        let status = status(End { reason, settled_at: self.now, credential: credential.clone() });
        let unverified = status.state() == State::Unverified;
        if unverified {
            self.change.health.extend(credential.clone().map(HealthChange::Gone));
            self.notify_host(EventKind::ConnectionUnverified, credential.clone());
        }
        self.notify_host(EventKind::LinkAttemptEnded, credential);
        self.change.attempt.status = status;
        self.log(TimelineEvent::Ended);
        if unverified && self.deletes(reason) {
            self.change.deletions = self.created();
        }
    }

    fn notify_host(&mut self, kind: EventKind, credential: Option<CredentialId>) {
        self.change.outbox.push(OutboxEvent { kind, credential, same_account: None, at: self.now });
    }

    /// With completion, only completed credentials may stay.
    fn deletes(&self, reason: Reason) -> bool {
        reason != Reason::NoReturn || self.change.attempt.deletes_unreturned || self.before.needs_completion
    }

    /// Returns the credentials claimed by this attempt, except renewed ones, which existed earlier.
    fn created(&self) -> Vec<CredentialId> {
        let claims = &self.siblings.claims;
        let before = claims.iter().filter(|(_, claim)| claim.attempt == self.before.id).map(|(id, _)| id);
        let mut created: Vec<_> = before.chain(self.change.claims.iter().map(|one| &one.id)).cloned().collect();
        created.retain(|id| !self.before.is_in_snapshot(id));
        created.sort();
        created.dedup();
        created
    }

    /// Returns `None` if only the next refresh would change.
    pub(super) fn finish(mut self) -> Option<Change> {
        let attempt = &mut self.change.attempt;
        attempt.next_refresh = attempt.next_refresh_after(self.now);
        let same = LinkAttempt { next_refresh: self.before.next_refresh, ..attempt.clone() } == *self.before;
        let Change { timeline, claims, derived, .. } = &self.change;
        let silent = timeline.is_empty() && claims.is_empty() && derived.is_empty();
        (!silent || !same).then_some(self.change)
    }
}
