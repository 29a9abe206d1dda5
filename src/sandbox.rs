//! An emulator of Alloy's Connectivity API and of the providers behind it, in memory, and the sample host (`acme`).
//!
//! It emulates third-party systems and shares no code with the product, which calls it over HTTP only. It behaves as
//! Alloy documents or was observed to behave; undocumented behaviour is a named [`Fault`].
//!
//! - API calls: `gate` checks version and key and dispatches to `users`, `credentials`, `actions` and `catalogue`;
//!   `breakage` applies faults to responses.
//! - Browsers: Alloy's two addresses (`authorize`), the consent page (`provider`), and the provider's channels and
//!   installed apps (`provider_pages`).
//! - Tests: [`Control`] in the same process, `control_api` over HTTP, with `visit` in a browser's place.

pub mod acme;
mod actions;
mod answer;
mod authorization_code;
mod authorize;
mod breakage;
mod catalogue;
mod clock;
mod control;
mod control_api;
mod credentials;
mod fault;
mod gate;
mod icons;
mod journal;
mod ledger;
mod link_token;
mod messages;
mod opener_policy;
mod pages;
mod provider;
mod provider_pages;
mod redirect;
mod round_trip;
mod route;
mod schema;
mod switchboard;
mod users;
mod visit;
mod world;

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, web};

use self::world::World;
pub use self::{
    control::Control,
    fault::{Fault, Switch},
    journal::Call,
    ledger::{Credential, OWNER, REVOKED, User},
    messages::Message,
    route::Route,
};

/// The default API key.
pub const API_KEY: &str = "sandbox-key";

/// Options of a sandbox.
#[derive(Debug, Clone)]
pub struct Options {
    /// The only accepted API key.
    pub api_key: String,
    /// Base URL for clients, without a trailing slash; by default the listener's address, such as
    /// `http://127.0.0.1:4040`.
    pub base_url: Option<String>,
    /// Faults that are on from the start.
    pub faults: Vec<Switch>,
}

impl Default for Options {
    fn default() -> Self {
        Self { api_key: API_KEY.to_owned(), base_url: None, faults: Vec::new() }
    }
}

/// A listening sandbox; it serves requests while [`Sandbox::run_until_stopped`] is awaited.
pub struct Sandbox {
    server: Server,
    control: Control,
}

impl Sandbox {
    /// Builds a sandbox on that listener. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn build(listener: TcpListener, options: Options) -> io::Result<Self> {
        let mut address = listener.local_addr()?;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let own = format!("http://{address}");
        let base_url = options.base_url.clone().unwrap_or_else(|| own.clone());
        let world = web::Data::new(World::new(base_url, options, &format!("{own}/provider"))?);
        let shared = world.clone();
        let server = HttpServer::new(move || {
            let app = App::new().app_data(shared.clone());
            app.wrap(from_fn(opener_policy::of_providers)).configure(routes)
        })
        .workers(2)
        .keep_alive(Duration::from_secs(75))
        .disable_signals()
        .listen(listener)?
        .run();
        let control = Control::new(world, server.handle());
        Ok(Self { server, control })
    }

    /// Base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.control.base_url()
    }

    /// A handle that controls the sandbox.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Serves requests until [`Control::stop`] is called. The caller handles signals.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run_until_stopped(self) -> io::Result<()> {
        self.server.await
    }
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(pages::front))
        .route("/sandbox.css", web::get().to(pages::style))
        .route("/icons/{connector}.svg", web::get().to(pages::icon))
        .route("/api/strategy/connector/{connector}/authorize", web::get().to(authorize::authorize))
        .route("/api/strategy/connector/{connector}/callback", web::get().to(authorize::callback))
        .route("/provider/{connector}/authorize", web::get().to(provider::consent))
        .route("/provider/{connector}/authorize", web::post().to(provider::decide))
        .route("/provider/{connector}/token", web::post().to(provider::token))
        .route("/provider/{connector}/app_redirect", web::get().to(provider_pages::app_redirect))
        .route("/provider/{connector}/channels/{channel}", web::get().to(provider_pages::channel))
        .route("/provider/{connector}/apps", web::get().to(provider_pages::installed_apps))
        .route("/provider/{connector}/apps", web::post().to(provider_pages::remove_access))
        .configure(control_api::routes)
        .default_service(web::to(gate::answer));
}
