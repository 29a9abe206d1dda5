//! Keeping what was seen of an attempt.

use std::collections::BTreeSet;

use time::OffsetDateTime;
use tokio::sync::{Mutex, MutexGuard};

use crate::{
    domain::{
        attempt::{Actor, AttemptId, Change, LinkAttempt, Observation, Others, State, TimelineEvent},
        connection::{Claim, Claims, CredentialId, Listed},
        connector::ConnectorId,
        error::Error,
    },
    gangway::Gangway,
    runtime::metrics::Step,
    store::Committed,
};

/// Whenever a foreign attempt began.
const ALWAYS: OffsetDateTime = time::macros::datetime!(9999-12-31 0:00 UTC);
/// Somebody else may be faster now and then; this often in a row it is a mistake of ours.
const TRIES: usize = 20;
/// So many attempts can be queued for at once without waiting for each other, as a rule.
const LANES: u128 = 64;

/// Queues for attempts that many want to change at the same moment: whoever was too slow once waits here instead of
/// racing again. The store's own comparison decides all the same, because other processes do not wait here.
pub struct Queues(Vec<Mutex<()>>);

impl Default for Queues {
    fn default() -> Self {
        Self((0..LANES).map(|_| Mutex::default()).collect())
    }
}

impl Queues {
    async fn turn(&self, attempt: AttemptId) -> Option<MutexGuard<'_, ()>> {
        let lane = usize::try_from(attempt.0.as_u128() % LANES).ok()?;
        Some(self.0.get(lane)?.lock().await)
    }
}

/// Records what somebody observed and gives the attempt as it stands then. If somebody else changed it meanwhile, the
/// observation is judged again on what they left.
///
/// # Errors
/// When the store fails.
pub(crate) async fn record(
    gangway: &Gangway,
    actor: Actor,
    attempt: LinkAttempt,
    observation: &Observation<'_>,
) -> Result<LinkAttempt, Error> {
    let before = attempt.state;
    let attempt = keep(gangway, actor, attempt, observation).await?;
    let linked = before != State::Linked && attempt.state == State::Linked;
    if !linked && attempt.foreign_at.is_none() {
        return Ok(attempt);
    }
    // A link here and a foreign return there, kept at the same moment, have not seen each other: whoever is later does.
    // If that one dies before this, the next look for the foreign return makes up for it.
    take_back(gangway, &attempt).await?;
    let after = gangway.store.attempt(attempt.id).await?;
    after.ok_or(Error::NotFound)
}

async fn keep(
    gangway: &Gangway,
    actor: Actor,
    mut attempt: LinkAttempt,
    observation: &Observation<'_>,
) -> Result<LinkAttempt, Error> {
    let mut elsewhere = Claims::new();
    let mut turn = None;
    for _ in 0..TRIES {
        let mut others = match observation.needs_others() {
            true => others(gangway, &attempt, observation).await?,
            false => Others::default(),
        };
        others.claims.extend(elsewhere.clone());
        let Some(mut change) = attempt.observe(observation, &others, gangway.clock.now()) else {
            return Ok(attempt);
        };
        change = change.by(actor);
        let committed = gangway.store.commit(&change).await?;
        if committed == Committed::Repeated {
            return gangway.store.attempt(attempt.id).await?.ok_or(Error::NotFound);
        }
        if committed == Committed::Kept {
            let after = &mut change.attempt;
            after.version += 1;
            if let (true, Some(reason)) = (after.state != attempt.state, after.reason) {
                tracing::info!(attempt = %after.id, connector = %after.connector, state = %after.state, %reason, "ended");
            }
            count(gangway, attempt.state, &change);
            if !change.deletions.is_empty() {
                gangway.work.notify_one();
            }
            if change.attempt.state.is_end() {
                gangway.bell.ring(change.attempt.id);
            }
            if !change.outbox.is_empty() {
                gangway.webhook.ring();
            }
            return Ok(change.attempt);
        }
        // Where the host has two of its users share one of Alloy's, a credential may be the other user's by now.
        for claimed in change.claims {
            let claim = gangway.store.claim(&claimed.id).await?;
            if let Some(claim) = claim.filter(|claim| claim.attempt != attempt.id) {
                elsewhere.insert(claimed.id, claim);
            }
        }
        if turn.is_none() {
            turn = gangway.queues.turn(attempt.id).await;
        }
        let after = gangway.store.attempt(attempt.id).await?;
        // Its user may have been erased: what was seen of them is not to be written any more.
        attempt = after.filter(|after| after.user == attempt.user).ok_or(Error::NotFound)?;
    }
    Err(Error::StoreBusy(format!("attempt {} changed on every try", attempt.id)))
}

