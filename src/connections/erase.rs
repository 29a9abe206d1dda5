//! Erases a user: ends the open attempts, then deletes everything that has the user's name in one transaction.

use uuid::Builder;

use super::Connections;
use crate::{
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
    /// With `credentials_of`, a job deletes all credentials of that user at Alloy.
    pub(crate) async fn erase_user(
        &self,
        user: &ExternalId,
        credentials_of: Option<&AlloyUserId>,
    ) -> Result<(), Error> {
        let mut random = [0; 16];
        self.entropy.fill(&mut random);
        let pseudonym = ExternalId::pseudonym(Builder::from_random_bytes(random).into_uuid());
        for _ in 0..MAX_TRIES {
            match self.store.erase(user, &pseudonym, credentials_of, self.clock.now()).await? {
                ErasureOutcome::Erased => {
                    self.jobs_wakeup.notify_waiters();
                    return Ok(());
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
}
