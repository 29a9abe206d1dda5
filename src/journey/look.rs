//! One look at what a user has: the vendor's list, our claims, and the attempts under way.

use time::{Duration, OffsetDateTime};

use crate::{
    alloy::AlloyClient,
    connection::{self, Claims, Connection, Listing},
    connector::ConnectorId,
    gangway::Gangway,
    link::{Actor, LinkAttempt, Observation, Shadow, State},
    problem::Problem,
    session::{AlloyUserId, EndUser},
    store::Known,
};

use super::{record, shared_look::next_listing};

/// What was seen.
#[derive(Debug)]
pub struct Look {
    listing: Option<Listing>,
    claims: Claims,
    /// Those that are under way, and those that have ended if something listed may be theirs.
    attempts: Vec<LinkAttempt>,
    /// The same of those that were taken away since.
    shadows: Vec<Shadow>,
}

/// How far the vendor's clock may be from ours when attempts are looked for by the time of a credential.
const APART: Duration = Duration::HOUR;
/// Nothing was made after this.
const LAST: OffsetDateTime = time::macros::datetime!(9999-12-31 0:00 UTC);
/// Nobody has ended so many attempts since a credential was made. Where they are more, we do not know what is connected.
const MOST: u16 = 500;

/// Looks once: one call upstream. Attempts whose time is over end here, so that nobody sees them open.
///
/// # Errors
/// When the store fails. A vendor that does not answer is part of what was seen.
pub async fn look(gangway: &Gangway, actor: Actor, user: &EndUser) -> Result<Look, Problem> {
    let listing = match gangway.alloy_user(user).await {
        Ok(alloy_user) => next_listing(gangway, &alloy_user).await,
        Err(Problem::Upstream) => None,
        Err(problem) => return Err(problem),
    };
    let mut known = gangway.store.known(&user.external_id).await?;
    let now = gangway.clock.now();
    let over: Vec<LinkAttempt> = known.open.iter().filter(|attempt| attempt.deadline <= now).cloned().collect();
    if !over.is_empty() {
        for attempt in over {
            record(gangway, actor, attempt, &seen(listing.as_ref())).await?;
        }
        known = gangway.store.known(&user.external_id).await?;
    }
    let Known { open: mut attempts, claims, disconnected } = known;
    let listing = listing.map(|listing| listing.without(&disconnected));
    let free = Free::of(listing.as_ref(), &claims);
    let (ended, shadows) = match &free {
        Some(free) => before(gangway, user, free).await?,
        None => (Vec::new(), Vec::new()),
    };
    if ended.len().max(shadows.len()) >= usize::from(MOST) {
        tracing::warn!("too many attempts to say what one of them may have brought");
        return Ok(Look { listing: None, claims, attempts, shadows });
    }
    attempts.extend(ended);
    Ok(Look { listing, claims, attempts, shadows })
}

/// When what is listed and claimed by nobody was made: mostly there is nothing of the kind, and the store is not asked.
struct Free {
    first: OffsetDateTime,
    last: OffsetDateTime,
}

impl Free {
    fn of(listing: Option<&Listing>, claims: &Claims) -> Option<Self> {
        let listed = listing.into_iter().flat_map(|listing| &listing.credentials);
        let free = listed.filter(|credential| !claims.contains_key(&credential.id));
        // What was made nobody knows when may have been made at any time.
        let made = free.map(|credential| match credential.created_at {
            Some(at) => (at.max(OffsetDateTime::UNIX_EPOCH + APART) - APART, at.saturating_add(APART)),
            None => (OffsetDateTime::UNIX_EPOCH, LAST),
        });
        made.map(|(first, last)| Self { first, last })
            .reduce(|one, other| Self { first: one.first.min(other.first), last: one.last.max(other.last) })
    }
}

/// The ended attempts that may have brought something of it, and what is left of those that were taken away.
async fn before(gangway: &Gangway, user: &EndUser, free: &Free) -> Result<(Vec<LinkAttempt>, Vec<Shadow>), Problem> {
    let (store, user) = (&gangway.store, &user.external_id);
    let ended = store.ended_attempts(user, free.first, MOST).await?;
    let shadows = store.shadows(user, free.first, free.last, MOST).await?;
    Ok((ended, shadows))
}

/// The vendor's list for a user: of all apps in one call, or of one app where the vendor serves no other. `None` if
/// there is none now; the log says why.
pub(super) async fn list(gangway: &Gangway, user: &AlloyUserId, connector: Option<&ConnectorId>) -> Option<Listing> {
    list_by(gangway, &gangway.alloy, user, connector).await
}

/// The same by a client of the caller's choice: work that nobody waits for has its own share of calls.
pub async fn list_by(
    gangway: &Gangway,
    alloy: &AlloyClient,
    user: &AlloyUserId,
    connector: Option<&ConnectorId>,
) -> Option<Listing> {
    let listing = match gangway.catalogue.connectors().await {
        Ok(offer) => alloy.listing(user, &offer.known, connector).await,
        Err(error) => Err(error),
    };
    listing.inspect_err(|error| tracing::warn!(%error, "the list could not be had")).ok()
}

/// What a look at the list means for an attempt.
pub fn seen(listing: Option<&Listing>) -> Observation<'_> {
    listing.map_or(Observation::TimePassed, Observation::Listed)
}

impl Look {
    /// What counts as connected; `None` if the vendor did not say.
    pub fn connected(&self) -> Option<Vec<Connection>> {
        Some(connection::connected(self.listing.as_ref()?, &self.claims, &self.attempts, &self.shadows))
    }

    /// What an attempt of ours claimed that is not linked, with where that stands; `None` if the vendor did not say.
    pub fn in_doubt(&self) -> Option<Vec<(Connection, State)>> {
        Some(connection::in_doubt(self.listing.as_ref()?, &self.claims))
    }
}
