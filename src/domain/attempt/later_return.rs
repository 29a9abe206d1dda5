//! A later bound return, which still links an attempt that was refused or failed; what was allowed without one; and renewed
//! connections as evidence.

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

    /// Ends as unverified, at the deadline, what was allowed after the end and no return brought. After a *no* it is
    /// deleted under every setting: the page said that nothing was changed.
    pub(super) fn refuse_unreturned(&mut self, listing: &Listing) {
        let before = self.before;
        let is_settled = self.change.attempt.status != before.status || before.awaits_completion();
        if is_settled || !before.leaves_link() || self.now < before.deadline {
            return;
        }
        let found = before.unreturned_evidence(listing, self.siblings, self.now);
        if !found.is_empty() {
            self.change.attempt.deletes_unreturned |= before.state() == State::Denied;
            let is_foreign = before.has_foreign_return();
            let reason = if is_foreign { Reason::ForeignReturn } else { Reason::NoReturn };
            self.end(Status::Unverified, reason, found);
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

    /// Ends the wait for the host's completion of a late credential, which is then deleted together with what no return
    /// brought.
    pub(super) fn miss_completion(&mut self, listing: Option<&Listing>) {
        let awaits = !self.change.attempt.is_open() && self.change.attempt.awaits_completion();
        if awaits && self.now >= self.change.attempt.deadline {
            let unreturned = |listing| self.before.unreturned_evidence(listing, self.siblings, self.now);
            let found = listing.map(unreturned).unwrap_or_default();
            self.end(Status::Unverified, Reason::CompletionMissing, found);
        }
    }
}
