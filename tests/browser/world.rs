//! Gangway, the sandbox and Acme Notes, each on an address of its own, with a clock that can be moved.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use gangway::{
    config::Settings,
    domain::clock::{Clock, SystemClock},
    sandbox::{
        self, Control, Route, Sandbox,
        acme::{self, Acme},
    },
    server::{self, Environment, Listeners, Startup},
    store::Store,
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::{browser::Browser, tls};

pub(crate) const HOST_KEY: &str = "host-key-of-thirty-two-characters";

/// A clock that a test can move.
#[derive(Default)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    /// Moves it.
    pub(crate) fn pass(&self, time: Duration) {
        self.0.fetch_add(time.whole_seconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + Duration::seconds(self.0.load(Ordering::SeqCst))
    }
}

/// How browsers reach Gangway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// All three.
pub(crate) struct World {
    /// Where browsers reach Gangway.
    pub gangway: String,
    /// Where browsers reach Acme Notes.
    pub acme: String,
    pub sandbox: Control,
    pub clock: Arc<TestClock>,
    pub store: Store,
    /// Where servers reach Gangway.
    pub api: String,
    _folder: tempfile::TempDir,
}

impl World {
    /// All on `localhost`, as in the demo: different origins of one site.
    pub(crate) async fn on_one_site() -> Self {
        Self::build("localhost", "localhost").await
    }

    /// On names that are cross-site to each other, as a product, Gangway and a provider are. The sandbox stays on
    /// `localhost`, which servers find without a name server.
    pub(crate) async fn on_three_sites() -> Self {
        Self::build("connect.localhost", "acme.localhost").await
    }

    async fn build(gangway_name: &str, acme_name: &str) -> Self {
        Self::with(gangway_name, acme_name, |_| ()).await
    }

    /// On names of the test's choice, with other settings.
    pub(crate) async fn with(gangway_name: &str, acme_name: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let public = TcpListener::bind("127.0.0.1:0").unwrap();
        let gangway = format!("http://{gangway_name}:{}", public.local_addr().unwrap().port());
        Self::at(gangway, public, acme_name, change).await
    }

    /// On three sites, and Gangway over plain http or behind TLS.
    pub(crate) async fn over(scheme: Scheme) -> Self {
        match scheme {
            Scheme::Http => Self::on_three_sites().await,
            Scheme::Https => Self::behind_tls("connect.localhost", "acme.localhost", |_| ()).await,
        }
    }

    /// On names that are siblings, and Gangway behind TLS, as products have it.
    pub(crate) async fn of_siblings(change: impl FnOnce(&mut Settings)) -> Self {
        Self::behind_tls("connect.acme.localhost", "app.acme.localhost", change).await
    }

    async fn behind_tls(name: &str, acme_name: &str, change: impl FnOnce(&mut Settings)) -> Self {
        Self::behind(Scheme::Https, name, |front, server| tls::front(name, front, server), acme_name, change).await
    }

    /// With Gangway behind something of the test's, which listens in its place.
    pub(crate) async fn behind(
        scheme: Scheme,
        name: &str,
        passes_on: impl FnOnce(TcpListener, SocketAddr),
        acme_name: &str,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let [public, front] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let scheme = if scheme == Scheme::Http { "http" } else { "https" };
        let gangway = format!("{scheme}://{name}:{}", front.local_addr().unwrap().port());
        passes_on(front, public.local_addr().unwrap());
        Self::at(gangway, public, acme_name, change).await
    }

