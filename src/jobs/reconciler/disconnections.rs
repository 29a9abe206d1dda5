//! Goes on with what users disconnect, where the upstream did not do it at the press.

use super::{AT_ONCE, alone};
use crate::{
    connections::delete_upstream::{CredentialToDelete, DeleteOutcome, LEASE, delay_after},
    domain::{attempt::Actor, error::Error},
    gangway::Gangway,
};

/// Takes what is due and tries it; says how many there were.
pub(crate) async fn turn(gangway: &Gangway) -> Result<usize, Error> {
    let now = gangway.clock.now();
    let due = gangway.store.due_disconnections(now, now + LEASE, AT_ONCE).await?;
    let doomed: Vec<CredentialToDelete<'_>> = due.iter().map(CredentialToDelete::from).collect();
    let tried = alone(async { Ok(gangway.connections.delete_listed(&doomed).await) }).await.unwrap_or_default();
    for (wanted, tried) in due.iter().zip(tried.into_iter().chain(std::iter::repeat(DeleteOutcome::Failed))) {
        let gone = tried == DeleteOutcome::Deleted;
        if gone && alone(gangway.connections.finish_disconnecting(Actor::Reconciler, wanted)).await.is_some() {
            continue;
        }
        let next = gangway.clock.now() + delay_after(wanted.tries);
        let missed = tried.missed_in_a_row(wanted.missed);
        gangway.store.put_off_disconnection(&wanted.credential, next, missed).await?;
    }
    Ok(due.len())
}
