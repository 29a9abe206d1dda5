//! Stopping a running server.

use std::sync::{Arc, Weak};

use actix_server::ServerHandle;
use tokio_util::sync::CancellationToken;

use super::{gate::Gate, services::Services};

/// Stops a running server.
pub struct StopHandle {
    pub(super) public: ServerHandle,
    pub(super) services: Arc<Services>,
    pub(super) gate: Weak<Gate>,
    pub(super) at_once: CancellationToken,
}

impl StopHandle {
    /// A graceful stop makes `/readyz` fail, accepts requests for `server.drain` longer, so that load balancers notice,
    /// refuses new connections, and completes the requests in progress. Otherwise everything is aborted.
    pub async fn stop(&self, graceful: bool) {
        self.services.shutdown.cancel();
        let gate = self.gate.upgrade();
        if graceful {
            let drain = self.services.settings.server.drain;
            tokio::time::sleep(drain).await;
            if let Some(gate) = &gate {
                gate.shut(drain).await;
            }
        } else {
            self.at_once.cancel();
        }
        drop(gate.and_then(|gate| gate.take()));
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
