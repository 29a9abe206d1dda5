//! What a user has connected: Alloy's list, combined with the claims and the open attempts.

use std::collections::BTreeSet;

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
}

impl Connections {
    /// Makes one call upstream, whose failure is part of the outcome. Ends attempts whose deadline has passed.
    pub(crate) async fn load(&self, actor: Actor, user: &EndUser) -> Result<UserConnections, Error> {
        let list = async |alloy_user: AlloyUserId| self.listings.next(&alloy_user).await;
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
        let UserLinkState { open, claims, disconnected } = known;
        let listing = listing.map(|listing| listing.without(&disconnected));
        let is_unclaimed = |listed: &&Listed| !claims.contains_key(&listed.id);
        let unclaimed: Vec<&Listed> =
            listing.iter().flat_map(|listing| &listing.credentials).filter(is_unclaimed).collect();
        let from_ended_attempts = self.store.from_ended_attempts(&user.external_id, &unclaimed).await?;
        Ok(UserConnections { listing, claims, open, from_ended_attempts })
    }
}

impl UserConnections {
    pub(crate) fn connected(&self) -> Result<Vec<Connection>, Error> {
        let listing = self.listing.as_ref().map_err(Clone::clone)?;
        Ok(connection::connected(listing, &self.claims, &self.open, &self.from_ended_attempts))
    }

    /// Credentials that attempts claimed without being linked. Fails if Alloy gave no usable list.
    pub(crate) fn unconfirmed(&self) -> Result<Vec<(Connection, State)>, Error> {
        let listing = self.listing.as_ref().map_err(Clone::clone)?;
        Ok(connection::in_doubt(listing, &self.claims))
    }
}
