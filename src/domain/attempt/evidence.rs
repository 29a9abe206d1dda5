//! Which listed credentials an attempt may have created, and which of them count as evidence for it.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use super::{AttemptId, Claims, LinkAttempt, State};
use crate::domain::{
    credential::{CredentialId, Listed, Listing},
    keys::Digest,
};

/// Maximum difference between the vendor's clock and Gangway's.
pub const LEEWAY: Duration = Duration::seconds(60);
/// Maximum difference if it was measured at the beginning: the second of an HTTP date, and the duration of a call.
pub const FINE_LEEWAY: Duration = Duration::seconds(5);
/// Maximum difference if it was not measured, because the list failed.
pub const UNKNOWN_LEEWAY: Duration = Duration::HOUR;

#[derive(Debug, Clone, Default)]
pub struct SiblingAttempts {
    pub claims: Claims,
    /// Listed credentials that a foreign return of another attempt implicates, and updated ones that another attempt
    /// brought without being linked.
    pub implicated: BTreeSet<CredentialId>,
    /// The open attempts of the user.
    pub open: Vec<LinkAttempt>,
    /// Ended attempts at the app whose links still work. Loaded only for an attempt that ended before its deadline.
    pub ended: Vec<LinkAttempt>,
    /// For attempts that this observation creates.
    pub new_ids: Vec<(AttemptId, Digest)>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claimed {
    pub id: CredentialId,
    /// By the vendor's clock; `None` if only the id is known.
    pub made_at: Option<OffsetDateTime>,
}

impl From<&Listed> for Claimed {
    fn from(credential: &Listed) -> Self {
        Self { id: credential.id.clone(), made_at: credential.created_at }
    }
}

impl LinkAttempt {
    /// Returns `true` if the attempt may have created this unclaimed credential: same app, not in the snapshot, and
    /// created while the authorization URL was valid or at an unknown time.
    pub fn may_have_created(&self, credential: &Listed) -> bool {
        credential.connector.same_as(&self.connector)
            && self.may_have_created_by_id(&credential.id, credential.created_at)
    }

    pub(super) fn may_have_created_by_id(&self, id: &CredentialId, made_at: Option<OffsetDateTime>) -> bool {
        let until = self.vendor_time(self.deadline);
        let leeway = if self.snapshot.is_some() { LEEWAY } else { UNKNOWN_LEEWAY };
        let time = self.began_at_vendor - leeway..=until + leeway;
        !self.is_in_snapshot(id) && made_at.is_none_or(|made_at| time.contains(&made_at))
    }

    pub(super) fn vendor_time(&self, at: OffsetDateTime) -> OffsetDateTime {
        self.began_at_vendor + (at - self.began_at)
    }

    pub(super) fn is_in_snapshot(&self, id: &CredentialId) -> bool {
        self.snapshot.as_ref().is_some_and(|before| before.contains(id))
    }

    /// Returns `true` if a foreign return of this attempt implicates the credential: it was created before that return,
    /// while the authorization URL was valid. That URL may have been sent to other people.
    pub fn implicates(&self, id: &CredentialId, made_at: Option<OffsetDateTime>) -> bool {
        let Some(foreign_at) = self.foreign_at() else { return false };
        let leeway = if self.snapshot.is_some() { FINE_LEEWAY } else { UNKNOWN_LEEWAY };
        let made_before = made_at.is_some_and(|made_at| made_at <= self.vendor_time(foreign_at) + leeway);
        made_before && self.may_have_created_by_id(id, made_at)
    }

