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

/// A list may lag: what so many in a row did not show is gone.
const MISSED: i64 = 3;

/// What came of one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tried {
    /// It is gone.
    Gone,
    /// The list does not show it, and may only be late.
    Missed,
    /// It is there still, or nobody knows.
    InVain,
}

/// Takes what is due and deletes it; says how many there were.
pub(super) async fn turn(gangway: &Gangway) -> Result<usize, Problem> {
    let now = gangway.clock.now();
    let due = gangway.store.due_deletions(now, now + LEASE, AT_ONCE).await?;
    for deletion in &due {
        let tried = alone(delete(gangway, deletion)).await.unwrap_or(Tried::InVain);
        if tried != Tried::Gone {
            let missed = if tried == Tried::Missed { deletion.missed + 1 } else { 0 };
            let pause = usize::try_from(deletion.tries).ok().and_then(|tries| PAUSES.get(tries).copied());
            let pause = pause.unwrap_or(Duration::hours(6));
            gangway.store.put_off_deletion(&deletion.credential, gangway.clock.now() + pause, missed).await?;
        }
    }
    Ok(due.len())
}

async fn delete(gangway: &Gangway, deletion: &Deletion) -> Result<Tried, Problem> {
    let Some(attempt) = ours(gangway, deletion).await? else {
        tracing::error!(attempt = %deletion.attempt, "a deletion is of nothing that may be deleted");
        return Ok(Tried::InVain);
    };
    let alloy = &gangway.alloy_aside;
    let Some(user) = gangway.store.alloy_user(&attempt.user).await? else { return Ok(Tried::InVain) };
    let Some(listing) = list_by(gangway, alloy, &user, Some(&attempt.connector)).await else {
        return Ok(Tried::InVain);
    };
    if listing.has(&deletion.credential, &attempt.connector) {
        let deleted = alloy.delete_credential(&user, &attempt.connector, &deletion.credential).await;
        if let Err(error) = deleted {
            tracing::warn!(attempt = %attempt.id, %error, "what cannot be trusted is not deleted yet");
            return Ok(Tried::InVain);
        }
    } else if deletion.missed + 1 < MISSED {
        return Ok(Tried::Missed);
    }
    tracing::info!(attempt = %attempt.id, connector = %attempt.connector, "what could not be trusted is deleted");
    record(gangway, attempt, &Observation::Removed(deletion.credential.clone())).await?;
    Ok(Tried::Gone)
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
