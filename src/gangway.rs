//! What every handler has at hand.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    alloy::{AlloyClient, Catalogue, Icons},
    attempts::{Attempts, listings::Listings},
    config::Settings,
    connections::Connections,
    domain::{
        clock::{SharedClock, SharedEntropy},
        connector::ConnectorId,
        keys::{Keys, Purpose},
        session::{ConnectSession, Lifetime, SessionId, StartCode},
    },
    i18n::Languages,
    runtime::metrics::Metrics,
    sessions::{alloy_users::AlloyUsers, host_token::HostTokens},
    store::{Store, StoreError},
    web::{
        middleware::{held::HeldRequests, rate_limit::RateLimits},
        static_files::Style,
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
    pub icons: Icons,
    /// The languages of the pages.
    pub languages: Languages,
    /// Our stylesheet, with the host's colour.
    pub style: Style,
    /// Keys derived from `session.keys`.
    pub keys: Arc<Keys>,
    /// What the host signs in place of a call.
    pub host_tokens: HostTokens,
    /// How many requests there were.
    pub limits: RateLimits,
    /// How many requests each user holds.
    pub held: HeldRequests,
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
    /// How long sessions live.
    pub fn lifetime(&self) -> Lifetime {
        let whole = |duration| time::Duration::try_from(duration).unwrap_or(time::Duration::MAX);
        Lifetime { idle: whole(self.settings.session.idle), absolute: whole(self.settings.session.absolute) }
    }

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

    /// What people call an account at that app, such as "Workspace".
    pub fn account_label(&self, connector: &ConnectorId) -> Option<String> {
        self.catalogue.settings().of(connector)?.whoami.as_ref()?.label.clone()
    }

    /// An address of ours as the world sees it.
    pub fn public(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// Our own origin, as browsers send it in `Origin`.
    pub fn origin(&self) -> String {
        self.settings.server.public_url.origin().ascii_serialization()
    }

    /// Where *Back to the host* leads in that session, or without one.
    pub fn return_url(&self, session: Option<&ConnectSession>) -> Option<String> {
        session
            .and_then(|session| session.return_url.clone())
            .or_else(|| self.settings.host.return_urls.first().map(Url::to_string))
    }
}
