//! Notifies callers of the API of the end of an attempt: at once if it ended in this process, otherwise within half a
//! second. One query serves all callers.

use std::sync::Arc;

use super::Attempts;
use crate::{domain::attempt::AttemptId, runtime::watchers::Watchers};

pub(crate) type AttemptWatchers = Watchers<AttemptId>;

impl Attempts {
    /// For attempts that other processes ended, until this process stops.
    pub(crate) async fn notify_watchers(self: Arc<Self>) {
        tokio::select! {
            () = self.parts.shutdown.cancelled() => {}
            () = self.query_watched() => {}
        }
    }

    async fn query_watched(&self) {
        loop {
            let watched = self.watchers.due().await;
            match self.parts.store.ended_among(&watched).await {
                Ok(ended) => ended.into_iter().for_each(|attempt| self.watchers.notify(attempt)),
                Err(error) => tracing::error!(%error, "the query for ended attempts failed"),
            }
        }
    }
}
