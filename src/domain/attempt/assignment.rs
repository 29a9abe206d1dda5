//! Which attempt of one app a new credential belongs to, if several could have created it. A foreign return is decided
//! before: only credentials that none implicates are assigned.

use time::{Duration, OffsetDateTime};

use super::{Claimed, FINE_LEEWAY, LinkAttempt, SiblingAttempts};
use crate::domain::credential::{Listed, Listing};

/// How well a credential fits a return. Alloy stores it just before the browser is back, so the order is: created
/// before the return and nearest to it, then created after it.
type Fit = (bool, Duration);

/// Maximum time between the creation of a credential and the return of its browser, as a rule.
const RETURN_TIME: Duration = Duration::seconds(10);

/// Maximum time from a return to the claim of its credential, which may be listed late.
const RETURN_IS_SETTLED: Duration = Duration::minutes(5);

/// The share of one attempt in the new credentials.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    pub own: Option<Claimed>,
    /// No other attempt can have created these.
    pub extra: Vec<Claimed>,
}

impl SiblingAttempts {
    /// The other attempts of the app that wait for a credential.
    fn waiting<'a>(&'a self, beside: &'a LinkAttempt) -> impl Iterator<Item = &'a LinkAttempt> {
        let others = self.open.iter().filter(|other| other.id != beside.id);
        others.filter(|other| other.connector.same_as(&beside.connector) && other.is_waiting())
    }
}

impl LinkAttempt {
    pub fn last_returned_at(&self) -> Option<OffsetDateTime> {
        self.returned_at.max(self.returned_again_at)
    }

    /// Returns `true` if the attempt waits for a credential of its own that the list may show.
    fn is_waiting(&self) -> bool {
        self.is_open() && !self.awaits_completion() && !self.has_foreign_return() && self.snapshot.is_some()
    }

    fn has_returned(&self) -> bool {
        self.is_api_key || self.returned_at.is_some() || self.is_awaiting_host_confirmation()
    }

    fn fit(&self, credential: &Claimed) -> Option<Fit> {
        if !self.may_have_created_by_id(&credential.id, credential.made_at) {
            return None;
        }
        let made_at = credential.made_at?;
        let awaiting_host = self.foreign_at().filter(|_| self.is_awaiting_host_confirmation());
        let key_sent = self.is_api_key.then_some(self.began_at);
        let returns = [self.returned_at, self.returned_again_at, awaiting_host, key_sent].into_iter().flatten();
        returns.map(|at| self.fit_of_return(made_at, at)).min()
    }

    fn fit_of_return(&self, made_at: OffsetDateTime, at: OffsetDateTime) -> Fit {
        let at = self.vendor_time(at);
        let is_after = !self.is_api_key && made_at > at + FINE_LEEWAY;
        (is_after, (made_at - at).abs())
    }

    /// Returns `true` if another open attempt may have created the credential and can still be linked with it.
    pub(super) fn is_awaited_elsewhere(&self, one: &Claimed, siblings: &SiblingAttempts, now: OffsetDateTime) -> bool {
        let mut others = siblings.waiting(self).filter(|sibling| now < sibling.deadline);
        others.any(|sibling| sibling.may_have_created_by_id(&one.id, one.made_at))
    }

    /// Returns `true` if another attempt, open or ended, may have created the credential and its browser may still bring
    /// it.
    pub(super) fn may_be_brought_elsewhere(
        &self,
        one: &Claimed,
        siblings: &SiblingAttempts,
        now: OffsetDateTime,
    ) -> bool {
        let others = siblings.open.iter().chain(&siblings.ended);
        let others = others.filter(|other| other.id != self.id && other.connector.same_as(&self.connector));
        others
            .filter(|other| other.is_open() || now < other.deadline + RETURN_IS_SETTLED)
            .any(|other| other.may_have_created_by_id(&one.id, one.made_at))
    }

