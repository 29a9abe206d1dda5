//! Checks of connections at intervals (`connectors.<id>.check_every`): one harmless call shows whether the credential
//! still works. Only a definite refusal changes anything; an upstream that fails or is slow does not.

use std::time::Duration;

use time::OffsetDateTime;

use super::Connections;
use crate::{
    alloy::{self, WhoamiOutcome},
    domain::{
        attempt::{Actor, LinkAttempt, Observation, Proof, State},
        clock::random_32,
        connector::{ConnectorId, Whoami},
        error::Error,
        session::AlloyUserId,
    },
    store::CheckedConnection,
};

/// Timeout for one check, its list included.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(8);
/// Connections scheduled in one transaction.
const BATCH: u16 = 200;

impl Connections {
    /// Schedules the first check of connections that have none, at a random moment of the interval.
    pub(crate) async fn schedule_checks(&self) -> Result<(), Error> {
        let settings = self.catalogue.settings();
        for (connector, every) in settings.each.values().filter_map(|table| {
            let connector = ConnectorId::parse(table.id.as_str()).ok()?;
            Some((connector, table.check_every.filter(|_| table.whoami.is_some())?))
        }) {
            let mut after = None;
            loop {
                let found = self.store.unscheduled(&connector, after.as_ref(), BATCH).await?;
                let Some(last) = found.last() else { break };
                after = Some(last.credential.clone());
                let now = self.clock.now();
                let checks: Vec<_> = found.into_iter().map(|one| (one, now + every.mul_f64(self.chance()))).collect();
                self.store.schedule_checks(&checks).await?;
            }
        }
        Ok(())
    }

    /// Checks a leased connection and schedules the next check.
    pub(crate) async fn check(&self, checked: &CheckedConnection) -> Result<(), Error> {
        let next = match self.how_to_check(&checked.connector) {
            Some((whoami, every)) => {
                let is_connection = Box::pin(alloy::with_deadline(TIMEOUT, self.check_by(checked, &whoami))).await?;
                is_connection.then(|| self.next_check(every))
            }
            None => None,
        };
        Ok(self.store.reschedule_check(&checked.credential, next).await?)
    }

    fn how_to_check(&self, connector: &ConnectorId) -> Option<(Whoami, Duration)> {
        let settings = self.catalogue.settings();
        let table = settings.of(connector)?;
        Some((table.whoami.clone()?, table.check_every?))
    }

    /// Returns `false` if it is no connection any more.
    async fn check_by(&self, checked: &CheckedConnection, whoami: &Whoami) -> Result<bool, Error> {
        let linked_by = match checked.attempt {
            Some(attempt) => self.store.attempt(attempt).await?,
            None => None,
        };
        let is_linked = |attempt: &LinkAttempt| attempt.state() == State::Linked && attempt.user == checked.user;
        let Some(attempt) = linked_by.filter(is_linked) else { return Ok(false) };
        let Some(user) = self.store.alloy_user(&checked.user).await? else { return Ok(false) };
        match self.background.whoami(whoami, &user, &attempt.connector, &checked.credential).await {
            Ok(WhoamiOutcome::Works(account)) => {
                self.attempts
                    .observe(
                        Actor::Job,
                        attempt,
                        &Observation::Proved { proof: Proof::Works, account, is_certain: true },
                    )
                    .await?;
                if self.store.recover(&checked.credential).await? {
                    tracing::info!(credential = %checked.credential, connector = %checked.connector, "works again");
                }
            }
            Ok(WhoamiOutcome::Refused) if self.is_listed(&user, checked).await => {
                let refused = Observation::Proved { proof: Proof::Refused, account: None, is_certain: true };
                self.attempts.observe(Actor::Job, attempt, &refused).await?;
                self.refuse(checked).await?;
                tracing::info!(credential = %checked.credential, connector = %checked.connector, "refused at its check");
            }
            Ok(WhoamiOutcome::Refused | WhoamiOutcome::Unclear) => {}
            Err(error) => {
                tracing::warn!(credential = %checked.credential, connector = %checked.connector, %error, "check failed");
            }
        }
        Ok(true)
    }

    /// A credential that was deleted at Alloy is refused, too, and needs no reconnecting.
    async fn is_listed(&self, user: &AlloyUserId, checked: &CheckedConnection) -> bool {
        let listing = self.listings.call_in_background(user, Some(&checked.connector)).await;
        listing.is_some_and(|listing| listing.has(&checked.credential, &checked.connector))
    }

    /// Varies the interval by 10 %, so that connections linked together are not checked together.
    fn next_check(&self, every: Duration) -> OffsetDateTime {
        self.clock.now() + every.mul_f64(0.9 + 0.2 * self.chance())
    }

    /// A random number from 0 to 1.
    fn chance(&self) -> f64 {
        let [first, second, ..] = random_32(&*self.entropy);
        f64::from(u16::from_be_bytes([first, second])) / f64::from(u16::MAX)
    }
}
