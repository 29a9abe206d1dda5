//! Background jobs. Every process runs all of them; leases in the store divide the work.

mod delete_credentials;
mod deliver_events;
mod erase_users;
mod refresh_attempts;
mod retention;
mod runner;

use std::{sync::Arc, time::Duration};

use tokio::task::JoinSet;

use crate::{connections::delete_upstream::LEASE, gangway::Gangway, store::Queue};
use runner::{Job, run};

/// Timeout for an item with calls to Alloy: it ends before its lease does.
const DEADLINE: Duration = Duration::from_secs(50);
const _: () = assert!(DEADLINE.as_secs() + 10 <= LEASE.whole_seconds().unsigned_abs());

/// Starts every job. Each stops at shutdown, after its items under way.
pub(crate) fn spawn_all(jobs: &mut JoinSet<()>, gangway: &Arc<Gangway>) {
    spawn(jobs, gangway, refresh_attempts::RefreshAttempts(Arc::clone(gangway)));
    spawn(jobs, gangway, delete_credentials::DeleteUnverified(Arc::clone(gangway)));
    spawn(jobs, gangway, delete_credentials::Disconnect(Arc::clone(gangway)));
    spawn(jobs, gangway, erase_users::EraseUsers(Arc::clone(gangway)));
    if gangway.webhook.receiver().is_some() {
        spawn_deliveries(jobs, gangway);
    }
    spawn(jobs, gangway, retention::Retention::new(Arc::clone(gangway)));
}

fn spawn_deliveries(jobs: &mut JoinSet<()>, gangway: &Arc<Gangway>) {
    for queue in [Queue::Initial, Queue::Retry] {
        let gangway = Arc::clone(gangway);
        let job = deliver_events::DeliverEvents { gangway: Arc::clone(&gangway), queue };
        jobs.spawn(async move { run(job, &gangway.webhook.wakeup(), &gangway.shutdown).await });
    }
}

fn spawn(jobs: &mut JoinSet<()>, gangway: &Arc<Gangway>, job: impl Job) {
    let gangway = Arc::clone(gangway);
    jobs.spawn(async move { run(job, &gangway.reconciler_wakeup, &gangway.shutdown).await });
}
