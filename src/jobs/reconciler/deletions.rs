//! Takes away upstream what was linked and cannot be trusted: only what an attempt of ours claimed.

use super::{AT_ONCE, alone};
use crate::{
    connections::delete_upstream::{CredentialToDelete, DeleteOutcome, LEASE, delay_after},
    domain::{
        attempt::{Actor, LinkAttempt, Observation, State},
        error::Error,
        session::AlloyUserId,
    },
    gangway::Gangway,
    store::Deletion,
};

/// Takes what is due and deletes it; says how many there were.
pub(crate) async fn turn(gangway: &Gangway) -> Result<usize, Error> {
    let now = gangway.clock.now();
    let due = gangway.store.due_deletions(now, now + LEASE, AT_ONCE).await?;
    let mut owned = Vec::new();
    for deletion in &due {
        owned.push(alone(owner(gangway, deletion)).await.flatten());
    }
    let doomed: Vec<CredentialToDelete<'_>> =
        due.iter().zip(&owned).filter_map(|(one, owner)| Some(doomed(one, owner.as_ref()?))).collect();
    let tried = alone(async { Ok(gangway.connections.delete_listed(&doomed).await) }).await.unwrap_or_default();
    let mut tried = tried.into_iter();
    for (deletion, owner) in due.iter().zip(owned) {
        let outcome = owner.as_ref().and_then(|_| tried.next()).unwrap_or(DeleteOutcome::Failed);
        if let (Some((attempt, _)), DeleteOutcome::Deleted) = (owner, outcome)
            && alone(finish(gangway, attempt, deletion)).await.is_some()
        {
            continue;
        }
        let next = gangway.clock.now() + delay_after(deletion.tries);
        let missed = outcome.missed_in_a_row(deletion.missed);
        gangway.store.put_off_deletion(&deletion.credential, next, missed).await?;
    }
    Ok(due.len())
}

fn doomed<'a>(deletion: &'a Deletion, (attempt, user): &'a (LinkAttempt, AlloyUserId)) -> CredentialToDelete<'a> {
    let Deletion { credential, missed, .. } = deletion;
    CredentialToDelete { user, connector: &attempt.connector, credential, missed: *missed }
}

async fn finish(gangway: &Gangway, attempt: LinkAttempt, deletion: &Deletion) -> Result<(), Error> {
    tracing::info!(attempt = %attempt.id, connector = %attempt.connector, "what could not be trusted is deleted");
    let removed = Observation::Removed(deletion.credential.clone());
    gangway.attempts.observe(Actor::Reconciler, attempt, &removed).await?;
    Ok(())
}

/// The attempt for which the credential may be deleted, and whose it is at Alloy.
async fn owner(gangway: &Gangway, deletion: &Deletion) -> Result<Option<(LinkAttempt, AlloyUserId)>, Error> {
    let Some(attempt) = ours(gangway, deletion).await? else {
        tracing::error!(attempt = %deletion.attempt, "a deletion is of nothing that may be deleted");
        return Ok(None);
    };
    let user = gangway.store.alloy_user(&attempt.user).await?;
    Ok(user.map(|user| (attempt, user)))
}

/// The attempt that claimed the credential, if it may be deleted for it.
async fn ours(gangway: &Gangway, deletion: &Deletion) -> Result<Option<LinkAttempt>, Error> {
    let claim = gangway.store.claim(&deletion.credential).await?;
    let claimed = claim.is_some_and(|claim| claim.attempt == deletion.attempt && claim.state == State::Unverified);
    if !claimed {
        return Ok(None);
    }
    Ok(gangway.store.attempt(deletion.attempt).await?)
}
