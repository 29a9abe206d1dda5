//! Erases a user: ends the open attempts, then deletes everything that has the user's name in one transaction.

use uuid::Builder;

use super::Connections;
use crate::{
    alloy::AlloyError,
    domain::{
        attempt::{Actor, Observation},
        error::Error,
        session::{AlloyUserId, ExternalId},
    },
    store::ErasureOutcome,
};

/// Open pages may begin new attempts meanwhile.
const MAX_TRIES: usize = 20;

impl Connections {
    /// With `credentials_of`, a job deletes all credentials of that user at Alloy, and the user if Gangway created it and
    /// no other user of the host has it. Returns whether Alloy's user remains although credentials are deleted.
    pub(crate) async fn erase_user(
        &self,
        user: &ExternalId,
        credentials_of: Option<&AlloyUserId>,
    ) -> Result<bool, Error> {
        let mut random = [0; 16];
        self.entropy.fill(&mut random);
        let pseudonym = ExternalId::pseudonym(Builder::from_random_bytes(random).into_uuid());
        for _ in 0..MAX_TRIES {
            match self.store.erase(user, &pseudonym, credentials_of, self.clock.now()).await? {
                ErasureOutcome::Erased { alloy_user_remains } => {
                    self.jobs_wakeup.notify_waiters();
                    return Ok(alloy_user_remains);
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

    /// Logs a failure.
    pub(crate) async fn delete_alloy_user(&self, alloy_user: &AlloyUserId) -> Result<(), AlloyError> {
        let deleted = Box::pin(self.background.delete_user(alloy_user)).await;
        deleted.inspect_err(|error| tracing::warn!(%error, "user not deleted yet"))
    }
}
