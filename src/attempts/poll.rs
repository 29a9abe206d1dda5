//! Long poll of the pages: waits for the outcome of an attempt by repeated list calls.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::{Attempts, Urgency, call_timing::PAUSE, listings::SharedListing};
use crate::domain::{
    attempt::{Actor, LinkAttempt, Observation, Reason},
    error::Error,
};

/// Timeout for evidence after a refusal.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(3);

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

    /// Settles an attempt after a return with a refusal. Evidence in the list outweighs it, but no slow list delays it.
    pub(crate) async fn settle_refusal(&self, attempt: LinkAttempt) -> Result<LinkAttempt, Error> {
        let is_refused_again = attempt.later_return().is_some() && attempt.refusal.is_some_and(Reason::is_denial);
        if !(attempt.is_refused() || is_refused_again) {
            return Ok(attempt);
        }
        let until = Instant::now() + REFUSAL_TIMEOUT;
        // Only the waiting is canceled, never a commit.
        let listing = timeout_at(until, self.await_listing(&attempt, Urgency::AfterReturn, until)).await;
        let attempt = match listing {
            Ok(listing) => self.apply(Actor::User, attempt, listing?.as_ref()).await?,
            Err(_) => attempt,
        };
        match attempt.is_refused() {
            true => self.observe(Actor::User, attempt, &Observation::TimePassed).await,
            false => Ok(attempt),
        }
    }

    /// The next listing that begins until then; otherwise waits for that time, or for the minimum pause between calls.
    async fn await_listing(
        &self,
        attempt: &LinkAttempt,
        urgency: Urgency,
        until: Instant,
    ) -> Result<Option<SharedListing>, Error> {
        let is_due = !attempt.rests_until_deadline(self.parts.clock.now());
        let user = match attempt.next_refresh.filter(|_| is_due) {
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
