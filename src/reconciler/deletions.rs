//! Takes away upstream what was linked and cannot be trusted: only what an attempt of ours claimed.

use super::{AT_ONCE, alone};
use crate::{
    gangway::Gangway,
    journey::{Doomed, LEASE, Tried, pause_after, record, take_away},
    link::{Actor, LinkAttempt, Observation, State},
    problem::Problem,
    store::Deletion,
};

/// Takes what is due and deletes it; says how many there were.
pub(super) async fn turn(gangway: &Gangway) -> Result<usize, Problem> {
    let now = gangway.clock.now();
    let due = gangway.store.due_deletions(now, now + LEASE, AT_ONCE).await?;
    for deletion in &due {
        let tried = alone(delete(gangway, deletion)).await.unwrap_or(Tried::InVain);
        if tried != Tried::Gone {
            let next = gangway.clock.now() + pause_after(deletion.tries);
            let missed = tried.missed_in_a_row(deletion.missed);
            gangway.store.put_off_deletion(&deletion.credential, next, missed).await?;
        }
    }
    Ok(due.len())
}

async fn delete(gangway: &Gangway, deletion: &Deletion) -> Result<Tried, Problem> {
    let Some(attempt) = ours(gangway, deletion).await? else {
        tracing::error!(attempt = %deletion.attempt, "a deletion is of nothing that may be deleted");
        return Ok(Tried::InVain);
    };
    let Some(user) = gangway.store.alloy_user(&attempt.user).await? else { return Ok(Tried::InVain) };
    let Deletion { credential, missed, .. } = deletion;
    let doomed = Doomed { user: &user, connector: &attempt.connector, credential, missed: *missed };
    let tried = take_away(gangway, doomed).await;
    if tried == Tried::Gone {
        tracing::info!(attempt = %attempt.id, connector = %attempt.connector, "what could not be trusted is deleted");
        record(gangway, Actor::Reconciler, attempt, &Observation::Removed(credential.clone())).await?;
    }
    Ok(tried)
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
