//! Building the server from the settings, and running it until it is stopped.

mod gate;
mod listener;
mod open_files;
mod phrases;
mod reload;
mod routes;
mod serve;
mod services;
mod signals;
mod stop_handle;
mod timed_stream;
mod workers;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use actix_server::Server;
use actix_web::{
    App,
    middleware::{Compress, Condition, from_fn},
    web,
};
use anyhow::Context as _;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing_actix_web::TracingLogger;

use crate::{
    alloy::{AlloyClient, ApiAccess, LinkRules, Timeouts, Users},
    attempts::{Attempts, Parts, listings::Listings},
    catalogue::{Catalogue, Icons},
    config::Settings,
    connections::Connections,
    domain::{
        clock::{SharedClock, SharedEntropy, SystemClock, SystemEntropy},
        keys::Keys,
    },
    host_api::problem_document,
    runtime::metrics::Metrics,
    sessions::{Sessions, alloy_users::AlloyUsers},
    store,
    web::{
        admin::{self, Monitored},
        middleware::{
            browser_session::BrowserSessions,
            decodable_path::decodable_path,
            held::HeldRequests,
            language::language,
            loopback_host::loopback_host,
            measured::measured,
            old_protocol::old_protocol,
            own_cookies::own_cookies,
            problem_page::{ProblemPages, problem_page},
            rate_limit::RateLimits,
            request_deadline::request_deadline,
            request_id::RequestSpan,
            security_headers::{SecurityHeaders, security_headers},
            uri_length::uri_length,
        },
        site::Site,
    },
    webhook::{Receiver, Webhook},
};

use gate::Gate;
pub use listener::Listeners;
use listener::Terms;
pub use open_files::raise_open_file_limit;
pub(crate) use phrases::languages;
pub(crate) use reload::SettingsSource;
pub(crate) use serve::serve;
pub use services::Services;
pub(crate) use signals::{CommandStop, stop_signal};
pub use stop_handle::StopHandle;

/// Timeout for requests in progress when the server stops.
const SHUTDOWN_TIMEOUT_SECONDS: u64 = 25;
/// Timeout for background tasks, from the stop signal on.
const WORKER_TIMEOUT: Duration = Duration::from_secs(28);

/// Clock, randomness and timeouts, which tests replace.
#[derive(Clone)]
pub struct Environment {
    /// Clock.
    pub clock: SharedClock,
    /// Randomness.
    pub entropy: SharedEntropy,
    /// Timeouts of Alloy calls.
    pub patience: Timeouts,
}

impl Default for Environment {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy), patience: Timeouts::default() }
    }
}

/// Builds all services from the settings.
pub async fn services(settings: Settings, environment: Environment) -> anyhow::Result<Services> {
    let store = store::open(&settings.store.url).await.context("store.url")?;
    // Only a local sandbox uses plain http.
    let sandbox = settings.alloy.base_url.scheme() == "http";
    let links = LinkRules::new(&settings.alloy.allowed_hosts, &settings.server.public_url, sandbox);
    let access = ApiAccess {
        base_url: settings.alloy.base_url.clone(),
        api_key: settings.alloy.api_key.clone(),
        api_version: settings.alloy.api_version.clone(),
    };
    let alloy = Arc::new(AlloyClient::new(&access, links, environment.patience, environment.entropy.clone())?);
    let Environment { clock, entropy, .. } = environment;
    let keys = Keys::new(&settings.session.keys);
    let catalogue = Arc::new(Catalogue::new(alloy.clone(), settings.connectors.clone(), clock.clone()));
    let clocks = (clock.clone(), entropy.clone());
    let shutdown = CancellationToken::new();
    let sessions = Sessions::new(&settings, store.clone(), catalogue.clone(), keys.clone(), clocks, shutdown.clone())?;
    let listings = Arc::new(Listings::new(alloy.clone(), catalogue.clone(), clock.clone()));
    let alloy_users = Arc::new(AlloyUsers {
        store: store.clone(),
        users: Users::new(alloy.clone(), &settings.alloy.username_prefix),
        prefix: settings.alloy.username_prefix.clone(),
        clock: clock.clone(),
    });
    let metrics = Arc::new(Metrics::new(alloy.calls()));
    let webhook = Arc::new(Webhook {
        receiver: Receiver::from_settings(&settings.webhook)?,
        wakeup: Arc::default(),
        store: store.clone(),
        metrics: metrics.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
    });
    let clocks = (clock.clone(), entropy.clone());
    let site = Site::new(&settings, languages(&settings.brand)?, Arc::clone(&catalogue), keys.clone(), clocks);
    let jobs_wakeup = Arc::new(Notify::new());
    let attempts = Arc::new(Attempts::new(Parts {
        store: store.clone(),
        alloy: alloy.clone(),
        catalogue: catalogue.clone(),
        listings: listings.clone(),
        alloy_users: alloy_users.clone(),
        metrics: metrics.clone(),
        keys: keys.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
        link: settings.link.clone(),
        keys_per_app: settings.limits.keys_per_app,
        verify_completion: settings.host.verify_completion,
        jobs_wakeup: jobs_wakeup.clone(),
        webhook_wakeup: webhook.wakeup.clone(),
        session_watchers: sessions.watchers(),
        shutdown: shutdown.clone(),
    }));
    let connections = Arc::new(Connections {
        store: store.clone(),
        background: alloy.in_background(),
        alloy: alloy.clone(),
        alloy_users: alloy_users.clone(),
        catalogue: catalogue.clone(),
        listings: listings.clone(),
        attempts: attempts.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
        jobs_wakeup: jobs_wakeup.clone(),
        webhook_wakeup: webhook.wakeup.clone(),
        users_stay_since: Mutex::default(),
    });
    Ok(Services {
        store,
        alloy_users,
        attempts,
        connections,
        listings,
        catalogue,
        icons: Arc::new(Icons::new(&settings.alloy.icon_hosts, sandbox)?),
        metrics,
        alloy,
        site: Arc::new(site),
        keys,
        sessions: Arc::new(sessions),
        limits: Arc::new(RateLimits::new(&settings)),
        held: Arc::new(HeldRequests::new(settings.limits.held_per_session.get())),
        held_outcomes: Arc::new(HeldRequests::new(settings.limits.held_per_session.get())),
        shutdown,
        webhook,
        jobs_wakeup,
        clock,
        entropy,
        settings,
    })
}

