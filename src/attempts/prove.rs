//! Proof: one harmless call shows which account was linked, and whether a saved key works. It never ends the link.
//! Mostly it follows the link. A credential that takes the place of another one is proved before the commit, so that
//! the event for the host says whether it is the same account.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;
use time::OffsetDateTime;
use tokio::{sync::Mutex, time::timeout_at};

use super::{Attempts, Parts};
use crate::{
    alloy::{self, AlloyError, Refusal, WhoamiOutcome},
    domain::{
        attempt::{Actor, AttemptId, LinkAttempt, Observation, Proof, ReplacementProof, State, same_account},
        connection::CredentialId,
        connector::Whoami,
        error::Error,
    },
};

/// Timeout for the proof: a page waits for it.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(3);
/// Minimum time between two calls for one attempt: reloads of a page must not lock an account.
const PAUSE: time::Duration = time::Duration::MINUTE;
const CAPACITY: u64 = 10_000;
/// Longer than [`PAUSE`], after which the last call no longer matters.
const IDLE_TIMEOUT: Duration = Duration::from_secs(600);

/// Each attempt's last call. Requests for one attempt share a call.
pub(super) struct ProofThrottle(Cache<AttemptId, Arc<Mutex<Option<LastCall>>>>);

struct LastCall {
    ended_at: OffsetDateTime,
    credential: CredentialId,
    /// `None` if the call failed.
    outcome: Option<Outcome>,
}

#[derive(Clone)]
struct Outcome {
    proof: Proof,
    account: Option<String>,
    is_certain: bool,
}

impl LastCall {
    fn is_recent(&self, now: OffsetDateTime) -> bool {
        now < self.ended_at + PAUSE
    }
}

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

    /// Proves the credential of an attempt that is about to be linked in place of another connection. Returns `None` if
    /// the call fails or is slow, or if an earlier one did within the last minute.
    pub(super) async fn prove_replacement(
        &self,
        attempt: &LinkAttempt,
        whoami: &Whoami,
    ) -> Result<Option<ReplacementProof>, Error> {
        let (Some(credential), Some(replaced)) = (attempt.credential(), &attempt.replaces) else { return Ok(None) };
        let outcome = Box::pin(alloy::with_deadline(TIMEOUT, self.shared_outcome(attempt, credential, whoami))).await?;
        let Some(Outcome { proof, account, is_certain }) = outcome else { return Ok(None) };
        let earlier = self.parts.store.claim(replaced).await?.and_then(|claim| claim.account);
        let same_account = same_account(earlier.as_deref(), account.as_deref());
        Ok(Some(ReplacementProof { credential: credential.clone(), proof, account, is_certain, same_account }))
    }

    /// Requests that find the same evidence at once get the outcome of one call.
    async fn shared_outcome(
        &self,
        attempt: &LinkAttempt,
        credential: &CredentialId,
        whoami: &Whoami,
    ) -> Result<Option<Outcome>, Error> {
        let clock = &self.parts.clock;
        let last = self.last_call(attempt.id).await;
        let Ok(mut last) = timeout_at(alloy::deadline(TIMEOUT), last.lock()).await else { return Ok(None) };
        if let Some(last) = last.as_ref().filter(|last| last.is_recent(clock.now())) {
            return Ok(last.outcome.clone().filter(|_| last.credential == *credential));
        }
        let outcome = self.call_whoami(attempt, credential, whoami).await?;
        *last = Some(LastCall { ended_at: clock.now(), credential: credential.clone(), outcome: outcome.clone() });
        Ok(outcome)
    }

    async fn prove_throttled(
        &self,
        actor: Actor,
        attempt: LinkAttempt,
        credential: &CredentialId,
        whoami: &Whoami,
    ) -> Result<LinkAttempt, Error> {
        let Parts { store, clock, .. } = &self.parts;
        let last = self.last_call(attempt.id).await;
        let Ok(mut last) = timeout_at(alloy::deadline(TIMEOUT), last.lock()).await else { return Ok(attempt) };
        if last.as_ref().is_some_and(|last| last.is_recent(clock.now())) {
            // Another request has recorded the outcome.
            return store.attempt(attempt.id).await?.ok_or(Error::NotFound);
        }
        let outcome = self.call_whoami(&attempt, credential, whoami).await?;
        let attempt = match outcome.clone() {
            Some(Outcome { proof, account, is_certain }) => {
                self.observe(actor, attempt, &Observation::Proved { proof, account, is_certain }).await?
            }
            None => attempt,
        };
        *last = Some(LastCall { ended_at: clock.now(), credential: credential.clone(), outcome });
        Ok(attempt)
    }

    async fn last_call(&self, attempt: AttemptId) -> Arc<Mutex<Option<LastCall>>> {
        self.proofs.0.get_with(attempt, async { Arc::default() }).await
    }

    /// Returns `None` if the outcome is unknown.
    async fn call_whoami(
        &self,
        attempt: &LinkAttempt,
        credential: &CredentialId,
        whoami: &Whoami,
    ) -> Result<Option<Outcome>, Error> {
        let Some(user) = self.parts.store.alloy_user(&attempt.user).await? else { return Ok(None) };
        let (proof, account, is_certain) =
            match self.parts.alloy.whoami(whoami, &user, &attempt.connector, credential).await {
                Ok(WhoamiOutcome::Works(account)) => (Proof::Works, account, true),
                Ok(WhoamiOutcome::Refused) => (Proof::Refused, None, true),
                Ok(WhoamiOutcome::Unclear) => (Proof::Refused, None, false),
                Err(error) => {
                    log_failure(attempt, &error);
                    return Ok(None);
                }
            };
        tracing::info!(attempt = %attempt.id.logged(), connector = %attempt.connector, %proof, "whoami called");
        Ok(Some(Outcome { proof, account, is_certain }))
    }
}

/// Only the operator can correct a setting that names a missing action or field.
fn log_failure(attempt: &LinkAttempt, error: &AlloyError) {
    let (attempt, connector) = (attempt.id, &attempt.connector);
    match error {
        AlloyError::NotServed | AlloyError::Refused(Refusal { status: 404, .. }) => tracing::warn!(
            attempt = %attempt.logged(), %connector, %error,
            "whoami failed: is connectors.{connector}.whoami.action an action that Alloy has?"
        ),
        AlloyError::Malformed(_) => tracing::warn!(
            attempt = %attempt.logged(), %connector, %error,
            "whoami failed: is connectors.{connector}.whoami.field in the action's answer?"
        ),
        _ => tracing::warn!(attempt = %attempt.logged(), %connector, %error, "whoami failed"),
    }
}
