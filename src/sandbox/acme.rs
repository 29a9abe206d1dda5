//! "Acme Notes": a small product that embeds Gangway, and an integrator's first example. It uses Gangway's HTTP API and
//! nothing else. In reading order:
//! 1. `gangway.rs`: the calls of a host's server to Gangway. The one file to copy into a product.
//! 2. `connect.rs`: the buttons *Connect*, in a window where Gangway's script is there, else in this tab.
//! 3. `connections.rs`: the page with the apps (`apps.rs`), to which the browser returns; `outcome.rs` has the text for
//!    each outcome, and `disconnect.rs` the other direction.
//! 4. `webhook.rs`: signed events, for the cases without a returning browser.
//! 5. `alloy.rs`: the calls to Alloy with what the user connected. The other file to copy.
//! 6. `share.rs`: shares a note to Slack; `resume.rs` goes on after a link; `assistant.rs` is the same for an assistant.
//! 7. `behind_the_scenes.rs`: the drawer that shows each call as curl. A real host has none.
//!
//! The rest is the product itself: `accounts.rs`, `sign_in.rs`, `notes.rs`, `desk.rs`, `pages.rs` (templates in
//! `templates/demo`), `same_origin.rs` and `headers.rs` (protection of its own forms and pages), `files.rs` (static files).

mod accounts;
mod alloy;
mod apps;
mod assistant;
mod behind_the_scenes;
mod connect;
mod connections;
mod desk;
mod disconnect;
mod files;
mod gangway;
mod headers;
mod notes;
mod outcome;
mod pages;
mod resume;
mod same_origin;
mod share;
mod sign_in;
#[cfg(test)]
mod tests;
mod webhook;

use std::{io, net::TcpListener, sync::Arc};

use actix_web::{
    App, HttpServer,
    dev::{Server, ServerHandle},
    middleware::from_fn,
    web::{self, Data},
};
use secrecy::SecretString;
use url::Url;

use accounts::Accounts;
use alloy::Alloy;
use assistant::Origin;
use behind_the_scenes::Drawer;
use desk::Desk;
use gangway::Gangway;
use share::SlackSite;
use webhook::Events;

/// Configuration of the sample host.
#[derive(Debug, Clone)]
pub struct Options {
    /// Gangway's URL for this server, such as `http://127.0.0.1:3000`.
    pub gangway_url: Url,
    /// Gangway's URL for browsers: its `server.public_url`.
    pub gangway_public_url: Url,
    /// One of Gangway's `host.api_keys`. It never leaves the server.
    pub host_api_key: SecretString,
    /// One of Gangway's `webhook.secrets`.
    pub webhook_secret: SecretString,
    /// URL of Acme Notes for browsers, such as `http://localhost:8080`. Gangway must have this origin in
    /// `host.origins`, its `/connections` in `host.return_urls`, and its `/webhooks` as `webhook.url`.
    pub public_url: Url,
    /// Alloy's URL: `https://production.runalloy.com`, or the sandbox's.
    pub alloy_url: Url,
    /// The host's own Alloy API key. It never leaves the server.
    pub alloy_api_key: SecretString,
    /// Slack's URL for browsers: `https://slack.com`, or the sandbox's `/provider/slack`.
    pub slack_url: Url,
}

/// The running sample host.
pub struct Acme {
    server: Server,
}

impl Acme {
    /// Builds the server; it serves requests while [`Acme::run_until_stopped`] is awaited. Must be called on an actix
    /// runtime.
    ///
    /// # Errors
    /// When the listener or `public_url` cannot be used, or the HTTP client cannot be built.
    pub fn start(listener: TcpListener, options: Options) -> io::Result<Self> {
        let return_url = options.public_url.join("/connections").map_err(io::Error::other)?;
        let origin = options.public_url.origin().ascii_serialization();
        let secure = options.public_url.scheme() == "https";
        let policy = headers::content_security_policy(&options.gangway_public_url);

        let drawer = Arc::new(Drawer::default());
        let events = Data::new(Events::new(options.webhook_secret.clone()));
        let (alloy_url, alloy_api_key) = (options.alloy_url.clone(), options.alloy_api_key.clone());
        let alloy = Alloy::new(alloy_url, alloy_api_key, Arc::clone(&drawer)).map_err(io::Error::other)?;
        let slack = SlackSite(options.slack_url.clone());
        let host = Origin(options.public_url.clone());
        let gangway = Gangway::new(options, return_url, Arc::clone(&drawer)).map_err(io::Error::other)?;
        let (gangway, drawer) = (Data::new(gangway), Data::from(drawer));
        let (alloy, slack, host) = (Data::new(alloy), Data::new(slack), Data::new(host));
        let desk = Data::new(Desk::default());
        let accounts = Data::new(Accounts::open(secure));
        let own_origin = Data::new(same_origin::OwnOrigin(origin));

        let server = HttpServer::new(move || {
            App::new()
                .app_data(gangway.clone())
                .app_data(drawer.clone())
                .app_data(alloy.clone())
                .app_data(slack.clone())
                .app_data(host.clone())
                .app_data(desk.clone())
                .app_data(accounts.clone())
                .app_data(events.clone())
                .app_data(own_origin.clone())
                .wrap(from_fn(same_origin::required))
                .wrap(headers::on_every_answer(&policy))
                .configure(routes)
        })
        .workers(1)
        .disable_signals()
        .shutdown_timeout(5)
        .listen(listener)?
        .run();
        Ok(Self { server })
    }

    /// A handle that stops the server: `handle().stop(true).await` waits for requests in flight.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves requests until the handle stops it.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn run_until_stopped(self) -> io::Result<()> {
        self.server.await
    }
}

fn routes(app: &mut web::ServiceConfig) {
    app.route("/", web::get().to(notes::show))
        .route("/connections", web::get().to(connections::show))
        .route("/connect", web::post().to(connect::connect))
        .route("/disconnect", web::post().to(disconnect::disconnect))
        .route("/connect-link", web::post().to(connect::link))
        .route("/connect/slack", web::get().to(assistant::open))
        .route("/connect/slack", web::post().to(assistant::hand_over))
        .route("/share", web::post().to(share::share))
        .route("/assistant", web::post().to(assistant::ask))
        .route("/sign-in", web::post().to(sign_in::sign_in))
        .route(webhook::PATH, web::post().to(webhook::receive))
        .route("/static/{file}", web::get().to(files::show))
        .default_service(web::to(pages::nothing_here));
}