/// A server, built and ready to run.
pub struct Startup {
    services: Arc<Services>,
    public: Server,
    admin: Server,
    gate: Arc<Gate>,
    at_once: CancellationToken,
    hold_back: bool,
}

impl Startup {
    /// Builds the server. The last middleware wrapped runs first: a request passes metrics, the log, security headers,
    /// cookies, language, problem pages, URL limits, compression and the time limit, in this order.
    pub fn build(services: Services, listeners: Listeners) -> anyhow::Result<Self> {
        let (headers, services) = (web::Data::new(SecurityHeaders::new(&services.settings)), Arc::new(services));
        let pages = web::Data::new(ProblemPages {
            site: Arc::clone(&services.site),
            metrics: Arc::clone(&services.metrics),
            headers: headers.clone(),
            write_document: problem_document,
        });
        let keep_alive = services.settings.server.keep_alive;
        let (state, headers_data) = (Arc::clone(&services), headers.clone());
        let browsers = web::Data::new(BrowserSessions::new(
            services.store.clone(),
            services.clock.clone(),
            services.entropy.clone(),
            services.settings.session.absolute + services.settings.link.deadline,
        ));
        let server = || Server::build().shutdown_timeout(SHUTDOWN_TIMEOUT_SECONDS);
        let gate = Arc::new(Gate::of(&listeners.public)?);
        let terms = |arrivals| Terms { keep_alive, arrivals, shutdown: services.shutdown.clone() };
        let (public_terms, admin_terms) = (terms(gate.arrivals()), terms(Arc::default()));
        let public = listener::listen(server(), listeners.public, public_terms, move || {
            App::new()
                .app_data(headers_data.clone())
                .app_data(pages.clone())
                .configure(|config| routes::public(config, &state, &browsers))
                .wrap(from_fn(request_deadline))
                .wrap(Compress::default())
                .wrap(from_fn(old_protocol))
                .wrap(from_fn(decodable_path))
                .wrap(from_fn(uri_length))
                .wrap(from_fn(problem_page))
                .wrap(from_fn(language))
                .wrap(from_fn(own_cookies))
                .wrap(from_fn(security_headers))
                .wrap(TracingLogger::<RequestSpan>::new())
                .wrap(from_fn(measured))
                .wrap(from_fn(crate::web::middleware::callback_path::callback_path))
        })?;
        let monitored = Monitored {
            store: services.store.clone(),
            alloy: services.alloy.clone(),
            webhook: services.webhook.clone(),
            metrics: services.metrics.clone(),
            clock: services.clock.clone(),
            shutdown: services.shutdown.clone(),
        };
        let is_loopback = listeners.admin.local_addr()?.ip().to_canonical().is_loopback();
        let admin = listener::listen(server().workers(1), listeners.admin, admin_terms, move || {
            App::new()
                .app_data(web::Data::new(monitored.clone()))
                .app_data(headers.clone())
                .configure(admin::addresses)
                .wrap(Condition::new(is_loopback, from_fn(loopback_host)))
                .wrap(from_fn(security_headers))
        })?;
        Ok(Self { services, public, admin, gate, at_once: CancellationToken::new(), hold_back: false })
    }

    /// Answers requests only: no background job runs, so that no event is sent and nothing is deleted at Alloy.
    #[must_use]
    pub fn holding_back(self, hold_back: bool) -> Self {
        Self { hold_back, ..self }
    }

    /// Returns a handle that stops the server.
    pub fn handle(&self) -> StopHandle {
        let (gate, at_once) = (Arc::downgrade(&self.gate), self.at_once.clone());
        StopHandle { public: self.public.handle(), services: self.services.clone(), gate, at_once }
    }

    /// Serves until a handle stops it.
    pub async fn run_until_stopped(self) -> std::io::Result<()> {
        let (admin, admin_task) = (self.admin.handle(), tokio::spawn(self.admin));
        let mut workers = workers::spawn(&self.services, self.hold_back);
        let shutdown = self.services.shutdown.clone();
        let time_is_up = tokio::spawn(async move {
            shutdown.cancelled().await;
            tokio::time::sleep(WORKER_TIMEOUT).await;
        });
        let ended = self.public.await;
        self.services.shutdown.cancel();
        tokio::select! {
            () = async { while workers.join_next().await.is_some() {} } => {}
            _ = time_is_up => tracing::warn!("background work is left to the next process"),
            () = self.at_once.cancelled() => {}
        }
        admin.stop(false).await;
        admin_task.await.ok();
        ended
    }
}
