//! The background work of every process.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::{
    attempts::watchers::ring_for_others,
    gangway::Gangway,
    jobs::{reconciler, retention},
    webhook,
};

/// Starts it. Each task ends after its current item once [`Gangway::shutdown`] is cancelled, and all are aborted when the
/// set is dropped.
pub(crate) fn spawn(gangway: &Arc<Gangway>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(reconciler::run(Arc::clone(gangway)));
    tasks.spawn(retention::run(Arc::clone(gangway)));
    tasks.spawn(ring_for_others(Arc::clone(gangway)));
    tasks.spawn(webhook::run(Arc::clone(gangway)));
    tasks
}