/// Counts what follows for whoever watches.
fn count(gangway: &Gangway, before: State, change: &Change) {
    let (metrics, after) = (&gangway.metrics, &change.attempt);
    if change.timeline.iter().any(|entry| entry.event == TimelineEvent::Returned) {
        metrics.step(Step::Returned, after.connector.as_str());
    }
    if before != after.state {
        metrics.ended(after);
        if after.state == State::Linked {
            metrics.step(Step::Linked, after.connector.as_str());
        }
    }
}

/// What is known beside that attempt.
async fn others(gangway: &Gangway, attempt: &LinkAttempt, observation: &Observation<'_>) -> Result<Others, Error> {
    let claims = gangway.store.claims(&attempt.user).await?;
    let doubted = match observation {
        Observation::Listed(listing) => {
            let candidates: Vec<&Listed> = attempt.candidates(listing, &claims).collect();
            gangway.store.doubted(attempt, &candidates, ALWAYS).await?
        }
        _ => BTreeSet::new(),
    };
    Ok(Others { claims, doubted })
}

/// What was linked, and a foreign return of another attempt implicates, is not linked any more: what this attempt just
/// linked, and what other attempts linked before this one's foreign return.
async fn take_back(gangway: &Gangway, attempt: &LinkAttempt) -> Result<(), Error> {
    let linked = attempt.state == State::Linked;
    if linked {
        let claims = gangway.store.claims(&attempt.user).await?;
        let own = claims.iter().filter(|(_, claim)| claim.attempt == attempt.id);
        let own: Vec<Listed> = own.map(|(id, claim)| as_listed(id, claim, &attempt.connector)).collect();
        // What was linked before the other attempt began did not come from it, even if there was no list to say so.
        let began_by = attempt.settled_at.unwrap_or(ALWAYS);
        if !gangway.store.doubted(attempt, &own.iter().collect::<Vec<_>>(), began_by).await?.is_empty() {
            doubt(gangway, attempt.clone()).await?;
        }
    }
    if linked || attempt.foreign_at.is_none() {
        return Ok(());
    }
    let claims = gangway.store.claims(&attempt.user).await?;
    let linked = claims.iter().filter(|(_, claim)| claim.state == State::Linked && claim.attempt != attempt.id);
    for (_, claim) in linked.filter(|(id, claim)| attempt.doubts(id, claim.made_at)) {
        let other = gangway.store.attempt(claim.attempt).await?;
        let other = other.filter(|other| other.connector.same_as(&attempt.connector));
        if let Some(other) = other.filter(|other| other.settled_at.is_none_or(|at| at >= attempt.began_at)) {
            doubt(gangway, other).await?;
        }
    }
    Ok(())
}

async fn doubt(gangway: &Gangway, attempt: LinkAttempt) -> Result<(), Error> {
    tracing::warn!(attempt = %attempt.id, "a return of another attempt came in another browser");
    keep(gangway, Actor::Gangway, attempt, &Observation::Doubted).await?;
    Ok(())
}

/// A claimed credential, as far as its provenance is asked for.
fn as_listed(id: &CredentialId, claim: &Claim, connector: &ConnectorId) -> Listed {
    let (id, connector) = (id.clone(), connector.clone());
    Listed { id, connector, name: String::new(), created_at: claim.made_at, updated_at: None }
}
