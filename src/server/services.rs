//! The services of a running process. Only this module and its parent see all of them; handlers take what they name.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    alloy::AlloyClient,
    attempts::{Attempts, listings::Listings},
    catalogue::{Catalogue, Icons},
    config::Settings,
    connections::Connections,
    domain::{
        clock::{SharedClock, SharedEntropy},
        keys::Keys,
        session::{ExternalId, SessionId},
    },
    runtime::metrics::Metrics,
    sessions::{Sessions, alloy_users::AlloyUsers},
    store::Store,
    web::{
        middleware::{held::HeldRequests, rate_limit::RateLimits},
        site::Site,
    },
    webhook::Webhook,
};

/// Everything that [`super::services`] builds from the settings.
pub struct Services {
    pub(super) settings: Settings,
    /// The store.
    pub store: Store,
    /// The client for Alloy.
    pub alloy: Arc<AlloyClient>,
    pub(super) alloy_users: Arc<AlloyUsers>,
    pub(super) attempts: Arc<Attempts>,
    pub(super) connections: Arc<Connections>,
    pub(super) listings: Arc<Listings>,
    /// The connectors.
    pub catalogue: Arc<Catalogue>,
    /// The icons of connectors.
    pub icons: Arc<Icons>,
    pub(crate) site: Arc<Site>,
    /// Keys derived from `session.keys`.
    pub keys: Keys,
    pub(crate) sessions: Arc<Sessions>,
    pub(super) limits: Arc<RateLimits>,
    pub(super) held: Arc<HeldRequests<ExternalId>>,
    pub(super) held_outcomes: Arc<HeldRequests<SessionId>>,
    pub(crate) metrics: Arc<Metrics>,
    pub(super) shutdown: CancellationToken,
    pub(super) webhook: Arc<Webhook>,
    pub(super) jobs_wakeup: Arc<Notify>,
    pub(super) clock: SharedClock,
    pub(super) entropy: SharedEntropy,
}
