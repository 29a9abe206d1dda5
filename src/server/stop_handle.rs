//! Stopping a running server.

use std::sync::Arc;

use actix_server::ServerHandle;
use tokio_util::sync::CancellationToken;

use super::services::Services;

/// Stops a running server.
pub struct StopHandle {
    pub(super) public: ServerHandle,
    pub(super) services: Arc<Services>,
    pub(super) at_once: CancellationToken,
}

impl StopHandle {
    /// A graceful stop makes `/readyz` fail, accepts requests for `server.drain` longer, so that load balancers notice,
    /// and completes those in progress. Otherwise everything is aborted.
    pub async fn stop(&self, graceful: bool) {
        self.services.shutdown.cancel();
        if graceful {
            tokio::time::sleep(self.services.settings.server.drain).await;
        } else {
            self.at_once.cancel();
        }
        self.public.stop(graceful).await;
    }

    /// Number of API calls that wait for an attempt to end.
    pub fn waiting(&self) -> usize {
        self.services.attempts.watchers().count()
    }

    /// Number of requests of host pages for the outcome of a session.
    pub fn waiting_for_outcomes(&self) -> usize {
        self.services.sessions.watchers().count()
    }
}
