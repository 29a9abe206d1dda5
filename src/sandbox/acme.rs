//! "Acme Notes": a small product that embeds Gangway, and an integrator's first example.
//!
//! It is what a real host is to Gangway: a stranger that speaks its HTTP API and nothing else. Read it in this order:
//! 1. `gangway.rs`: the four calls that a host's server makes. It is the one file to copy into a product.
//! 2. `connect.rs`: the button *Connect your apps*. The server makes a session for its signed-in user, and the page
//!    that it answers with posts the session's start code to Gangway. The same session can be sent as a link instead.
//! 3. `connections.rs`: the browser is back. With a completion, the server tells Gangway who is signed in here, and
//!    sends the browser on. What else its address says proves nothing: the server asks Gangway how it ended, and what is
//!    connected now. `outcome.rs` has the words for each end.
//! 4. `webhook.rs`: what Gangway tells the server by itself, signed. It is what a host can rely on where no browser comes
//!    back.
//! 5. `behind_the_scenes.rs`: the drawer that shows each of these calls as curl, and what came. A real host has none.
//!
//! The rest is the product around it: `accounts.rs` (two people, and who is signed in), `notes.rs` (their notes),
//! `pages.rs` (every page, from `templates/demo`), `same_origin.rs` and `headers.rs` (what protects its own forms and
//! pages), `files.rs` (its style and scripts, from `static/demo`).

mod accounts;
mod behind_the_scenes;
mod connect;
mod connections;
mod files;
mod gangway;
mod headers;
mod notes;
mod outcome;
mod pages;
mod same_origin;
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
use behind_the_scenes::Drawer;
use gangway::Gangway;
use webhook::Events;

/// What a host has to know.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where this server reaches Gangway, such as `http://127.0.0.1:3000`.
    pub gangway_url: Url,
    /// Where browsers reach Gangway: its `server.public_url`.
    pub gangway_public_url: Url,
    /// One of Gangway's `host.api_keys`. It never leaves the server.
    pub host_api_key: SecretString,
    /// One of Gangway's `webhook.secrets`: what it tells us is signed with it.
    pub webhook_secret: SecretString,
    /// Where browsers reach Acme Notes, such as `http://localhost:8080`. Gangway must have this origin in
    /// `host.origins`, its `/connections` in `host.return_urls`, and its `/webhooks` as `webhook.url`.
    pub public_url: Url,
}

/// The running product.
pub struct Acme {
    server: Server,
}

impl Acme {
    /// Makes the product ready on that listener; it answers while [`Acme::run_until_stopped`] is awaited. Must be
    /// called on an actix runtime.
    ///
    /// # Errors
    /// When the listener cannot be used, the HTTP client cannot be made, or `public_url` is none to build on.
    pub fn start(listener: TcpListener, options: Options) -> io::Result<Self> {
        let return_url = options.public_url.join("/connections").map_err(io::Error::other)?;
        let origin = options.public_url.origin().ascii_serialization();
        let secure = options.public_url.scheme() == "https";
        let policy = headers::content_security_policy(&options.gangway_public_url);

        let drawer = Arc::new(Drawer::default());
        let events = Data::new(Events::new(options.webhook_secret.clone()));
        let gangway = Gangway::new(options, return_url, Arc::clone(&drawer)).map_err(io::Error::other)?;
        let (gangway, drawer) = (Data::new(gangway), Data::from(drawer));
        let accounts = Data::new(Accounts::open(secure));
        let own_origin = Data::new(same_origin::OwnOrigin(origin));

        let server = HttpServer::new(move || {
            App::new()
                .app_data(gangway.clone())
                .app_data(drawer.clone())
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

    /// Stops the product from elsewhere: `handle().stop(true).await` lets requests in flight end first.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Answers requests until the handle stops it.
    ///
    /// # Errors
    /// When the server breaks down.
    pub async fn run_until_stopped(self) -> io::Result<()> {
        self.server.await
    }
}

fn routes(app: &mut web::ServiceConfig) {
    app.route("/", web::get().to(notes::show))
        .route("/connections", web::get().to(connections::show))
        .route("/connect", web::post().to(connect::connect))
        .route("/connect-link", web::post().to(connect::link))
        .route("/sign-in", web::post().to(accounts::sign_in))
        .route(webhook::PATH, web::post().to(webhook::receive))
        .route("/static/{file}", web::get().to(files::show))
        .default_service(web::to(pages::nothing_here));
}
