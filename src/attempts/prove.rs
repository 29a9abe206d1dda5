//! Prove: one harmless call with what was just linked says whose account it is, and whether a key that was only saved
//! works at all. Whatever comes of it, the attempt stays linked.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;
use time::OffsetDateTime;
use tokio::{sync::Mutex, time::timeout_at};

use crate::{
    alloy::{AlloyError, Refusal, Trial},
    domain::{
        attempt::{Actor, AttemptId, LinkAttempt, Observation, Proof, State},
        connection::CredentialId,
        connector::Whoami,
        error::Error,
    },
    gangway::Gangway,
};

use super::commit::record;

/// Somebody waits for the page, and it is true without this too.
const LONGEST: Duration = Duration::from_secs(3);
/// What was not proved is not tried again before: a page that is loaded again and again must not lock an account.
const PAUSE: time::Duration = time::Duration::MINUTE;
/// Of so many attempts it is known when they were tried; of what is more, the least used are tried again earlier.
const MOST: u64 = 10_000;
/// Nobody waits for a page that long: then it need not be known any more.
const MEMORY: Duration = Duration::from_secs(600);

/// When attempts were last tried in vain. Many who look at one attempt at once wait for one trial.
pub struct Trials(Cache<AttemptId, Arc<Mutex<Option<OffsetDateTime>>>>);

impl Default for Trials {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_idle(MEMORY).build())
    }
}

/// Tries what the attempt linked, if the settings say how, and nobody has seen yet that it works.
///
/// # Errors
/// When the store fails. An upstream that does not answer changes nothing, and takes three seconds at the most.
pub(crate) async fn prove(gangway: &Gangway, actor: Actor, attempt: LinkAttempt) -> Result<LinkAttempt, Error> {
    let untried = attempt.state == State::Linked && attempt.proof != Some(Proof::Works);
    let Some(credential) = attempt.credential.clone().filter(|_| untried) else { return Ok(attempt) };
    let Some(whoami) = gangway.whoami(&attempt.connector) else { return Ok(attempt) };
    // On the heap, so that those who have nothing to prove do not carry it.
    Box::pin(gangway.alloy.within(LONGEST, in_turn(gangway, actor, attempt, &credential, &whoami))).await
}

async fn in_turn(
    gangway: &Gangway,
    actor: Actor,
    attempt: LinkAttempt,
    credential: &CredentialId,
    whoami: &Whoami,
) -> Result<LinkAttempt, Error> {
    let trial = gangway.trials.0.get_with(attempt.id, async { Arc::default() }).await;
    let Ok(mut last) = timeout_at(gangway.alloy.until(LONGEST), trial.lock()).await else { return Ok(attempt) };
    if last.is_some_and(|at| gangway.clock.now() < at + PAUSE) {
        // Whoever was faster has seen what came of it.
        return gangway.store.attempt(attempt.id).await?.ok_or(Error::NotFound);
    }
    let attempt = once(gangway, actor, attempt, credential, whoami).await?;
    *last = Some(gangway.clock.now());
    Ok(attempt)
}

async fn once(
    gangway: &Gangway,
    actor: Actor,
    attempt: LinkAttempt,
    credential: &CredentialId,
    whoami: &Whoami,
) -> Result<LinkAttempt, Error> {
    let Some(user) = gangway.store.alloy_user(&attempt.user).await? else { return Ok(attempt) };
    let (proof, account) = match gangway.alloy.whoami(whoami, &user, &attempt.connector, credential).await {
        Ok(Trial::Works(account)) => (Proof::Works, account),
        Ok(Trial::Refused) => (Proof::Refused, None),
        Err(error) => {
            tell(&attempt, &error);
            return Ok(attempt);
        }
    };
    tracing::info!(attempt = %attempt.id, connector = %attempt.connector, %proof, "tried");
    record(gangway, actor, attempt, &Observation::Tried { proof, account }).await
}

/// For the operator: nobody else can mend a setting that names what is not there.
fn tell(attempt: &LinkAttempt, error: &AlloyError) {
    let (attempt, connector) = (attempt.id, &attempt.connector);
    match error {
        AlloyError::NotServed | AlloyError::Refused(Refusal { status: 404, .. }) => tracing::warn!(
            %attempt, %connector, %error,
            "what was linked cannot be tried: is connectors.{connector}.whoami.action an action that Alloy has?"
        ),
        AlloyError::Nonsense(_) => tracing::warn!(
            %attempt, %connector, %error,
            "what was linked cannot be tried: is connectors.{connector}.whoami.field in the action's answer?"
        ),
        _ => tracing::warn!(%attempt, %connector, %error, "it is not known whether what was linked works"),
    }
}
