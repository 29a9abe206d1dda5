//! Goes on with what users disconnect, where the upstream did not do it at the press.

use super::{AT_ONCE, alone};
use crate::{
    connections::{
        delete_upstream::{Doomed, LEASE, Tried, pause_after, take_all_away},
        disconnect::finish_disconnecting,
    },
    domain::{attempt::Actor, error::Error},
    gangway::Gangway,
};

/// Takes what is due and tries it; says how many there were.
pub(crate) async fn turn(gangway: &Gangway) -> Result<usize, Error> {
    let now = gangway.clock.now();
    let due = gangway.store.due_disconnections(now, now + LEASE, AT_ONCE).await?;
    let doomed: Vec<Doomed<'_>> = due.iter().map(Doomed::from).collect();
    let tried = alone(async { Ok(take_all_away(gangway, &doomed).await) }).await.unwrap_or_default();
    for (wanted, tried) in due.iter().zip(tried.into_iter().chain(std::iter::repeat(Tried::InVain))) {
        let gone = tried == Tried::Gone;
        if gone && alone(finish_disconnecting(gangway, Actor::Reconciler, wanted)).await.is_some() {
            continue;
        }
        let next = gangway.clock.now() + pause_after(wanted.tries);
        let missed = tried.missed_in_a_row(wanted.missed);
        gangway.store.put_off_disconnection(&wanted.credential, next, missed).await?;
    }
    Ok(due.len())
}