    /// As `is_awaited_elsewhere`, by an attempt whose browser has not returned.
    fn is_on_the_way_elsewhere(&self, one: &Claimed, siblings: &SiblingAttempts, now: OffsetDateTime) -> bool {
        let others = siblings.waiting(self).filter(|sibling| !sibling.has_returned());
        others
            .filter(|sibling| now < sibling.deadline)
            .any(|sibling| sibling.may_have_created_by_id(&one.id, one.made_at))
    }

    /// Shares `found` among this attempt, which has returned, and its siblings that have. Each gets the credential
    /// nearest to its return; the assignment is the same from every attempt's view.
    pub(super) fn share(
        &self,
        found: &[Claimed],
        listing: &Listing,
        siblings: &SiblingAttempts,
        now: OffsetDateTime,
    ) -> Share {
        let (own, mut extra) = self.assign(found, listing, siblings, 1);
        let own = own.into_iter().next().filter(|one| {
            let is_after = self.fit(one).is_some_and(|(is_after, _)| is_after);
            let age = listing.answered_at.zip(one.made_at).map(|(answered_at, made_at)| answered_at - made_at);
            let is_young = age.is_some_and(|age| age < RETURN_TIME);
            !(is_after && is_young && self.is_on_the_way_elsewhere(one, siblings, now))
        });
        extra.retain(|one| !self.is_on_the_way_elsewhere(one, siblings, now));
        if own.is_none() {
            extra.clear();
        }
        Share { own, extra }
    }

    /// Returns the credentials that a repeated return of this linked attempt brought: created before it, and nearer to
    /// it than to the return of a sibling that waits.
    pub(super) fn brought_by_further_return(
        &self,
        found: &[Claimed],
        listing: &Listing,
        siblings: &SiblingAttempts,
    ) -> Vec<Claimed> {
        let (own, extra) = self.assign(found, listing, siblings, usize::MAX);
        let before_return = |one: &Claimed| self.fit(one).is_some_and(|(is_after, _)| !is_after);
        own.into_iter().chain(extra).filter(before_return).collect()
    }

    /// Returns what is assigned to this attempt, at most `capacity`, and the remainder of `found`.
    fn assign(
        &self,
        found: &[Claimed],
        listing: &Listing,
        siblings: &SiblingAttempts,
        capacity: usize,
    ) -> (Vec<Claimed>, Vec<Claimed>) {
        let unclaimed =
            |one: &&Listed| !siblings.claims.contains_key(&one.id) && !siblings.implicated.contains(&one.id);
        let listed = listing.credentials.iter().filter(unclaimed);
        let others: Vec<Claimed> = listed
            .filter(|one| one.connector.same_as(&self.connector) && one.created_at.is_some())
            .map(Claimed::from)
            .filter(|one| !found.contains(one))
            .collect();
        let mut fits: Vec<(Fit, &LinkAttempt, &Claimed)> = Vec::new();
        for credential in found {
            fits.extend(self.fit(credential).map(|fit| (fit, self, credential)));
        }
        for rival in siblings.waiting(self).filter(|one| one.has_returned()) {
            for credential in found.iter().chain(&others) {
                fits.extend(rival.fit(credential).map(|fit| (fit, rival, credential)));
            }
        }
        fits.sort_by_key(|(fit, attempt, credential)| (*fit, attempt.id, &credential.id));
        let (mut own, mut assigned, mut served) = (Vec::new(), Vec::new(), Vec::new());
        for (_, attempt, credential) in fits {
            let is_own = attempt.id == self.id;
            let is_full = if is_own { own.len() >= capacity } else { served.contains(&attempt.id) };
            if is_full || assigned.contains(&&credential.id) {
                continue;
            }
            assigned.push(&credential.id);
            if is_own {
                own.push(credential.clone());
            } else {
                served.push(attempt.id);
            }
        }
        let remainder = found.iter().filter(|one| !assigned.contains(&&one.id)).cloned().collect();
        (own, remainder)
    }
}
