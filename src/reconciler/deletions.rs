//! Takes away upstream what was linked and cannot be trusted: only what an attempt of ours claimed, and only after it
//! was listed once more.

use time::Duration;

use super::{AT_ONCE, LEASE, alone};
use crate::{
    gangway::Gangway,
    journey::{list_by, record},
    link::{LinkAttempt, Observation, State},
    problem::Problem,
    store::Deletion,
};

/// The pauses between tries; the last one stays.
const PAUSES: [Duration; 8] = [
    Duration::seconds(1),
    Duration::seconds(3),
    Duration::seconds(10),
    Duration::seconds(30),
    Duration::minutes(2),
    Duration::minutes(10),
    Duration::HOUR,
    Duration::hours(6),
];

/// A list may lag: what it has not shown so often is gone.
const MISSED: i64 = 2;

/// Takes what is due and deletes it; says how many there were.
pub(super) async fn turn(gangway: &Gangway) -> Result<usize, Problem> {
    let now = gangway.clock.now();
    let due = gangway.store.due_deletions(now, now + LEASE, AT_ONCE).await?;
    for deletion in &due {
        if alone(delete(gangway, deletion)).await != Some(true) {
            let pause = usize::try_from(deletion.tries).ok().and_then(|tries| PAUSES.get(tries).copied());
            let pause = pause.unwrap_or(Duration::hours(6));
            gangway.store.put_off_deletion(&deletion.credential, gangway.clock.now() + pause).await?;
        }
    }
    Ok(due.len())
}

/// Whether it is gone.
async fn delete(gangway: &Gangway, deletion: &Deletion) -> Result<bool, Problem> {
    let Some(attempt) = ours(gangway, deletion).await? else {
        tracing::error!(attempt = %deletion.attempt, "a deletion is of nothing that may be deleted");
        return Ok(false);
    };
    let alloy = &gangway.alloy_aside;
    let Some(user) = gangway.store.alloy_user(&attempt.user).await? else { return Ok(false) };
    let Some(listing) = list_by(gangway, alloy, &user, Some(&attempt.connector)).await else { return Ok(false) };
    if listing.has(&deletion.credential, &attempt.connector) {
        let deleted = alloy.delete_credential(&user, &attempt.connector, &deletion.credential).await;
        if let Err(error) = deleted {
            tracing::warn!(attempt = %attempt.id, %error, "what cannot be trusted is not deleted yet");
            return Ok(false);
        }
    } else if deletion.tries < MISSED {
        return Ok(false);
    }
    tracing::info!(attempt = %attempt.id, connector = %attempt.connector, "what could not be trusted is deleted");
    record(gangway, attempt, &Observation::Removed(deletion.credential.clone())).await?;
    Ok(true)
}

/// The attempt that claimed the credential, if it may be deleted for it.
async fn ours(gangway: &Gangway, deletion: &Deletion) -> Result<Option<LinkAttempt>, Problem> {
    let claim = gangway.store.claim(&deletion.credential).await?;
    let claimed = claim.is_some_and(|claim| claim.attempt == deletion.attempt && claim.state == State::Unverified);
    if !claimed {
        return Ok(None);
    }
    Ok(gangway.store.attempt(deletion.attempt).await?)
}
