//! What works beside the server, in every process: begun with it, and ended after it.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, timeout_at},
};

use crate::{attempts::watchers::ring_for_others, gangway::Gangway, jobs, runtime::draining::Draining, webhook};

/// How long all of it may take, from the word to stop on. What they leave undone another process finds.
const LAST: Duration = Duration::from_secs(28);

/// The tasks in the background. They end with this.
pub(crate) struct Workers(JoinSet<()>);

impl Workers {
    /// Begins all of them. Each stops by itself when [`Gangway::draining`] begins, after what it is at.
    pub(crate) fn begin(gangway: &Arc<Gangway>) -> Self {
        let mut all = JoinSet::new();
        jobs::spawn_all(&mut all, gangway);
        all.spawn(ring_for_others(Arc::clone(gangway)));
        all.spawn(webhook::run(Arc::clone(gangway)));
        Self(all)
    }

    /// Waits for their end. They have known of it as long as the last request has, and are as good as done.
    pub(crate) async fn finish(mut self, draining: &Draining) {
        let until = draining.since().unwrap_or_else(Instant::now) + LAST;
        let all = async { while self.0.join_next().await.is_some() {} };
        if timeout_at(until, all).await.is_err() {
            tracing::warn!("work in the background is left to the next process");
        }
    }
}
