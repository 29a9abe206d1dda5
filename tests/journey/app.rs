//! One running Gangway with a sandbox of its own, and what the host's server asks it.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use gangway::{
    alloy::Timeouts,
    config::Settings,
    domain::{
        clock::{Clock, SystemClock},
        session::ExternalId,
    },
    sandbox::{Control, Options, Sandbox},
    server::{self, Environment, Listeners, Startup},
    store::Store,
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use time::{Duration, OffsetDateTime};

use crate::browser::{Browser, Page};

/// Our key at the sandbox.
pub(crate) const API_KEY: &str = "alloy-key-of-these-tests";
/// What cookies, codes and states are derived from.
pub(crate) const SESSION_KEY: &str = "a-session-key-of-at-least-32-bytes";
/// The host's key in these tests.
pub(crate) const HOST_KEY: &str = "host-key-of-thirty-two-characters";
/// The origin of the host's own pages.
pub(crate) const HOST_ORIGIN: &str = "http://localhost:8080";
/// Where the host takes its users back.
pub(crate) const RETURN_URL: &str = "http://localhost:8080/connections";

/// A clock that a test can move.
#[derive(Default)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    /// Moves it.
    pub(crate) fn pass(&self, time: Duration) {
        self.0.fetch_add(i64::try_from(time.whole_milliseconds()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> OffsetDateTime {
        SystemClock.now() + Duration::milliseconds(self.0.load(Ordering::SeqCst))
    }
}

/// Gangway, its sandbox, and a handle on both.
pub(crate) struct TestApp {
    pub url: String,
    pub admin_url: String,
    pub sandbox: Control,
    pub store: Store,
    pub clock: Arc<TestClock>,
    settings: Settings,
    patience: Timeouts,
    pub server: server::StopHandle,
    folder: Arc<tempfile::TempDir>,
    http: reqwest::Client,
}

impl TestApp {
    pub(crate) async fn spawn() -> Self {
        Self::spawn_with(|_| ()).await
    }

    /// On a database of its own in the server that `tests/run` starts.
    pub(crate) async fn spawn_on_postgres() -> Self {
        Self::spawn_on_postgres_with(|_| ()).await
    }

    pub(crate) async fn spawn_on_postgres_with(change: impl FnOnce(&mut Settings)) -> Self {
        let url = Self::postgres_database().await;
        Self::spawn_with(|settings| {
            settings.store.url = url.into();
            change(settings);
        })
        .await
    }

    /// The address of a new database in that server.
    #[expect(clippy::disallowed_methods, reason = "tests/run tells the tests where its server is")]
    pub(crate) async fn postgres_database() -> String {
        let server = std::env::var("GANGWAY_TEST_POSTGRES_URL")
            .expect("GANGWAY_TEST_POSTGRES_URL is not set: run the tests with tests/run, which starts PostgreSQL");
        let mut url = url::Url::parse(&server).unwrap();
        let name = format!("journey_{}", uuid::Uuid::now_v7().simple());
        let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
        connection.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        connection.close().await.unwrap();
        url.set_path(&name);
        url.into()
    }

    pub(crate) fn origin(&self) -> String {
        self.settings.server.public_url.origin().ascii_serialization()
    }

    /// As it was started.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// With other settings.
    pub(crate) async fn spawn_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::spawn_patient(Timeouts::default(), change).await
    }

    /// Behind a proxy that ends TLS, as products have it.
    pub(crate) async fn spawn_over_https() -> Self {
        Self::spawn_over_https_with(|_| ()).await
    }

    pub(crate) async fn spawn_over_https_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::spawn_with(|settings| {
            settings.server.public_url.set_scheme("https").unwrap();
            change(settings);
        })
        .await
    }

    /// With other settings, and as much patience with Alloy.
    pub(crate) async fn spawn_patient(patience: Timeouts, change: impl FnOnce(&mut Settings)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sandbox = Sandbox::build(listener, Options { api_key: API_KEY.to_owned(), ..Options::default() }).unwrap();
        let control = sandbox.control();
        tokio::spawn(sandbox.run_until_stopped());
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let database = folder.path().join("gangway.db");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let environment = [
            ("SERVER__PUBLIC_URL", format!("http://localhost:{port}")),
            ("SERVER__DRAIN", "0s".to_owned()),
            ("ALLOY__BASE_URL", control.base_url().to_owned()),
            ("ALLOY__API_KEY", API_KEY.to_owned()),
            ("STORE__URL", format!("sqlite://{}", database.display())),
            ("SESSION__KEYS", SESSION_KEY.to_owned()),
            ("HOST__NAME", "Acme Notes".to_owned()),
            ("HOST__API_KEYS", HOST_KEY.to_owned()),
            ("HOST__ORIGINS", HOST_ORIGIN.to_owned()),
            ("HOST__RETURN_URLS", RETURN_URL.to_owned()),
        ];
        let environment = environment.map(|(key, value)| (format!("GANGWAY__{key}"), value));
        let mut settings = Settings::load(None, environment.into_iter()).unwrap();
        change(&mut settings);
        Self::start(settings, patience, listener, control, folder, Arc::default()).await
    }

    async fn start(
        settings: Settings,
        patience: Timeouts,
        public: TcpListener,
        sandbox: Control,
        folder: Arc<tempfile::TempDir>,
        clock: Arc<TestClock>,
    ) -> Self {
        let admin = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", public.local_addr().unwrap().port());
        let admin_url = format!("http://{}", admin.local_addr().unwrap());
        let outside = Environment { clock: clock.clone(), patience, ..Environment::default() };
        let gangway = server::services(settings.clone(), outside).await.unwrap();
        let store = gangway.store.clone();
        let startup = Startup::build(gangway, Listeners { public, admin }).unwrap();
        let server = startup.handle();
        tokio::spawn(startup.run_until_stopped());
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { url, admin_url, sandbox, store, clock, settings, patience, server, folder, http }
    }

    /// Another process beside this one: on the same database, with an address of its own.
    pub(crate) async fn beside(&self) -> Self {
        self.beside_with(|_| ()).await
    }

    pub(crate) async fn beside_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let (public, mut settings) = (TcpListener::bind("127.0.0.1:0").unwrap(), self.settings.clone());
        let (sandbox, folder, clock) = (self.sandbox.clone(), self.folder.clone(), self.clock.clone());
        change(&mut settings);
        Self::start(settings, self.patience, public, sandbox, folder, clock).await
    }

    /// The same Gangway in a new process, as far as anybody can see: the old one is stopped first.
    pub(crate) async fn restart(self) -> Self {
        self.restart_with(|_| ()).await
    }

    /// The same, but what was under way is lost.
    pub(crate) async fn crash(self) -> Self {
        self.stopped(false).await
    }

    pub(crate) async fn restart_with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.stopped(true).await
    }

    async fn stopped(self, gracefully: bool) -> Self {
        self.server.stop(gracefully).await;
        let public = TcpListener::bind(self.url.trim_start_matches("http://")).unwrap();
        Self::start(self.settings, self.patience, public, self.sandbox, self.folder, self.clock).await
    }

    /// Everything that the database keeps on the disk.
    pub(crate) fn database(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }

    pub(crate) fn store_url(&self) -> String {
        self.settings.store.url.expose_secret().to_owned()
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// Does something to the database behind the server's back.
    pub(crate) async fn in_the_database(&self, statement: &'static str) {
        let file = self.folder.path().join("gangway.db");
        let mut connection = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
        connection.execute(statement).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Any request to us, without a key.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}{path}", self.url))
    }

    /// A browser that has never been here.
    pub(crate) fn browser(&self) -> Browser {
        let origin = self.origin();
        if origin.starts_with("https:") { Browser::behind_proxy(&self.url, &origin) } else { Browser::new(&self.url) }
    }

    /// A browser in which Jane has just arrived, sent by the host's own page.
    pub(crate) async fn arrived(&self) -> Browser {
        self.arrived_with(json!({})).await
    }

    /// The same with another session.
    pub(crate) async fn arrived_with(&self, more: Value) -> Browser {
        let session = self.session_with(more).await;
        let mut browser = self.browser();
        let page = browser.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
        assert_eq!(page.status, 303);
        browser
    }

    /// The start page of a session, in a browser that has never been here.
    pub(crate) async fn opened(&self, session: &Value) -> (Browser, Page) {
        let mut browser = self.browser();
        let page = browser.navigate(session["url"].as_str().unwrap(), "none").await;
        (browser, page)
    }

    /// Waits for what happens in the background, looking often and not for ever.
    pub(crate) async fn until(&self, what: &str, happened: impl AsyncFn() -> bool) {
        let give_up = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
        while !happened().await {
            assert!(tokio::time::Instant::now() < give_up, "{what} never happened");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Lets time pass for everybody: for us and for Alloy.
    pub(crate) fn pass_everywhere(&self, time: Duration) {
        self.sandbox.shift_clock(time);
        self.clock.pass(time);
    }

    /// What Alloy holds for the user, listed or not.
    pub(crate) fn held(&self, user: &str) -> Vec<String> {
        let Some(user) = self.sandbox.user(&format!("gangway-{user}")) else { return Vec::new() };
        self.sandbox.credentials(&user.user_id).into_iter().map(|credential| credential.credential_id).collect()
    }

    /// The kinds of the user's events, oldest first.
    pub(crate) async fn events(&self, user: &str) -> Vec<String> {
        let events = self.store.events(&ExternalId::parse(user).unwrap(), 0).await.unwrap();
        events.into_iter().map(|event| event.kind).collect()
    }

    /// What the operator's Prometheus reads.
    pub(crate) async fn metrics(&self) -> String {
        let answer = self.http.get(format!("{}/metrics", self.admin_url)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.text().await.unwrap()
    }
}