    /// Returns listed credentials that it may have created and no other attempt has claimed.
    pub fn candidates<'a>(&'a self, listing: &'a Listing, claims: &'a Claims) -> impl Iterator<Item = &'a Listed> {
        let is_unclaimed =
            |credential: &&Listed| claims.get(&credential.id).is_none_or(|claim| claim.attempt == self.id);
        let listed = listing.credentials.iter();
        listed
            .filter(|credential| credential.created_at.is_some() && self.may_have_created(credential))
            .filter(is_unclaimed)
    }

    /// Returns the listed credentials that prove the link, oldest first. Without a snapshot there are none, because
    /// older credentials cannot be recognised. Credentials implicated by another attempt's foreign return do not count.
    pub fn evidence(&self, listing: &Listing, siblings: &SiblingAttempts) -> Vec<Claimed> {
        // After its own foreign return the attempt is never linked.
        let may_link = matches!(self.state(), State::Pending | State::Linked) || self.later_return().is_some();
        let can_link = may_link && !self.has_foreign_return();
        let mut found = self.created(listing, siblings);
        found.retain(|one| !(can_link && siblings.implicated.contains(&one.id)));
        found
    }

    /// Returns the candidates, oldest first, or none without a snapshot.
    fn created(&self, listing: &Listing, siblings: &SiblingAttempts) -> Vec<Claimed> {
        let candidates = self.candidates(listing, &siblings.claims).filter(|_| self.snapshot.is_some());
        let mut found: Vec<Claimed> = candidates.map(Claimed::from).collect();
        found.sort_by(|one, other| (one.made_at, &one.id).cmp(&(other.made_at, &other.id)));
        found
    }

    /// Returns the evidence that a later return brought: created before it, and claimed by no attempt.
    pub(super) fn later_evidence(&self, listing: &Listing, siblings: &SiblingAttempts) -> Vec<Claimed> {
        let Some(returned_at) = self.later_return() else { return Vec::new() };
        let until = self.vendor_time(returned_at) + FINE_LEEWAY;
        let mut found = self.evidence(listing, siblings);
        found.retain(|one| !siblings.claims.contains_key(&one.id) && one.made_at.is_some_and(|at| at <= until));
        found
    }

    /// Returns the credentials that no return brought and that belong to no other attempt, not even to one whose browser
    /// may still return. Those that a foreign return implicates are included, because nothing is linked with them.
    pub(super) fn unreturned_evidence(
        &self,
        listing: &Listing,
        siblings: &SiblingAttempts,
        now: OffsetDateTime,
    ) -> Vec<Claimed> {
        let mut found = self.created(listing, siblings);
        found.retain(|one| !siblings.claims.contains_key(&one.id));
        found.retain(|one| !self.may_be_brought_elsewhere(one, siblings, now));
        found
    }

    pub(super) fn foreign_evidence(&self, listing: &Listing, siblings: &SiblingAttempts) -> Vec<Claimed> {
        let mut found = self.evidence(listing, siblings);
        found.retain(|one| self.implicates(&one.id, one.made_at) && !siblings.claims.contains_key(&one.id));
        found
    }

    /// Returns the credential that the vendor renewed in place: the connection to be replaced, or, for *another account*,
    /// any older one. Only if exactly one moved, and if it counts as connected. Renewing a token moves the same time, so
    /// this evidence is weak.
    pub fn renewed(&self, listing: &Listing, siblings: &SiblingAttempts) -> Option<CredentialId> {
        let is_connected = |credential: &Listed| match siblings.claims.get(&credential.id) {
            Some(claim) => claim.state == State::Linked,
            // An open sibling may still turn out to have created it for another person.
            None => !siblings.open.iter().any(|other| other.id != self.id && other.may_have_created(credential)),
        };
        let is_trusted = |credential: &&Listed| !siblings.implicated.contains(&credential.id);
        let mut moved = self.moved(listing).filter(is_trusted).filter(|credential| is_connected(credential));
        let (only, None) = (&moved.next()?.id, moved.next()) else { return None };
        self.replaces.as_ref().is_none_or(|replaces| replaces == only).then(|| only.clone())
    }

    /// Returns the credentials of the snapshot that were updated between the beginning and the last return. The vendor
    /// stores a credential before it redirects the browser; what moves later is a token that was renewed.
    pub fn moved<'a>(&'a self, listing: &'a Listing) -> impl Iterator<Item = &'a Listed> {
        let returned_at = self.last_returned_at().or(self.foreign_at());
        let until = returned_at.map(|at| self.vendor_time(at) + FINE_LEEWAY);
        let is_updated = move |credential: &&Listed| {
            let updated_at = credential.updated_at.filter(|_| credential.updated_at != credential.created_at);
            updated_at.is_some_and(|at| at > self.began_at_vendor && until.is_some_and(|until| at <= until))
        };
        let listed = listing.credentials.iter().filter(|credential| credential.connector.same_as(&self.connector));
        listed.filter(|credential| self.is_in_snapshot(&credential.id)).filter(is_updated)
    }
}
