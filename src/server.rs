//! From settings to a running server: build, learn the port, run until stopped.

mod addresses;
mod listener;
mod open_files;
mod patient;
mod phrases;
mod reload;
mod signals;
mod workers;

use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_server::{Server, ServerHandle};
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
    alloy::{AlloyClient, Catalogue, Icons, LinkRules, Patience, Users},
    attempts::{commit::Queues, listings::SharedLooks, prove::Trials, watchers::Bell},
    config::Settings,
    domain::{
        clock::{SharedClock, SharedEntropy, SystemClock, SystemEntropy},
        keys::Keys,
    },
    gangway::Gangway,
    host_api::problem_document,
    runtime::metrics::Metrics,
    sessions::Sessions,
    store,
    web::{
        admin,
        middleware::{
            browser_session::BrowserSessions,
            decodable_path::decodable_path,
            held::HeldRequests,
            in_time::in_time,
            language::language,
            loopback_host::loopback_host,
            measured::measured,
            own_cookies::own_cookies,
            problem_page::{ProblemPages, problem_page},
            rate_limit::RateLimits,
            request_id::RequestSpan,
            security_headers::{SecurityHeaders, security_headers},
            uri_length::uri_length,
        },
        site::Site,
    },
    webhook::Webhook,
};

pub use open_files::allow_many_files;
pub use phrases::languages;
pub use reload::Source;
pub use signals::asked_to_stop;

use reload::Reload;
use signals::{Hangup, Hangups, StopSignals};

/// How long requests under way may take once the server is told to stop.
const DRAIN_SECONDS: u64 = 25;
/// Timeout for the background work, from the signal to stop on.
const WORKER_TIMEOUT: Duration = Duration::from_secs(28);

/// What the program takes from outside itself.
#[derive(Clone)]
pub struct Outside {
    /// Tells the time.
    pub clock: SharedClock,
    /// Gives randomness.
    pub entropy: SharedEntropy,
    /// How long the vendor may take.
    pub patience: Patience,
}

impl Default for Outside {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy), patience: Patience::default() }
    }
}

/// The sockets that a server answers on: bound first, so that their ports are known.
pub struct Listeners {
    /// For browsers and the host.
    pub public: TcpListener,
    /// For operators only.
    pub admin: TcpListener,
}

impl Listeners {
    /// Binds what the settings name.
    ///
    /// # Errors
    /// When an address is in use or not ours; the message names it.
    pub fn bind(settings: &Settings) -> anyhow::Result<Self> {
        let bind =
            |name, address| TcpListener::bind(address).with_context(|| format!("{name} cannot be bound to {address}"));
        Ok(Self {
            public: bind("server.bind", settings.server.bind)?,
            admin: bind("server.admin_bind", settings.server.admin_bind)?,
        })
    }
}

/// Builds everything that the settings say: store, vendor, keys.
///
/// # Errors
/// When the store cannot be opened, or a client cannot be made.
pub async fn gangway(settings: Settings, outside: Outside) -> anyhow::Result<Gangway> {
    let store = store::open(&settings.store.url).await.context("store.url")?;
    // A sandbox on this machine speaks plain http; beside a public Gangway nothing does.
    let sandbox = settings.alloy.base_url.scheme() == "http";
    let links = LinkRules::new(&settings.alloy, &settings.server.public_url, sandbox);
    let keys = Keys::new(&settings.session.keys);
    let sessions =
        Sessions::new(&settings, store.clone(), keys.clone(), outside.clock.clone(), outside.entropy.clone())?;
    let alloy = Arc::new(AlloyClient::new(&settings.alloy, links, outside.patience, outside.entropy.clone())?);
    let catalogue = Arc::new(Catalogue::new(alloy.clone(), settings.connectors.clone(), outside.clock.clone()));
    let clocks = (outside.clock.clone(), outside.entropy.clone());
    let site = Site::new(&settings, languages(&settings.brand)?, Arc::clone(&catalogue), keys.clone(), clocks);
    Ok(Gangway {
        store,
        users: Users::new(alloy.clone(), &settings.alloy.username_prefix),
        catalogue,
        icons: Arc::new(Icons::new(&settings.alloy, sandbox)?),
        alloy_aside: alloy.in_background(),
        metrics: Arc::new(Metrics::new(alloy.calls())),
        alloy,
        site: Arc::new(site),
        keys,
        sessions: Arc::new(sessions),
        limits: Arc::new(RateLimits::new(&settings)),
        held: Arc::new(HeldRequests::new(settings.limits.held_per_session.get())),
        shutdown: CancellationToken::new(),
        queues: Queues::default(),
        bell: Bell::default(),
        trials: Trials::default(),
        looks: SharedLooks::default(),
        webhook: Webhook::new(&settings.webhook)?,
        work: Notify::new(),
        clock: outside.clock,
        entropy: outside.entropy,
        settings,
    })
}

/// Stops a server from elsewhere.
pub struct Stop {
    public: ServerHandle,
    gangway: web::Data<Gangway>,
    at_once: CancellationToken,
}

impl Stop {
    /// Stops. With `graceful` it is not ready any more from the first moment, takes requests for `server.drain` longer,
    /// so that whoever sends them has seen that, and answers those that are under way. Without, all of it ends at once.
    pub async fn stop(&self, graceful: bool) {
        self.gangway.shutdown.cancel();
        if graceful {
            tokio::time::sleep(self.gangway.settings.server.drain).await;
        } else {
            self.at_once.cancel();
        }
        self.public.stop(graceful).await;
    }

