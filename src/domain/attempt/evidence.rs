//! What counts as evidence: which listed credentials an attempt may have brought, and which of them are another's.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use super::{Claims, LinkAttempt, State};
use crate::domain::credential::{CredentialId, Listed, Listing};

/// How far the vendor's clock and ours may differ when two times are compared.
pub const LEEWAY: Duration = Duration::seconds(60);
/// The same for two times within one attempt: its beginning has told how far the clocks are apart, to the second that
/// HTTP's dates have, and to the moments that an answer takes.
pub const FINE_LEEWAY: Duration = Duration::seconds(5);
/// The same where the vendor's clock was never seen, because its list failed.
pub const UNKNOWN_LEEWAY: Duration = Duration::HOUR;

/// What is known of a user's other attempts when one of them is judged.
#[derive(Debug, Clone, Default)]
pub struct Others {
    /// Which credential belongs to which attempt, this one's own included.
    pub claims: Claims,
    /// Listed credentials that a foreign return of another attempt implicates.
    pub doubted: BTreeSet<CredentialId>,
}

/// A listed credential as it is claimed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claimed {
    /// The credential.
    pub id: CredentialId,
    /// When it was made, by the vendor's clock; `None` if only its id is known.
    pub made_at: Option<OffsetDateTime>,
}

impl LinkAttempt {
    /// Whether a credential that nobody claimed may come from this attempt: the same app, not there before, made
    /// while its link could be used; or nobody knows when.
    pub fn may_have_brought(&self, credential: &Listed) -> bool {
        credential.connector.same_as(&self.connector) && self.may_have_made(&credential.id, credential.created_at)
    }

    /// The same of a credential of this app.
    fn may_have_made(&self, id: &CredentialId, made_at: Option<OffsetDateTime>) -> bool {
        let until = self.by_vendor(self.deadline);
        let leeway = if self.snapshot.is_some() { LEEWAY } else { UNKNOWN_LEEWAY };
        let time = self.began_at_vendor - leeway..=until + leeway;
        !self.was_there(id) && made_at.is_none_or(|made_at| time.contains(&made_at))
    }

    /// A time of ours by the vendor's clock.
    fn by_vendor(&self, at: OffsetDateTime) -> OffsetDateTime {
        self.began_at_vendor + (at - self.began_at)
    }

    /// Whether the credential was listed before the attempt began.
    pub(crate) fn was_there(&self, id: &CredentialId) -> bool {
        self.snapshot.as_ref().is_some_and(|before| before.contains(id))
    }

    /// Whether a credential of this app is what a foreign return of this attempt speaks of: it was made while the link
    /// lived, and before that return. Whoever holds such a link may have sent it to anybody.
    pub fn doubts(&self, id: &CredentialId, made_at: Option<OffsetDateTime>) -> bool {
        let Some(foreign_at) = self.foreign_at else { return false };
        let leeway = if self.snapshot.is_some() { FINE_LEEWAY } else { UNKNOWN_LEEWAY };
        let made_before = made_at.is_some_and(|made_at| made_at <= self.by_vendor(foreign_at) + leeway);
        made_before && self.may_have_made(id, made_at)
    }

    /// The listed credentials that this attempt may claim: created while its link could be used, and not claimed by
    /// another attempt.
    pub fn candidates<'a>(&'a self, listing: &'a Listing, claims: &'a Claims) -> impl Iterator<Item = &'a Listed> {
        let free = |credential: &&Listed| claims.get(&credential.id).is_none_or(|claim| claim.attempt == self.id);
        let listed = listing.credentials.iter();
        listed.filter(|credential| credential.created_at.is_some() && self.may_have_brought(credential)).filter(free)
    }

    /// The listed credentials that prove the link, the one made first in front. Without a snapshot there are none:
    /// what was there before cannot be told from what came. What belongs to another attempt's foreign return proves
    /// nothing here.
    pub fn evidence(&self, listing: &Listing, others: &Others) -> Vec<Claimed> {
        if self.snapshot.is_none() {
            return Vec::new();
        }
        // Between two foreign returns it does not matter whose it is: no user gets it.
        let trusted = self.state == State::Pending && !self.finished_by_a_stranger();
        let mut found: Vec<Claimed> = self
            .candidates(listing, &others.claims)
            .filter(|credential| !(trusted && others.doubted.contains(&credential.id)))
            .map(|credential| Claimed { id: credential.id.clone(), made_at: credential.created_at })
            .collect();
        found.sort_by(|one, other| (one.made_at, &one.id).cmp(&(other.made_at, &other.id)));
        found
    }

    /// What a foreign return has left behind that this attempt did not claim yet.
    pub(crate) fn left_behind(&self, listing: &Listing, others: &Others) -> Vec<Claimed> {
        let mut found = self.evidence(listing, others);
        found.retain(|one| self.doubts(&one.id, one.made_at) && !others.claims.contains_key(&one.id));
        found
    }

    /// Whether the connection to be replaced was renewed in place instead: weak evidence, because a token's renewal
    /// moves the same time. One that belongs to an attempt that was not linked cannot become a good one this way.
    pub fn renewed(&self, listing: &Listing, claims: &Claims) -> Option<CredentialId> {
        let replaced = self.replaces.as_ref()?;
        self.snapshot.as_ref()?.get(replaced)?;
        listing
            .credentials
            .iter()
            .find(|credential| credential.id == *replaced)
            .filter(|credential| credential.updated_at.is_some_and(|at| at > self.began_at_vendor))
            .filter(|credential| claims.get(&credential.id).is_none_or(|claim| claim.state == State::Linked))
            .map(|credential| credential.id.clone())
    }
}
