//! What a user has connected: Alloy's list, combined with the claims and the open attempts.

use std::collections::BTreeSet;

use tokio::time::Instant;

use super::Connections;
use crate::{
    alloy,
    attempts::{PROOF_TIMEOUT, listings::observation_of_listing},
    domain::{
        attempt::{Actor, LinkAttempt, State},
        connection::{self, Claims, Connection, CredentialId, Listed, Listing},
        error::Error,
        session::{AlloyUserId, EndUser},
    },
    store::UserLinkState,
};

#[derive(Debug)]
pub(crate) struct UserConnections {
    listing: Result<Listing, Error>,
    claims: Claims,
    open: Vec<LinkAttempt>,
    /// Unclaimed credentials that an ended or purged attempt may have created.
    from_ended_attempts: BTreeSet<CredentialId>,
    refused: BTreeSet<CredentialId>,
}

impl Connections {
    /// Makes one call upstream, whose failure is part of the outcome. Ends attempts whose deadline has passed.
    pub(crate) async fn load(&self, actor: Actor, user: &EndUser) -> Result<UserConnections, Error> {
        self.load_with(actor, user, async |alloy_user| self.listings.next(&alloy_user).await).await
    }

    /// As `load`, but a listing of the last two seconds saves the call.
    pub(super) async fn load_recent(&self, actor: Actor, user: &EndUser) -> Result<UserConnections, Error> {
        self.load_with(actor, user, async |alloy_user| self.listings.recent_or_next(&alloy_user).await).await
    }

    /// As `load`, but with a listing since then, and at most one call in two seconds.
    pub(super) async fn load_paced(
        &self,
        actor: Actor,
        user: &EndUser,
        since: Instant,
    ) -> Result<UserConnections, Error> {
        self.load_with(actor, user, async |alloy_user| self.listings.paced(&alloy_user, since).await).await
    }

    async fn load_with(
        &self,
        actor: Actor,
        user: &EndUser,
        list: impl AsyncFn(AlloyUserId) -> Result<Listing, Error>,
    ) -> Result<UserConnections, Error> {
        let listing = match self.alloy_users.resolve_with(user, list).await {
            Ok((_, listing)) => listing,
            Err(Error::Upstream(cause)) => {
                tracing::warn!(error = cause, "Alloy's id of the user is unknown");
                Err(Error::UpstreamUnavailable)
            }
            Err(error) => return Err(error),
        };
        let mut known = self.store.user_link_state(&user.external_id).await?;
        let now = self.clock.now();
        let overdue: Vec<LinkAttempt> = known.open.iter().filter(|attempt| attempt.deadline <= now).cloned().collect();
        if !overdue.is_empty() {
            let settled = async {
                for attempt in overdue {
                    let observation = observation_of_listing(listing.as_ref().ok());
                    self.attempts.observe(actor, attempt, &observation).await?;
                }
                Ok::<_, Error>(())
            };
            // A page waits no longer for several proofs than for one.
            Box::pin(alloy::with_deadline(PROOF_TIMEOUT, settled)).await?;
            known = self.store.user_link_state(&user.external_id).await?;
        }
        let UserLinkState { open, claims, disconnected, refused } = known;
        let listing = listing.map(|listing| listing.without(&disconnected));
        let is_unclaimed = |listed: &&Listed| !claims.contains_key(&listed.id);
        let unclaimed: Vec<&Listed> =
            listing.iter().flat_map(|listing| &listing.credentials).filter(is_unclaimed).collect();
        let from_ended_attempts = self.store.from_ended_attempts(&user.external_id, &unclaimed).await?;
        Ok(UserConnections { listing, claims, open, from_ended_attempts, refused })
    }
}

impl UserConnections {
    pub(crate) fn connected(&self) -> Result<Vec<Connection>, Error> {
        let listing = self.listing.as_ref().map_err(Clone::clone)?;
        let connected = connection::connected(listing, &self.claims, &self.open, &self.from_ended_attempts);
        Ok(connected.into_iter().map(|known| known.with_refusals(&self.refused)).collect())
    }

    /// Credentials that attempts claimed without being linked. Fails if Alloy gave no usable list.
    pub(crate) fn unconfirmed(&self) -> Result<Vec<(Connection, State)>, Error> {
        let listing = self.listing.as_ref().map_err(Clone::clone)?;
        Ok(connection::in_doubt(listing, &self.claims))
    }
}
