//! The background work of every process.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::{
    gangway::Gangway,
    jobs::{self, Parts},
};

/// Starts it. Each task ends after its current item once [`Gangway::shutdown`] is cancelled, and all are aborted when the
/// set is dropped.
pub(crate) fn spawn(gangway: &Arc<Gangway>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let parts = Parts {
        store: gangway.store.clone(),
        attempts: gangway.attempts.clone(),
        connections: gangway.connections.clone(),
        listings: gangway.listings.clone(),
        webhook: gangway.webhook.clone(),
        metrics: gangway.metrics.clone(),
        clock: gangway.clock.clone(),
        retention: gangway.settings.retention.clone(),
        wakeup: gangway.reconciler_wakeup.clone(),
        shutdown: gangway.shutdown.clone(),
    };
    jobs::spawn_all(&mut tasks, parts);
    tasks.spawn(Arc::clone(&gangway.attempts).notify_watchers());
    tasks
}
