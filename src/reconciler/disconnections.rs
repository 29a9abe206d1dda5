//! Goes on with what users disconnect, where the upstream did not do it at the press.

use super::{AT_ONCE, alone};
use crate::{
    gangway::Gangway,
    journey::{Doomed, LEASE, Tried, finish_disconnecting, pause_after, take_away},
    link::Actor,
    problem::Problem,
    store::Disconnection,
};

/// Takes what is due and tries it; says how many there were.
pub(super) async fn turn(gangway: &Gangway) -> Result<usize, Problem> {
    let now = gangway.clock.now();
    let due = gangway.store.due_disconnections(now, now + LEASE, AT_ONCE).await?;
    for wanted in &due {
        let tried = alone(disconnect(gangway, wanted)).await.unwrap_or(Tried::InVain);
        if tried != Tried::Gone {
            let next = gangway.clock.now() + pause_after(wanted.tries);
            let missed = tried.missed_in_a_row(wanted.missed);
            gangway.store.put_off_disconnection(&wanted.credential, next, missed).await?;
        }
    }
    Ok(due.len())
}

async fn disconnect(gangway: &Gangway, wanted: &Disconnection) -> Result<Tried, Problem> {
    let tried = take_away(gangway, Doomed::from(wanted)).await;
    if tried == Tried::Gone {
        finish_disconnecting(gangway, Actor::Reconciler, wanted).await?;
    }
    Ok(tried)
}