    /// How many callers of the API wait for the end of an attempt.
    pub fn waiting(&self) -> usize {
        self.gangway.bell.waiting()
    }
}

/// A server that is ready to run.
pub struct Startup {
    gangway: web::Data<Gangway>,
    public: Server,
    admin: Server,
    at_once: CancellationToken,
}

impl Startup {
    /// Builds the server. Every response passes, from the outside in: the log, the security headers, our cookies, the
    /// language, the problem pages, the limit of addresses, compression.
    ///
    /// # Errors
    /// When a socket cannot be listened on.
    pub fn build(gangway: Gangway, listeners: Listeners) -> anyhow::Result<Self> {
        let headers = web::Data::new(SecurityHeaders::new(&gangway.settings));
        let gangway = web::Data::new(gangway);
        let pages = web::Data::new(ProblemPages {
            site: Arc::clone(&gangway.site),
            metrics: Arc::clone(&gangway.metrics),
            headers: headers.clone(),
            write_document: problem_document,
        });
        let (state, dressing) = (gangway.clone(), headers.clone());
        let browsers = web::Data::new(BrowserSessions::new(
            gangway.store.clone(),
            gangway.clock.clone(),
            gangway.entropy.clone(),
            gangway.settings.session.absolute + gangway.settings.link.deadline,
        ));
        let server = || Server::build().shutdown_timeout(DRAIN_SECONDS);
        let public = listener::listen(server(), listeners.public, move || {
            App::new()
                .app_data(state.clone())
                .app_data(dressing.clone())
                .app_data(pages.clone())
                .configure(|services| addresses::public(services, &state, &browsers))
                .wrap(from_fn(in_time))
                .wrap(Compress::default())
                .wrap(from_fn(decodable_path))
                .wrap(from_fn(uri_length))
                .wrap(from_fn(problem_page))
                .wrap(from_fn(language))
                .wrap(from_fn(own_cookies))
                .wrap(from_fn(security_headers))
                .wrap(TracingLogger::<RequestSpan>::new())
                .wrap(from_fn(measured))
        })?;
        let known = gangway.clone();
        let for_this_machine = listeners.admin.local_addr()?.ip().to_canonical().is_loopback();
        let admin = listener::listen(server().workers(1), listeners.admin, move || {
            App::new()
                .app_data(known.clone())
                .app_data(headers.clone())
                .configure(admin::addresses)
                .wrap(Condition::new(for_this_machine, from_fn(loopback_host)))
                .wrap(from_fn(security_headers))
        })?;
        Ok(Self { gangway, public, admin, at_once: CancellationToken::new() })
    }

    /// Stops the server from elsewhere, once the requests under way are answered.
    pub fn handle(&self) -> Stop {
        Stop { public: self.public.handle(), gangway: self.gangway.clone(), at_once: self.at_once.clone() }
    }

    /// Serves until the handle stops it.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run_until_stopped(self) -> std::io::Result<()> {
        let admin = self.admin.handle();
        let beside = tokio::spawn(self.admin);
        let mut workers = workers::spawn(&self.gangway);
        let shutdown = self.gangway.shutdown.clone();
        let time_is_up = tokio::spawn(async move {
            shutdown.cancelled().await;
            tokio::time::sleep(WORKER_TIMEOUT).await;
        });
        let ended = self.public.await;
        self.gangway.shutdown.cancel();
        // Unfinished work stays in the store, and another process takes it up.
        tokio::select! {
            () = async { while workers.join_next().await.is_some() {} } => {}
            _ = time_is_up => tracing::warn!("background work is left to the next process"),
            () = self.at_once.cancelled() => {}
        }
        admin.stop(false).await;
        beside.await.ok();
        ended
    }
}

/// `gangway serve`: binds, builds, and serves until a signal asks for the end. With a source, changes of it are followed.
///
/// # Errors
/// When an address is in use, the store cannot be opened, or the server fails.
pub async fn serve(settings: Settings, source: Option<Source>) -> anyhow::Result<()> {
    allow_many_files();
    let mut hangups = Hangups::listen();
    let listeners = Listeners::bind(&settings)?;
    let (bind, admin) = (settings.server.bind, settings.server.admin_bind);
    let startup = Startup::build(gangway(settings, Outside::default()).await?, listeners)?;
    let handle = startup.handle();
    let reread = Arc::new(Notify::new());
    if let Some(source) = source {
        tokio::spawn(Reload::new(Arc::clone(&startup.gangway), source).run(Arc::clone(&reread)));
    }
    tracing::info!(%bind, %admin, version = env!("CARGO_PKG_VERSION"), "ready");
    // Until here SIGTERM ends the process at once.
    let mut stops = StopSignals::listen();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = stops.next() => break,
                hangup = hangups.next() => match hangup {
                    Hangup::Closed => break,
                    Hangup::Reread => reread.notify_one(),
                },
            }
        }
        tracing::info!("stopping: requests under way are answered first");
        tokio::select! {
            () = handle.stop(true) => {}
            () = stops.next() => handle.stop(false).await,
        }
    });
    startup.run_until_stopped().await.context("the server failed")
}
