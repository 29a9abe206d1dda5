//! Refreshes an attempt from Alloy's list of the user's credentials.

use tokio::time::Instant;

use super::{Attempts, Urgency, call_timing::PAUSE, listings::SharedListing};
use crate::domain::{
    attempt::{Actor, LinkAttempt, Observation},
    error::Error,
};

impl Attempts {
    /// Observes the next shared listing, if one can still change the attempt. May wait two seconds for the call to
    /// begin.
    pub(crate) async fn refresh(
        &self,
        actor: Actor,
        attempt: LinkAttempt,
        urgency: Urgency,
    ) -> Result<LinkAttempt, Error> {
        if attempt.next_refresh.is_none() || attempt.rests_until_deadline(self.parts.clock.now()) {
            return Ok(attempt);
        }
        let Some(user) = self.parts.store.alloy_user(&attempt.user).await? else {
            return self.observe(actor, attempt, &Observation::TimePassed).await;
        };
        let until = Instant::now() + PAUSE;
        let listing = self.parts.listings.next_for_attempt(&user, &attempt, urgency, until).await;
        self.apply(actor, attempt, listing.as_ref()).await
    }

    pub(crate) async fn refresh_from_recent_listing(&self, attempt: LinkAttempt) -> Result<LinkAttempt, Error> {
        let Some(user) = self.parts.store.alloy_user(&attempt.user).await? else { return Ok(attempt) };
        let listing = self.parts.listings.recent(&user, &attempt).await;
        self.apply(Actor::User, attempt, listing.as_ref()).await
    }

    /// Ignores a listing if the attempt changed since it was read: the call may have begun before that change.
    pub(super) async fn apply(
        &self,
        actor: Actor,
        read: LinkAttempt,
        listing: Option<&SharedListing>,
    ) -> Result<LinkAttempt, Error> {
        let now = self.parts.store.attempt(read.id).await?;
        let now = now.filter(|now| now.user == read.user).ok_or(Error::NotFound)?;
        match listing.filter(|_| now.version == read.version) {
            Some(listing) => self.observe(actor, now, &listing.observation()).await,
            None => Ok(now),
        }
    }
}
