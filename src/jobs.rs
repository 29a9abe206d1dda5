//! Background jobs. Every process runs all of them; leases in the store divide the work.

mod check_connections;
mod delete_credentials;
mod deliver_events;
mod erase_users;
mod refresh_attempts;
mod retention;
mod runner;

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    attempts::{Attempts, listings::Listings},
    config,
    connections::{Connections, delete_upstream::LEASE},
    domain::clock::SharedClock,
    runtime::metrics::Metrics,
    store::{Queue, Store},
    webhook::Webhook,
};
use runner::{Job, run};

/// Timeout for an item with calls to Alloy: it ends before its lease does.
const DEADLINE: Duration = Duration::from_secs(50);
const _: () = assert!(DEADLINE.as_secs() + 10 <= LEASE.whole_seconds().unsigned_abs());

pub(crate) struct Parts {
    pub store: Store,
    pub attempts: Arc<Attempts>,
    pub connections: Arc<Connections>,
    pub listings: Arc<Listings>,
    pub webhook: Arc<Webhook>,
    pub metrics: Arc<Metrics>,
    pub clock: SharedClock,
    pub retention: config::Retention,
    pub wakeup: Arc<Notify>,
    pub shutdown: CancellationToken,
}

pub(crate) fn spawn_all(jobs: &mut JoinSet<()>, parts: Parts) {
    let (wakeup, webhook_wakeup) = (parts.wakeup.clone(), parts.webhook.wakeup.clone());
    let shutdown = parts.shutdown.clone();
    let parts = Arc::new(parts);
    spawn(jobs, &wakeup, &shutdown, refresh_attempts::RefreshAttempts(parts.clone()));
    spawn(jobs, &wakeup, &shutdown, delete_credentials::DeleteUnverified(parts.clone()));
    spawn(jobs, &wakeup, &shutdown, delete_credentials::Disconnect(parts.clone()));
    spawn(jobs, &wakeup, &shutdown, erase_users::EraseUsers(parts.clone()));
    spawn(jobs, &wakeup, &shutdown, check_connections::CheckConnections::new(parts.clone()));
    spawn(jobs, &wakeup, &shutdown, retention::Retention::new(parts.clone()));
    for queue in [Queue::Initial, Queue::Retry] {
        let job = deliver_events::DeliverEvents { parts: parts.clone(), queue };
        spawn(jobs, &webhook_wakeup, &shutdown, job);
    }
}

fn spawn(jobs: &mut JoinSet<()>, wakeup: &Arc<Notify>, shutdown: &CancellationToken, job: impl Job) {
    let (wakeup, shutdown) = (wakeup.clone(), shutdown.clone());
    jobs.spawn(async move { run(job, &wakeup, &shutdown).await });
}
