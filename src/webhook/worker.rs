//! Takes what is due and sends it, in every process.

use std::{sync::Arc, time::Duration};

use tokio::{sync::OwnedSemaphorePermit, task::JoinSet};

use super::{Receiver, delivery::deliver, ladder::TOO_OLD, lanes::Lanes, receiver::TOTAL};
use crate::{
    gangway::Gangway,
    store::{Due, Line, StoreError, Terms},
};

/// How often it asks the store what is due, when nothing tells it to be quicker.
const PAUSE: Duration = Duration::from_secs(1);
/// For so long an event is this process's alone: longer than a try takes, also by a clock that is off a little.
const LEASE: Duration = Duration::from_secs(60);
const _: () = assert!(LEASE.as_secs() > TOTAL.as_secs() + 30, "nobody else sends what is still being sent");

/// Works until the process ends, or until it is told to finish and has done so.
pub(crate) async fn run(gangway: Arc<Gangway>) {
    let Some(receiver) = gangway.webhook.receiver() else { return };
    let lanes = Arc::new(Lanes::default());
    // Each is a task of its own: one that waits for the store must go on while the next are taken from there.
    let mut under_way = JoinSet::new();
    while !(gangway.shutdown.is_cancelled() && under_way.is_empty()) {
        if !gangway.shutdown.is_cancelled() {
            for taken in take(&gangway, receiver, &lanes).await {
                under_way.spawn(send(Arc::clone(&gangway), Arc::clone(&lanes), taken));
            }
        }
        tokio::select! {
            Some(_) = under_way.join_next() => while under_way.try_join_next().is_some() {},
            () = gangway.webhook.wake.notified() => {}
            () = gangway.shutdown.cancelled(), if !gangway.shutdown.is_cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// An event, and the place in which it is sent.
type Taken = (Due, OwnedSemaphorePermit);

/// Takes as much as there is room for. What the store fails at is tried again a little later.
async fn take(gangway: &Gangway, receiver: &Receiver, lanes: &Lanes) -> Vec<Taken> {
    let mut taken = Vec::new();
    if let Err(error) = take_into(&mut taken, gangway, receiver, lanes).await {
        tracing::warn!(%error, "the store did not say which events are due");
    }
    taken
}

async fn take_into(
    taken: &mut Vec<Taken>,
    gangway: &Gangway,
    receiver: &Receiver,
    lanes: &Lanes,
) -> Result<(), StoreError> {
    let now = gangway.clock.now();
    if !gangway.store.receiver(receiver.key()).await?.takes_events(now) {
        return Ok(());
    }
    let terms = Terms { now, lease: now + LEASE, since: now - TOO_OLD };
    // What waited for an event that fails is set free by the first of these.
    for line in [Line::Retries, Line::FirstTries] {
        let places = lanes.free(line);
        if places.is_empty() {
            continue;
        }
        let due = gangway.store.take_deliveries(line, terms, places.len()).await?;
        taken.extend(due.into_iter().zip(places));
    }
    Ok(())
}

/// Sends an event in its place. What is not kept is sent once more when the lease is over.
async fn send(gangway: Arc<Gangway>, lanes: Arc<Lanes>, (due, place): Taken) {
    let Some(receiver) = gangway.webhook.receiver() else { return };
    let work = async {
        if let Err(error) = deliver(&gangway, receiver, &due).await {
            tracing::warn!(event = %due.id, %error, "what came of an event could not be kept");
        }
    };
    lanes.work(due.line, place, work, || gangway.webhook.ring()).await;
}
