//! One look at what a user has: the vendor's list, our claims, and the attempts under way.

use std::collections::BTreeSet;

use crate::{
    alloy::{AlloyClient, AlloyError},
    domain::{
        attempt::{Actor, LinkAttempt, Observation, State},
        connection::{self, Claims, Connection, CredentialId, Listed, Listing},
        connector::ConnectorId,
        error::Error,
        session::{AlloyUserId, EndUser},
    },
    gangway::Gangway,
    store::Known,
};

use crate::attempts::{commit::record, listings::next_listing};

/// What was seen.
#[derive(Debug)]
pub(crate) struct Look {
    /// `None` if Alloy gave no usable list.
    listing: Option<Listing>,
    /// What a page says without a list.
    unlisted: Error,
    claims: Claims,
    /// Attempts that are open.
    open: Vec<LinkAttempt>,
    /// Unclaimed credentials that an ended or purged attempt may have brought.
    implicated: BTreeSet<CredentialId>,
}

/// Looks once: one call upstream. Attempts whose time is over end here, so that nobody sees them open.
///
/// # Errors
/// When the store fails. A vendor that does not answer is part of what was seen.
pub(crate) async fn look(gangway: &Gangway, actor: Actor, user: &EndUser) -> Result<Look, Error> {
    let load = async |alloy_user: AlloyUserId| next_listing(gangway, &alloy_user).await;
    let listing = match gangway.alloy_user_with(user, load).await {
        Ok((_, listing)) => listing,
        Err(error @ Error::Upstream(_)) => Err(error),
        Err(problem) => return Err(problem),
    };
    let unlisted = listing.as_ref().err().cloned().unwrap_or(Error::UpstreamUnavailable);
    let listing = listing.ok();
    let mut known = gangway.store.known(&user.external_id).await?;
    let now = gangway.clock.now();
    let over: Vec<LinkAttempt> = known.open.iter().filter(|attempt| attempt.deadline <= now).cloned().collect();
    if !over.is_empty() {
        for attempt in over {
            record(gangway, actor, attempt, &seen(listing.as_ref())).await?;
        }
        known = gangway.store.known(&user.external_id).await?;
    }
    let Known { open, claims, disconnected } = known;
    let listing = listing.map(|listing| listing.without(&disconnected));
    let unclaimed = |listed: &&Listed| !claims.contains_key(&listed.id);
    let unclaimed: Vec<&Listed> = listing.iter().flat_map(|listing| &listing.credentials).filter(unclaimed).collect();
    let implicated = gangway.store.implicated(&user.external_id, &unclaimed).await?;
    Ok(Look { listing, unlisted, claims, open, implicated })
}

/// The vendor's list for a user: of all apps in one call, or of one app where the vendor serves no other. `None` if
/// there is none now; the log says why.
pub(crate) async fn list(gangway: &Gangway, user: &AlloyUserId, connector: Option<&ConnectorId>) -> Option<Listing> {
    list_by(gangway, &gangway.alloy, user, connector).await
}

/// The same by a client of the caller's choice: work that nobody waits for has its own share of calls.
pub(crate) async fn list_by(
    gangway: &Gangway,
    alloy: &AlloyClient,
    user: &AlloyUserId,
    connector: Option<&ConnectorId>,
) -> Option<Listing> {
    try_list(gangway, alloy, user, connector).await.ok()
}

/// The same, with the reason for a missing list.
///
/// # Errors
/// When Alloy gives no usable answer; it is logged.
pub(crate) async fn try_list(
    gangway: &Gangway,
    alloy: &AlloyClient,
    user: &AlloyUserId,
    connector: Option<&ConnectorId>,
) -> Result<Listing, AlloyError> {
    let listing = match gangway.catalogue.connectors().await {
        Ok(offer) => alloy.listing(user, &offer.known, connector).await,
        Err(error) => Err(error),
    };
    listing.inspect_err(|error| tracing::warn!(%error, "the list could not be had"))
}

/// What a page says when there is no list.
pub(crate) fn unlisted(error: &AlloyError) -> Error {
    if *error == AlloyError::TooLarge { Error::ListTooLong } else { Error::UpstreamUnavailable }
}

/// What a look at the list means for an attempt.
pub(crate) fn seen(listing: Option<&Listing>) -> Observation<'_> {
    listing.map_or(Observation::TimePassed, Observation::Listed)
}

impl Look {
    /// Why it is not known what is connected, where it is not.
    pub(crate) fn why_unknown(&self) -> Error {
        self.unlisted.clone()
    }

    /// What counts as connected; `None` if the vendor did not say.
    pub(crate) fn connected(&self) -> Option<Vec<Connection>> {
        Some(connection::connected(self.listing.as_ref()?, &self.claims, &self.open, &self.implicated))
    }

    /// What an attempt of ours claimed that is not linked, with where that stands; `None` if the vendor did not say.
    pub(crate) fn in_doubt(&self) -> Option<Vec<(Connection, State)>> {
        Some(connection::in_doubt(self.listing.as_ref()?, &self.claims))
    }
}
