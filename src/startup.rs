//! From settings to a running server: build, learn the port, run until stopped.

mod addresses;
mod listener;
mod open_files;
mod patient;
mod phrases;

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_server::{Server, ServerHandle};
use actix_web::{
    App,
    middleware::{Compress, from_fn},
    web,
};
use anyhow::Context as _;
use tokio::sync::Notify;
use tracing_actix_web::TracingLogger;

use crate::{
    admin,
    alloy::{AlloyClient, Catalogue, Icons, LinkRules, Patience, Users},
    clock::{SharedClock, SharedEntropy, SystemClock, SystemEntropy},
    gangway::Gangway,
    journey::{Queues, Trials},
    keys::Keys,
    middleware::{
        in_time::in_time,
        language::language,
        problem_page::problem_page,
        rate_limit::RateLimits,
        request_id::RequestSpan,
        security_headers::{SecurityHeaders, security_headers},
        uri_length::uri_length,
    },
    reconciler,
    settings::Settings,
    static_files::Style,
    store,
    webhook::{self, Webhook},
};

pub use open_files::allow_many_files;
pub use phrases::languages;

/// How long requests under way may take once the server is told to stop.
const DRAIN_SECONDS: u64 = 25;

/// How long events that are being sent are waited for after that. They were told to finish when the draining began, and so
/// this is never added to it.
const DELIVERIES_DRAIN: Duration = Duration::from_secs(17);

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
    let alloy = Arc::new(AlloyClient::new(&settings.alloy, links, outside.patience, outside.entropy.clone())?);
    Ok(Gangway {
        store,
        users: Users::new(alloy.clone(), &settings.alloy.username_prefix),
        catalogue: Catalogue::new(alloy.clone(), settings.connectors.clone(), outside.clock.clone()),
        icons: Icons::new(&settings.alloy, sandbox)?,
        alloy_aside: alloy.in_background(),
        alloy,
        languages: languages(&settings.brand)?,
        style: Style::of(settings.brand.color.as_deref()),
        keys: Keys::new(&settings.session.keys),
        limits: RateLimits::new(&settings),
        draining: AtomicBool::new(false),
        queues: Queues::default(),
        trials: Trials::default(),
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
}

impl Stop {
    /// Stops: with `graceful` once the requests under way are answered, and from the first moment not ready any more.
    pub async fn stop(&self, graceful: bool) {
        self.gangway.draining.store(true, Ordering::Relaxed);
        if graceful {
            self.gangway.webhook.finish();
        }
        self.public.stop(graceful).await;
    }
}

/// A server that is ready to run.
pub struct Startup {
    gangway: web::Data<Gangway>,
    public: Server,
    admin: Server,
}

impl Startup {
    /// Builds the server. Every response passes, from the outside in: the log, the security headers, the language, the
    /// problem pages, the limit of addresses, compression.
    ///
    /// # Errors
    /// When a socket cannot be listened on.
    pub fn build(gangway: Gangway, listeners: Listeners) -> anyhow::Result<Self> {
        let headers = web::Data::new(SecurityHeaders::new(&gangway.settings));
        let gangway = web::Data::new(gangway);
        let (state, dressing) = (gangway.clone(), headers.clone());
        let server = || Server::build().shutdown_timeout(DRAIN_SECONDS);
        let public = listener::listen(server(), listeners.public, move || {
            App::new()
                .app_data(state.clone())
                .app_data(dressing.clone())
                .configure(|services| addresses::public(services, &state))
                .wrap(from_fn(in_time))
                .wrap(Compress::default())
                .wrap(from_fn(uri_length))
                .wrap(from_fn(problem_page))
                .wrap(from_fn(language))
                .wrap(from_fn(security_headers))
                .wrap(TracingLogger::<RequestSpan>::new())
        })?;
        let known = gangway.clone();
        let admin = listener::listen(server().workers(1), listeners.admin, move || {
            App::new()
                .app_data(known.clone())
                .app_data(headers.clone())
                .configure(admin::addresses)
                .wrap(from_fn(security_headers))
        })?;
        Ok(Self { gangway, public, admin })
    }

    /// Stops the server from elsewhere, once the requests under way are answered.
    pub fn handle(&self) -> Stop {
        Stop { public: self.public.handle(), gangway: self.gangway.clone() }
    }

    /// Serves until the handle stops it.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run_until_stopped(self) -> std::io::Result<()> {
        let admin = self.admin.handle();
        let beside = tokio::spawn(self.admin);
        let gangway = self.gangway.into_inner();
        let reconciler = tokio::spawn(reconciler::run(gangway.clone()));
        let mut deliveries = tokio::spawn(webhook::run(gangway.clone()));
        let ended = self.public.await;
        if gangway.webhook.is_finishing() {
            tokio::time::timeout(DELIVERIES_DRAIN, &mut deliveries).await.ok();
        }
        deliveries.abort();
        // What it was at is kept, and another process goes on with it.
        reconciler.abort();
        admin.stop(false).await;
        beside.await.ok();
        ended
    }
}

/// `gangway serve`: binds, builds, and serves until a signal asks for the end.
///
/// # Errors
/// When an address is in use, the store cannot be opened, or the server fails.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    allow_many_files();
    let listeners = Listeners::bind(&settings)?;
    let (bind, admin) = (settings.server.bind, settings.server.admin_bind);
    let startup = Startup::build(gangway(settings, Outside::default()).await?, listeners)?;
    let handle = startup.handle();
    tracing::info!(%bind, %admin, version = env!("CARGO_PKG_VERSION"), "ready");
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping: requests under way are answered first");
        handle.stop(true).await;
    });
    startup.run_until_stopped().await.context("the server failed")
}

/// Waits for SIGTERM, for Ctrl-C, or for the terminal to be closed.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut hangup)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
