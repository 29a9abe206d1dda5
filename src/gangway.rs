//! What every handler has at hand.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    alloy::{AlloyClient, Catalogue, Icons},
    attempts::{Attempts, listings::Listings},
    config::Settings,
    connections::Connections,
    domain::{
        clock::{SharedClock, SharedEntropy},
        connector::ConnectorId,
        keys::{Keys, Purpose},
        session::{SessionId, StartCode},
    },
    runtime::metrics::Metrics,
    sessions::{alloy_users::AlloyUsers, host_token::HostTokens},
    store::{Store, StoreError},
    web::{
        middleware::{held::HeldRequests, rate_limit::RateLimits},
        site::Site,
    },
    webhook::Webhook,
};

/// One running Gangway: the settings, and the few things that outlive a request.
pub struct Gangway {
    /// As they were when it started.
    pub settings: Settings,
    /// What must outlive the process.
    pub store: Arc<dyn Store>,
    /// The vendor.
    pub alloy: Arc<AlloyClient>,
    /// Alloy's ids of the host's users.
    pub(crate) alloy_users: Arc<AlloyUsers>,
    /// The use cases of link attempts.
    pub(crate) attempts: Arc<Attempts>,
    /// The use cases of connections.
    pub(crate) connections: Arc<Connections>,
    /// Alloy's lists of the users' credentials.
    pub(crate) listings: Arc<Listings>,
    /// The apps, and how each is signed in to.
    pub catalogue: Arc<Catalogue>,
    /// The apps' pictures.
    pub icons: Arc<Icons>,
    /// What all pages share.
    pub site: Arc<Site>,
    /// Keys derived from `session.keys`.
    pub keys: Keys,
    /// What the host signs in place of a call.
    pub host_tokens: HostTokens,
    /// How many requests there were.
    pub limits: Arc<RateLimits>,
    /// How many requests each user holds.
    pub held: Arc<HeldRequests>,
    /// What is counted for whoever watches.
    pub metrics: Arc<Metrics>,
    /// Cancelled when the process is told to stop: `/readyz` says so, and held requests and background work end.
    pub shutdown: CancellationToken,
    /// Where events go.
    pub webhook: Webhook,
    /// Notified when there is work for the reconciler.
    pub reconciler_wakeup: Arc<Notify>,
    /// Tells the time.
    pub clock: SharedClock,
    /// Gives randomness.
    pub entropy: SharedEntropy,
}

impl Gangway {
    /// The start code of that session: derived, so that it need not be kept.
    pub fn start_code(&self, session: SessionId) -> Option<StartCode> {
        self.start_codes(session).into_iter().next()
    }

    fn start_codes(&self, session: SessionId) -> Vec<StartCode> {
        let tags = self.keys.tags(Purpose::StartCode, session.0.as_bytes());
        tags.filter_map(|tag| StartCode::parse(&tag.to_text()).ok()).collect()
    }

    /// The start code under which that session was kept, whichever of our keys made it; `None` if that key is gone.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn kept_start_code(&self, session: SessionId) -> Result<Option<StartCode>, StoreError> {
        for code in self.start_codes(session) {
            if self.store.session_by_code(&code.digest()).await?.is_some() {
                return Ok(Some(code));
            }
        }
        Ok(None)
    }

    /// What an app is called where it is counted: hosts and browsers may name any.
    pub async fn app_label(&self, connector: Option<&ConnectorId>) -> String {
        match connector {
            None => "none".to_owned(),
            Some(named) => {
                self.catalogue.known(named).await.map_or_else(|| "other".to_owned(), |known| known.to_string())
            }
        }
    }
}
