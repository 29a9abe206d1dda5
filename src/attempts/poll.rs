//! Long poll of the pages: waits for the outcome of an attempt by repeated list calls.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{Attempts, Urgency, call_timing::PAUSE, listings::SharedListing};
use crate::domain::{
    attempt::{Actor, LinkAttempt},
    error::Error,
};

impl Attempts {
    /// Refreshes until `is_news` accepts the attempt, the time is over, the client disconnects, or the process stops.
    pub(crate) async fn poll_until(
        &self,
        attempt: LinkAttempt,
        longest: Duration,
        urgency: Urgency,
        gone: impl Future<Output = ()>,
        is_news: impl Fn(&LinkAttempt) -> bool,
    ) -> Result<LinkAttempt, Error> {
        let until = Instant::now() + longest;
        let shutdown = &self.parts.shutdown;
        let mut attempt = self.refresh(Actor::User, attempt, urgency).await?;
        tokio::pin!(gone);
        while !is_news(&attempt) && Instant::now() < until && !shutdown.is_cancelled() {
            // Only the waiting is canceled, never a commit.
            let listing = tokio::select! {
                listing = self.await_listing(&attempt, urgency, until) => listing?,
                () = shutdown.cancelled() => break,
                () = &mut gone => break,
            };
            attempt = self.apply(Actor::User, attempt, listing.as_ref()).await?;
        }
        Ok(attempt)
    }

    /// The next listing that begins until then; otherwise waits for that time, or for the minimum pause between calls.
    async fn await_listing(
        &self,
        attempt: &LinkAttempt,
        urgency: Urgency,
        until: Instant,
    ) -> Result<Option<SharedListing>, Error> {
        let user = match attempt.next_refresh {
            Some(_) => self.parts.store.alloy_user(&attempt.user).await?,
            None => None,
        };
        let listing = match &user {
            Some(user) => self.parts.listings.next_for_attempt(user, attempt, urgency, until).await,
            None => None,
        };
        if listing.is_none() {
            sleep_until(until.min(Instant::now() + PAUSE)).await;
        }
        Ok(listing)
    }
}
