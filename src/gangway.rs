//! What every handler has at hand.

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

/// One running Gangway: the settings, and the few things that outlive a request.
pub struct Gangway {
    /// As they were when it started.
    pub settings: Settings,
    /// What must outlive the process.
    pub store: Store,
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
    /// The use cases of connect sessions.
    pub sessions: Arc<Sessions>,
    /// How many requests there were.
    pub limits: Arc<RateLimits>,
    /// How many requests each user holds.
    pub held: Arc<HeldRequests>,
    /// What is counted for whoever watches.
    pub metrics: Arc<Metrics>,
    /// Cancelled when the process is told to stop: `/readyz` says so, and held requests and background work end.
    pub shutdown: CancellationToken,
    /// Where events go.
    pub(crate) webhook: Arc<Webhook>,
    /// Notified when there is work for the reconciler.
    pub reconciler_wakeup: Arc<Notify>,
    /// Tells the time.
    pub clock: SharedClock,
    /// Gives randomness.
    pub entropy: SharedEntropy,
}
