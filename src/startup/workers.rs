//! What works beside the server, in every process: begun with it, and ended after it.

use std::{sync::Arc, time::Duration};

use tokio::{task::JoinSet, time::timeout};

use crate::{gangway::Gangway, journey::ring_for_others, reconciler, webhook};

/// How long what they are at may take once the last request is answered. They have known since draining began, and what
/// they leave undone another process finds.
const LAST: Duration = Duration::from_secs(2);

/// The tasks in the background. They end with this.
pub(super) struct Workers(JoinSet<()>);

impl Workers {
    /// Begins all of them. Each stops by itself when [`Gangway::draining`] begins, after what it is at.
    pub(super) fn begin(gangway: &Arc<Gangway>) -> Self {
        let mut all = JoinSet::new();
        all.spawn(reconciler::run(Arc::clone(gangway)));
        all.spawn(ring_for_others(Arc::clone(gangway)));
        all.spawn(webhook::run(Arc::clone(gangway)));
        Self(all)
    }

    /// Waits for their end, but not for long.
    pub(super) async fn finish(mut self) {
        let all = async { while self.0.join_next().await.is_some() {} };
        if timeout(LAST, all).await.is_err() {
            tracing::warn!("work in the background is left to the next process");
        }
    }
}
