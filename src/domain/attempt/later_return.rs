//! A later bound return, which still links an attempt that was refused or failed, and renewed connections as evidence.

use time::Duration;

use super::{Reason, State, Status, TimelineEvent, settlement::Transition};
use crate::domain::credential::{CredentialId, Listing};

/// Time after a return for which a new credential is expected before a renewed one counts as another account.
const NEW_BEFORE_RENEWED: Duration = Duration::seconds(2);

impl Transition<'_> {
    pub(super) fn record_later_return(&mut self, refusal: Option<Reason>) {
        if self.before.later_return().is_none() {
            self.log(TimelineEvent::Returned);
        }
        self.change.attempt.returned_at = Some(self.now);
        self.change.attempt.refusal = refusal;
    }

    /// Settles by evidence after the end. A foreign return outweighs every bound one.
    pub(super) fn settle_by_late_evidence(&mut self, listing: &Listing) {
        let before = self.before;
        let own = before.later_evidence(listing, self.siblings);
        if before.foreign_return.is_some() {
            let mut found = before.foreign_evidence(listing, self.siblings);
            found.extend(own);
            found.sort_by(|one, other| (one.made_at, &one.id).cmp(&(other.made_at, &other.id)));
            found.dedup();
            if !found.is_empty() && before.state() == State::Unverified {
                self.claim_and_delete(found);
            } else if !found.is_empty() {
                self.end(Status::Unverified, Reason::ForeignReturn, found);
            }
        } else if before.later_return().is_some() && !before.awaits_completion() {
            if let (true, Some(renewed)) = (own.is_empty(), self.renewed(listing)) {
                self.link_with_unlisted(Reason::Renewed, &renewed);
            } else {
                self.link_share(Reason::New, &own, listing);
            }
        }
    }

    /// A refusal outweighs a renewal, and for *another account* a new credential may be listed late.
    pub(super) fn renewed(&self, listing: &Listing) -> Option<CredentialId> {
        let before = self.before;
        let is_refused = before.refusal.is_some_and(Reason::is_denial);
        let is_late = before.returned_at.is_some_and(|at| self.now >= at + NEW_BEFORE_RENEWED);
        let is_due = before.replaces.is_some() || is_late;
        before.renewed(listing, self.siblings).filter(|_| is_due && !is_refused)
    }

    /// Ends the wait for the host's completion of a late credential, which is then deleted.
    pub(super) fn miss_completion(&mut self) {
        let awaits = !self.change.attempt.is_open() && self.change.attempt.awaits_completion();
        if awaits && self.now >= self.change.attempt.deadline {
            self.end(Status::Unverified, Reason::CompletionMissing, Vec::new());
        }
    }
}
