//! Proof: one harmless call shows which account was linked, and whether a saved key works. It never ends the link.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;
use time::OffsetDateTime;
use tokio::{sync::Mutex, time::timeout_at};

use super::{Attempts, Parts};
use crate::{
    alloy::{self, AlloyError, Refusal, WhoamiOutcome},
    domain::{
        attempt::{Actor, AttemptId, LinkAttempt, Observation, Proof, State},
        connection::CredentialId,
        connector::Whoami,
        error::Error,
    },
};

/// Timeout for the proof: a page waits for it.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Minimum time between two calls for one attempt: reloads of a page must not lock an account.
const PAUSE: time::Duration = time::Duration::MINUTE;
const CAPACITY: u64 = 10_000;
/// Longer than [`PAUSE`], after which the last call no longer matters.
const IDLE_TIMEOUT: Duration = Duration::from_secs(600);

/// When each attempt's last call without proof ended. Requests for one attempt share a call.
pub(super) struct ProofThrottle(Cache<AttemptId, Arc<Mutex<Option<OffsetDateTime>>>>);

impl Default for ProofThrottle {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(CAPACITY).time_to_idle(IDLE_TIMEOUT).build())
    }
}

impl Attempts {
    /// Only if the settings say how and there is no proof yet. An upstream that does not answer changes nothing.
    pub(crate) async fn prove(&self, actor: Actor, attempt: LinkAttempt) -> Result<LinkAttempt, Error> {
        let is_unproved = attempt.state() == State::Linked && attempt.proof() != Some(Proof::Works);
        let Some(credential) = attempt.credential().filter(|_| is_unproved).cloned() else { return Ok(attempt) };
        let Some(whoami) = self.whoami(&attempt.connector) else { return Ok(attempt) };
        // Boxed, so that requests with nothing to prove do not carry the future.
        let proved = self.prove_throttled(actor, attempt, &credential, &whoami);
        Box::pin(alloy::with_deadline(TIMEOUT, proved)).await
    }

    async fn prove_throttled(
        &self,
        actor: Actor,
        attempt: LinkAttempt,
        credential: &CredentialId,
        whoami: &Whoami,
    ) -> Result<LinkAttempt, Error> {
        let Parts { store, clock, .. } = &self.parts;
        let last = self.proofs.0.get_with(attempt.id, async { Arc::default() }).await;
        let Ok(mut last) = timeout_at(alloy::deadline(TIMEOUT), last.lock()).await else { return Ok(attempt) };
        if last.is_some_and(|at| clock.now() < at + PAUSE) {
            // Another request has recorded the outcome.
            return store.attempt(attempt.id).await?.ok_or(Error::NotFound);
        }
        let attempt = self.call_whoami(actor, attempt, credential, whoami).await?;
        *last = Some(clock.now());
        Ok(attempt)
    }

    async fn call_whoami(
        &self,
        actor: Actor,
        attempt: LinkAttempt,
        credential: &CredentialId,
        whoami: &Whoami,
    ) -> Result<LinkAttempt, Error> {
        let Some(user) = self.parts.store.alloy_user(&attempt.user).await? else { return Ok(attempt) };
        let (proof, account) = match self.parts.alloy.whoami(whoami, &user, &attempt.connector, credential).await {
            Ok(WhoamiOutcome::Works(account)) => (Proof::Works, account),
            Ok(WhoamiOutcome::Refused) => (Proof::Refused, None),
            Err(error) => {
                log_failure(&attempt, &error);
                return Ok(attempt);
            }
        };
        tracing::info!(attempt = %attempt.id, connector = %attempt.connector, %proof, "whoami called");
        self.observe(actor, attempt, &Observation::Proved { proof, account }).await
    }
}

/// Only the operator can correct a setting that names a missing action or field.
fn log_failure(attempt: &LinkAttempt, error: &AlloyError) {
    let (attempt, connector) = (attempt.id, &attempt.connector);
    match error {
        AlloyError::NotServed | AlloyError::Refused(Refusal { status: 404, .. }) => tracing::warn!(
            %attempt, %connector, %error,
            "whoami failed: is connectors.{connector}.whoami.action an action that Alloy has?"
        ),
        AlloyError::Malformed(_) => tracing::warn!(
            %attempt, %connector, %error,
            "whoami failed: is connectors.{connector}.whoami.field in the action's answer?"
        ),
        _ => tracing::warn!(%attempt, %connector, %error, "whoami failed"),
    }
}
