//! An attempt of its own for each further credential: a later return to the same attempt brought it, or the list shows
//! it together with the first.

use std::iter::once;

use time::Duration;

use super::{Claimed, LinkAttempt, Reason, Status, TimelineEvent, settlement::Transition};
use crate::domain::credential::Listing;

impl Transition<'_> {
    /// Records at most one return per second, so that a burst is not committed again and again.
    pub(super) fn record_further_return(&mut self) {
        let last = self.before.returned_again_at;
        if last.is_none_or(|at| self.now >= at + Duration::SECOND) {
            self.change.attempt.returned_again_at = Some(self.now);
        }
    }

    /// A further credential, in another tab for example, becomes an attempt of its own.
    pub(super) fn derive_from_further_return(&mut self, listing: &Listing) {
        let before = self.before;
        let can_bring = before.returned_again_at.is_some() && !before.is_api_key && before.foreign_return.is_none();
        if can_bring {
            let mut found = before.evidence(listing, self.siblings);
            found.retain(|one| !self.siblings.claims.contains_key(&one.id));
            let brought = before.brought_by_further_return(&found, listing, self.siblings);
            self.derive(Reason::New, brought);
        }
    }

    /// Links the credential that belongs to this attempt, and each one that belongs to no other as an attempt of its
    /// own. The browser whose user the host confirms is another one: there, all belong to this attempt.
    pub(super) fn link_share(&mut self, reason: Reason, found: &[Claimed], listing: &Listing) {
        let share = self.before.share(found, listing, self.siblings, self.now);
        let Some(own) = share.own else { return };
        if self.before.foreign_return.is_some() {
            return self.link_with(reason, once(own).chain(share.extra).collect());
        }
        self.link_with(reason, vec![own]);
        self.derive(reason, share.extra);
    }

    /// Links each credential as an attempt of its own, or lets it await the host's completion.
    fn derive(&mut self, reason: Reason, credentials: Vec<Claimed>) {
        for credential in credentials {
            let Some(attempt) = self.derived_attempt() else { return };
            let mut transition = Transition::new(&attempt, self.siblings, self.now);
            transition.log_at(TimelineEvent::Began, attempt.began_at);
            if let Some(returned_at) = attempt.returned_at {
                transition.log_at(TimelineEvent::Returned, returned_at);
            }
            transition.link_with(reason, vec![credential]);
            self.change.derived.extend(transition.finish());
        }
    }

    /// It began with the return. Its input is its own, so that nothing continues it, and its state was sent to no one.
    fn derived_attempt(&self) -> Option<LinkAttempt> {
        let before = self.before;
        let (id, state_digest) = *self.siblings.new_ids.get(self.change.derived.len())?;
        let began_at = before.last_returned_at().unwrap_or(self.now);
        Some(LinkAttempt {
            id,
            version: 0,
            input: before.own_input(id),
            state_digest,
            replaces: None,
            began_at,
            began_at_vendor: before.vendor_time(began_at),
            returned_at: before.last_returned_at(),
            returned_again_at: None,
            derived_from: Some(before.derived_from.unwrap_or(before.id)),
            refusal: None,
            completion: None,
            user_answer: None,
            status: Status::Pending { evidence: None },
            ..before.clone()
        })
    }
}
