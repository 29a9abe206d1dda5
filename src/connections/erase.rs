//! Erases a user: ends the open attempts, then deletes everything that has the user's name in one transaction.

use std::sync::PoisonError;

use time::OffsetDateTime;
use uuid::Builder;

use super::Connections;
use crate::{
    alloy::AlloyError,
    domain::{
        attempt::{Actor, Observation},
        error::Error,
        session::{AlloyUserId, ExternalId},
    },
    store::{ErasureOutcome, with_job_limit},
};

/// Open pages may begin new attempts meanwhile.
const MAX_TRIES: usize = 20;

impl Connections {
    /// With `credentials_of`, a job deletes all credentials of that user at Alloy, and the user if Gangway created it and
    /// no other user of the host has it. Returns whether Alloy's user remains although credentials are deleted, also where
    /// the last deletion of a user was not served, or Alloy lists by connector only.
    pub(crate) async fn erase_user(
        &self,
        user: &ExternalId,
        credentials_of: Option<&AlloyUserId>,
    ) -> Result<bool, Error> {
        let mut random = [0; 16];
        self.entropy.fill(&mut random);
        let pseudonym = ExternalId::pseudonym(Builder::from_random_bytes(random).into_uuid());
        for _ in 0..MAX_TRIES {
            let erase = self.store.erase(user, &pseudonym, credentials_of, self.clock.now());
            match with_job_limit(erase).await? {
                ErasureOutcome::Erased { alloy_user_remains } => {
                    self.jobs_wakeup.notify_waiters();
                    // Without the list of all that a user has, nothing shows that nothing else uses it.
                    let is_expected = credentials_of.is_some()
                        && (self.users_stay_since().is_some() || self.listings.are_by_connector());
                    return Ok(alloy_user_remains || is_expected);
                }
                ErasureOutcome::StillOpen(attempts) => {
                    for attempt in attempts {
                        self.attempts.observe(Actor::Host, attempt, &Observation::Superseded).await?;
                    }
                }
            }
        }
        Err(Error::StoreBusy(format!("a user to erase began an attempt on each of {MAX_TRIES} tries")))
    }

    /// Whether the reason for a failed call is that Alloy has no such user.
    pub(crate) async fn is_gone(&self, alloy_user: &AlloyUserId, error: &AlloyError) -> bool {
        matches!(error, AlloyError::Refused(_)) && matches!(self.background.user_exists(alloy_user).await, Ok(false))
    }

    /// Since when each deletion of a user was answered as not served, as far as this process knows.
    pub(crate) fn users_stay_since(&self) -> Option<OffsetDateTime> {
        *self.users_stay_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs a failure.
    pub(crate) async fn delete_alloy_user(&self, alloy_user: &AlloyUserId) -> Result<(), AlloyError> {
        let deleted = Box::pin(self.background.delete_user(alloy_user)).await;
        let mut since = self.users_stay_since.lock().unwrap_or_else(PoisonError::into_inner);
        match &deleted {
            Ok(()) => *since = None,
            Err(AlloyError::NotServed) => *since = since.or_else(|| Some(self.clock.now())),
            Err(_) => {}
        }
        drop(since);
        deleted.inspect_err(|error| tracing::warn!(%error, "user not deleted yet"))
    }
}
