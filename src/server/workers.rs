//! The background tasks of a process.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::services::Services;
use crate::jobs::{self, Parts};

/// Starts the tasks, without the jobs if `hold_back`. Each ends after its item once [`Services::shutdown`] is cancelled;
/// dropping aborts them.
pub(crate) fn spawn(services: &Services, hold_back: bool) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let parts = Parts {
        store: services.store.clone(),
        attempts: services.attempts.clone(),
        connections: services.connections.clone(),
        listings: services.listings.clone(),
        webhook: services.webhook.clone(),
        metrics: services.metrics.clone(),
        clock: services.clock.clone(),
        retention: services.settings.retention.clone(),
        wakeup: services.jobs_wakeup.clone(),
        shutdown: services.shutdown.clone(),
    };
    if !hold_back {
        jobs::spawn_all(&mut tasks, parts);
    }
    tasks.spawn(Arc::clone(&services.attempts).notify_watchers());
    tasks.spawn(Arc::clone(&services.sessions).notify_watchers());
    tasks
}
