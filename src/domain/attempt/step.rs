//! A change in the making.

use time::{Duration, OffsetDateTime};

use super::{
    Change, Claimed, EventKind, LinkAttempt, Others, OutboxEvent, Proof, Reason, State, TimelineEntry, TimelineEvent,
};
use crate::domain::credential::CredentialId;

/// How long the host has to complete an attempt after the evidence was seen.
const TO_COMPLETE: Duration = Duration::minutes(5);

/// One observation's way from what was to what is to be.
pub(crate) struct Step<'a> {
    /// As it was read.
    pub(crate) before: &'a LinkAttempt,
    /// What is known beside it.
    pub(crate) others: &'a Others,
    /// Now.
    pub(crate) now: OffsetDateTime,
    /// What follows.
    pub(crate) change: Change,
}

impl<'a> Step<'a> {
    pub(crate) fn of(before: &'a LinkAttempt, others: &'a Others, now: OffsetDateTime) -> Self {
        let change = Change {
            attempt: before.clone(),
            claims: Vec::new(),
            deletions: Vec::new(),
            removed: None,
            timeline: Vec::new(),
            outbox: Vec::new(),
        };
        Self { before, others, now, change }
    }

    pub(crate) fn ended(&self) -> bool {
        self.change.attempt.state.is_end()
    }

    /// Whether nobody's word is needed any more for what came of it.
    pub(crate) fn decided(&self) -> bool {
        self.ended() || self.change.attempt.awaits_completion()
    }

    pub(crate) fn log(&mut self, event: TimelineEvent) {
        self.change.timeline.push(TimelineEntry { at: self.now, event, actor: None });
    }

    /// Links what was found; where the host has to complete it, it waits for that.
    pub(crate) fn prove(&mut self, reason: Reason, found: Vec<Claimed>) {
        let Some(first) = found.first() else { return };
        if !self.before.needs_completion {
            return self.settle(State::Linked, reason, found);
        }
        let credential = first.id.clone();
        self.claim(found);
        if !self.before.awaits_completion() {
            self.await_completion(credential);
        }
    }

    /// The same for that one credential. If somebody claimed it before, it stays theirs.
    pub(crate) fn prove_with(&mut self, reason: Reason, credential: &CredentialId) {
        let free = !self.others.claims.contains_key(credential);
        let claim = if free { vec![Claimed { id: credential.clone(), made_at: None }] } else { Vec::new() };
        if self.before.needs_completion {
            self.claim(claim);
            if !self.before.awaits_completion() {
                self.await_completion(credential.clone());
            }
        } else {
            self.change.attempt.credential = Some(credential.clone());
            self.settle(State::Linked, reason, claim);
        }
    }

    fn await_completion(&mut self, credential: CredentialId) {
        let attempt = &mut self.change.attempt;
        attempt.credential = Some(credential);
        attempt.deadline = attempt.deadline.max(self.now + TO_COMPLETE);
        self.log(TimelineEvent::Confirmed);
    }

    fn claim(&mut self, found: Vec<Claimed>) {
        let known = &self.others.claims;
        self.change.claims.extend(found.into_iter().filter(|one| !known.contains_key(&one.id)));
    }

    /// What came after an attempt was unverified already goes the same way.
    pub(crate) fn claim_and_delete(&mut self, found: Vec<Claimed>) {
        self.change.deletions.extend(found.iter().map(|one| one.id.clone()));
        self.claim(found);
    }

    /// What it had linked is gone: the host is told.
    pub(crate) fn removed(&mut self, credential: &CredentialId) {
        self.change.removed = Some(credential.clone());
        let event =
            OutboxEvent { kind: EventKind::ConnectionRemoved, credential: Some(credential.clone()), at: self.now };
        self.change.outbox.push(event);
        self.log(TimelineEvent::Removed);
    }

    /// What it linked was tried. Whether it works is no part of how it ended: a key that does not is saved all the same.
    pub(crate) fn tried(&mut self, proof: Proof, account: Option<&str>) {
        let attempt = &mut self.change.attempt;
        attempt.proof = Some(proof);
        // A refusal does not say whose it is; what was known before stays known.
        if proof == Proof::Works {
            attempt.account = account.map(str::to_owned);
        }
        // Whoever tried at the same moment has said the same.
        if *attempt != *self.before {
            let event = if proof == Proof::Works { TimelineEvent::Proved } else { TimelineEvent::NotWorking };
            self.log(event);
        }
    }

    /// Ends the attempt: the one place in which an end, its events and its deletions come to be.
    pub(crate) fn settle(&mut self, state: State, reason: Reason, found: Vec<Claimed>) {
        let first = found.first().map(|one| one.id.clone());
        self.claim(found);
        let attempt = &mut self.change.attempt;
        attempt.state = state;
        attempt.reason = Some(reason);
        attempt.credential = attempt.credential.take().or(first);
        attempt.settled_at = Some(self.now);
        // Of what is not linked any more nothing is said, least of all whose it is.
        (attempt.proof, attempt.account) = (None, None);
        let own = match state {
            State::Linked if attempt.replaces.is_some() => Some(EventKind::ConnectionReplaced),
            State::Linked => Some(EventKind::ConnectionLinked),
            State::Unverified => Some(EventKind::ConnectionUnverified),
            State::Pending | State::Denied | State::Failed | State::Expired => None,
        };
        let kinds = own.into_iter().chain([EventKind::LinkAttemptEnded]);
        let credential = &attempt.credential;
        let events = kinds.map(|kind| OutboxEvent { kind, credential: credential.clone(), at: self.now });
        self.change.outbox.extend(events);
        self.log(TimelineEvent::Ended);
        if state == State::Unverified && self.deletes(reason) {
            self.change.deletions = self.made();
        }
    }

    /// Whether what cannot be trusted for that reason is taken away again. With the host's completion nothing stays
    /// that it did not complete.
    fn deletes(&self, reason: Reason) -> bool {
        reason != Reason::NoReturn || self.before.deletes_unreturned || self.before.needs_completion
    }

    /// The credentials that this attempt made: claimed by it, before or now. What was there before was only renewed.
    fn made(&self) -> Vec<CredentialId> {
        let claims = &self.others.claims;
        let before = claims.iter().filter(|(_, claim)| claim.attempt == self.before.id).map(|(id, _)| id);
        let mut made: Vec<_> = before.chain(self.change.claims.iter().map(|one| &one.id)).cloned().collect();
        made.retain(|id| !self.before.was_there(id));
        made.sort();
        made.dedup();
        made
    }

    pub(crate) fn changed(mut self) -> Option<Change> {
        self.change.attempt.next_look = self.change.attempt.looks_next(self.now);
        let same = LinkAttempt { next_look: self.before.next_look, ..self.change.attempt.clone() } == *self.before;
        let silent = self.change.timeline.is_empty() && self.change.claims.is_empty();
        (!silent || !same).then_some(self.change)
    }
}