    async fn at(gangway: String, public: TcpListener, acme_name: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let [admin, provider, host] = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
        let api = format!("http://localhost:{}", port(&public));
        let acme = format!("http://{acme_name}:{}", port(&host));
        let base_url = format!("http://localhost:{}", port(&provider));

        let options = sandbox::Options { base_url: Some(base_url.clone()), ..sandbox::Options::default() };
        let sandbox = Sandbox::build(provider, options).unwrap();
        let control = sandbox.control();
        tokio::spawn(sandbox.run_until_stopped());

        let ours = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::tempdir().unwrap();
        let environment = [
            ("SERVER__PUBLIC_URL", gangway.clone()),
            ("ALLOY__BASE_URL", base_url),
            ("ALLOY__API_KEY", sandbox::API_KEY.to_owned()),
            ("STORE__URL", format!("sqlite://{}", folder.path().join("gangway.db").display())),
            ("SESSION__KEYS", "a-session-key-of-at-least-32-bytes".to_owned()),
            ("HOST__API_KEYS", HOST_KEY.to_owned()),
            ("HOST__ORIGINS", acme.clone()),
            ("HOST__RETURN_URLS", format!("{acme}/connections")),
            ("HOST__VERIFY_COMPLETION", "links".to_owned()),
            ("BRAND__LOGO", ours.join("static/demo/acme.svg").display().to_string()),
        ];
        let environment = environment.map(|(key, value)| (format!("GANGWAY__{key}"), value));
        let mut settings = Settings::load(Some(&ours.join("config/demo.toml")), environment.into_iter()).unwrap();
        change(&mut settings);
        let clock = Arc::new(TestClock::default());
        let outside = Environment { clock: clock.clone(), ..Environment::default() };
        let running = server::services(settings, outside).await.unwrap();
        let store = running.store.clone();
        tokio::spawn(Startup::build(running, Listeners { public, admin }).unwrap().run_until_stopped());

        let options = acme::Options {
            gangway_url: api.parse().unwrap(),
            gangway_public_url: gangway.parse().unwrap(),
            host_api_key: HOST_KEY.into(),
            webhook_secret: "whsec_YWNtZS1ub3Rlcy1zZWNyZXQtYWNtZS1ub3Rlcy0=".into(),
            public_url: acme.parse().unwrap(),
            alloy_url: control.base_url().parse().unwrap(),
            alloy_api_key: sandbox::API_KEY.into(),
            slack_url: format!("{}/provider/slack", control.base_url()).parse().unwrap(),
        };
        tokio::spawn(Acme::start(host, options).unwrap().run_until_stopped());
        Self { gangway, acme, sandbox: control, clock, store, api, _folder: folder }
    }

    /// Time passes for all, as it does while a person reads.
    pub(crate) fn time_passes(&self, time: Duration) {
        self.clock.pass(time);
        self.sandbox.shift_clock(time);
    }

    /// An address of Gangway's pages.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.gangway)
    }

    /// The page of Acme Notes that everything begins at.
    pub(crate) fn host_page(&self) -> String {
        format!("{}/connections", self.acme)
    }

    /// A start link for Jane.
    pub(crate) async fn link(&self) -> String {
        self.link_with(json!({})).await
    }

    /// A start link, with more or other fields in the request for its session.
    pub(crate) async fn link_with(&self, more: Value) -> String {
        self.session_with(more).await["url"].as_str().unwrap().to_owned()
    }

    /// A connect session, as the host's server learns of it.
    pub(crate) async fn session_with(&self, more: Value) -> Value {
        let mut wanted = json!({ "user": { "id": "jane", "name": "Jane Doe", "email": "jane@acme.test" } });
        for (key, value) in more.as_object().unwrap() {
            wanted[key] = value.clone();
        }
        let request = reqwest::Client::new().post(format!("{}/api/v1/connect-sessions", self.api));
        let answer: Value = request.bearer_auth(HOST_KEY).json(&wanted).send().await.unwrap().json().await.unwrap();
        assert!(answer["url"].is_string(), "{answer}");
        answer
    }

    /// The host's server ends a connect session.
    pub(crate) async fn ends(&self, session: &Value) {
        let address = format!("{}/api/v1/connect-sessions/{}", self.api, session["id"].as_str().unwrap());
        let request = reqwest::Client::new().delete(address).bearer_auth(HOST_KEY);
        request.send().await.unwrap().error_for_status().unwrap();
    }

    /// A browser in which Jane is signed in to Acme Notes, and has opened a link of hers.
    pub(crate) async fn opened_by_jane(&self) -> Browser {
        let browser = Browser::open().await;
        browser.goto(&self.host_page()).await;
        browser.goto(&self.link().await).await;
        browser
    }

    /// Where the last link that Alloy gave out leads back to.
    pub(crate) fn callback_of_the_last_attempt(&self) -> String {
        let calls = self.sandbox.calls();
        let call = calls.iter().rfind(|call| call.route == Some(Route::CreateCredential)).unwrap();
        call.json()["redirectUri"].as_str().unwrap().to_owned()
    }

    /// What the host's server learns of a user's connections: the apps' ids.
    pub(crate) async fn connected(&self, user: &str) -> Vec<String> {
        let connections = self.connections(user).await;
        connections.iter().map(|connection| connection["connector"].as_str().unwrap().to_owned()).collect()
    }

    /// What the host's server learns of a user's connections.
    pub(crate) async fn connections(&self, user: &str) -> Vec<Value> {
        let request = reqwest::Client::new().get(format!("{}/api/v1/users/{user}/connections", self.api));
        let answer: Value = request.bearer_auth(HOST_KEY).send().await.unwrap().json().await.unwrap();
        answer["connections"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
    }
}
