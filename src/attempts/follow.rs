//! A further return to an attempt that has its credential: from another tab, in which another account was allowed.

use std::time::Duration;

use tokio::time::Instant;

use super::{Attempts, Parts, Urgency};
use crate::domain::{
    attempt::{Actor, LinkAttempt},
    error::Error,
};

/// Maximum age of the return for which another request derived an attempt.
const SAME_RETURN: time::Duration = time::Duration::MINUTE;

impl Attempts {
    /// Waits until the list shows the further credential, and returns its attempt; without one, returns the attempt
    /// itself.
    pub(crate) async fn follow_return(&self, attempt: LinkAttempt, longest: Duration) -> Result<LinkAttempt, Error> {
        let Parts { store, clock, shutdown, .. } = &self.parts;
        let until = Instant::now() + longest;
        let mut attempt = attempt;
        loop {
            attempt = self.refresh(Actor::User, attempt, Urgency::AfterReturn).await?;
            let derived = store.newest_derived(attempt.id).await?;
            if let Some(derived) = derived.filter(|derived| clock.now() < derived.began_at + SAME_RETURN) {
                return Ok(derived);
            }
            if attempt.next_refresh.is_none() || Instant::now() >= until || shutdown.is_cancelled() {
                return Ok(attempt);
            }
        }
    }
}
