//! One look at what a user has: the vendor's list, our claims, and the attempts under way.

use crate::{
    connection::{self, Claims, Connection, Listing},
    connector::ConnectorId,
    gangway::Gangway,
    link::{LinkAttempt, Observation},
    problem::Problem,
    session::{AlloyUserId, EndUser},
};

use super::record;

/// What was seen.
#[derive(Debug)]
pub struct Look {
    listing: Option<Listing>,
    claims: Claims,
    open: Vec<LinkAttempt>,
}

/// Looks once: one call upstream. Attempts whose time is over end here, so that nobody sees them open.
///
/// # Errors
/// When the store fails. A vendor that does not answer is part of what was seen.
pub async fn look(gangway: &Gangway, user: &EndUser) -> Result<Look, Problem> {
    let listing = match gangway.alloy_user(user).await {
        Ok(alloy_user) => list(gangway, &alloy_user, None).await,
        Err(Problem::Upstream) => None,
        Err(problem) => return Err(problem),
    };
    let (mut open, mut claims) = gangway.store.open_and_claimed(&user.external_id).await?;
    let now = gangway.clock.now();
    if open.iter().any(|attempt| attempt.deadline <= now) {
        for attempt in open.drain(..).filter(|attempt| attempt.deadline <= now).collect::<Vec<_>>() {
            record(gangway, attempt, &seen(listing.as_ref())).await?;
        }
        (open, claims) = gangway.store.open_and_claimed(&user.external_id).await?;
    }
    Ok(Look { listing, claims, open })
}

/// The vendor's list for a user: of all apps in one call, or of one app where the vendor serves no other. `None` if
/// there is none now; the log says why.
pub(super) async fn list(gangway: &Gangway, user: &AlloyUserId, connector: Option<&ConnectorId>) -> Option<Listing> {
    let listing = match gangway.catalogue.connectors().await {
        Ok(offer) => gangway.alloy.listing(user, &offer.known, connector).await,
        Err(error) => Err(error),
    };
    listing.inspect_err(|error| tracing::warn!(%error, "the list could not be had")).ok()
}

/// What a look at the list means for an attempt.
pub(super) fn seen(listing: Option<&Listing>) -> Observation<'_> {
    listing.map_or(Observation::TimePassed, Observation::Listed)
}

impl Look {
    /// What counts as connected; `None` if the vendor did not say.
    pub fn connected(&self) -> Option<Vec<Connection>> {
        Some(connection::connected(self.listing.as_ref()?, &self.claims, &self.open))
    }
}

/// Looks once for one attempt, and ends it if that decides it.
///
/// # Errors
/// When the store fails.
pub async fn settle_by_look(gangway: &Gangway, attempt: LinkAttempt) -> Result<LinkAttempt, Problem> {
    if attempt.state.is_end() {
        return Ok(attempt);
    }
    let listing = match gangway.store.alloy_user(&attempt.user).await? {
        Some(alloy_user) => list(gangway, &alloy_user, Some(&attempt.connector)).await,
        None => None,
    };
    record(gangway, attempt, &seen(listing.as_ref())).await
}
