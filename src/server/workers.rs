//! The background work of every process.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::{gangway::Gangway, jobs};

/// Starts it. Each task ends after its current item once [`Gangway::shutdown`] is cancelled, and all are aborted when the
/// set is dropped.
pub(crate) fn spawn(gangway: &Arc<Gangway>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    jobs::spawn_all(&mut tasks, gangway);
    tasks.spawn(Arc::clone(&gangway.attempts).notify_watchers());
    tasks
}
