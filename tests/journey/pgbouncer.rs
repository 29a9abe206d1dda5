//! A real PgBouncer between Gangway and PostgreSQL.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sqlx::{ConnectOptions as _, Executor as _, PgConnection, Row as _, postgres::PgConnectOptions};
use tempfile::TempDir;

use crate::{
    app::{HOST_KEY, TestApp},
    process::{Place, Process, free_port},
    retrying_user::Crowd,
};

/// The line that the driver needs.
const IGNORES: &str = "ignore_startup_parameters = extra_float_digits";

/// The pooler, running.
pub(crate) struct PgBouncer {
    child: Child,
    folder: TempDir,
    /// The database's address through it.
    pub url: String,
}

#[expect(clippy::disallowed_methods, reason = "tests/run tells the tests where PgBouncer is")]
fn program() -> String {
    std::env::var("GANGWAY_TEST_PGBOUNCER").unwrap_or_else(|_| "pgbouncer".to_owned())
}

impl PgBouncer {
    /// In front of that database, with these lines in its settings.
    pub(crate) async fn before(database: &str, more: &str) -> Self {
        let mut url = url::Url::parse(database).unwrap();
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        let (host, server, user) = (url.host_str().unwrap(), url.port().unwrap_or(5432), url.username());
        // It refuses to run as root.
        let runs_as = if rustix::process::geteuid().is_root() { "user = nobody\n" } else { "" };
        let settings = format!(
            "[databases]\n* = host={host} port={server} user={user}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\nmax_client_conn = 200\n{runs_as}{more}\n"
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        let log = std::fs::File::create(folder.path().join("said")).unwrap();
        let mut command = Command::new(program());
        command.arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let mut child = command.spawn().expect("PgBouncer is installed: tests/run does it");
        let give_up = Instant::now() + Duration::from_secs(20);
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            let said = std::fs::read_to_string(folder.path().join("said")).unwrap();
            assert!(child.try_wait().unwrap().is_none() && Instant::now() < give_up, "{said}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        url.set_port(Some(port)).unwrap();
        Self { child, folder, url: url.into() }
    }

    /// With transaction pooling and so few connections that they are passed round.
    pub(crate) async fn in_transaction_mode(database: &str) -> Self {
        Self::before(database, &format!("pool_mode = transaction\ndefault_pool_size = 4\n{IGNORES}")).await
    }

    /// A connection through it that prepares nothing.
    async fn connection(&self) -> PgConnection {
        let options: PgConnectOptions = self.url.parse().unwrap();
        options.extra_float_digits(None).connect().await.unwrap()
    }

    fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("said")).unwrap_or_default()
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What the command writes, and whether it succeeds.
async fn output(place: &Place, command: &str) -> (bool, String) {
    let mut command = place.command(&[command]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn pooler_that_refuses_is_named_with_the_line_to_write() {
    let database = TestApp::postgres_database().await;
    for (settings, line) in [
        ("pool_mode = transaction", IGNORES),
        ("pool_mode = session", IGNORES),
        (&format!("pool_mode = statement\n{IGNORES}"), "pool_mode = transaction"),
    ] {
        let pooler = PgBouncer::before(&database, settings).await;
        let place = Place::on(&pooler.url, "");
        for command in ["serve", "check"] {
            let (success, said) = output(&place, command).await;
            assert!(!success && said.contains(line) && said.contains("pgbouncer.ini"), "{command} {settings}: {said}");
            assert_eq!(said.matches("to a pooler").count(), 1, "{command}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_share_its_connections_and_leave_nothing_on_them() {
    let pooler = PgBouncer::in_transaction_mode(&TestApp::postgres_database().await).await;
    let more = "limits.overall = '100000/s'\nlimits.per_key = '100000/s'\nlimits.per_address = '100000/s'";
    let place = Place::on(&pooler.url, more);
    let other = place.beside(more);
    // Both find an empty database.
    let (one, other) = tokio::join!(place.serve(), other.serve());
    let crowd = Crowd::new(&one.url, &one.place.sandbox);
    let walking = tokio::spawn(crowd.clone().go(4));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let create = async |process: &Process, number: usize| {
        let request = http.post(format!("{}/api/v1/connect-sessions", process.url)).bearer_auth(HOST_KEY);
        let answer = request.json(&json!({ "user": { "id": format!("jane-{number}") } })).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    for round in 0..4 {
        let (first, second) = tokio::join!(
            futures_util::future::join_all((0..20).map(|number| create(&one, 100 * round + number))),
            futures_util::future::join_all((0..20).map(|number| create(&other, 100 * round + 50 + number))),
        );
        for (status, said) in first.into_iter().chain(second) {
            assert_eq!(status, 201, "{said}\n{}", pooler.said());
        }
    }
    crowd.stop();
    walking.await.unwrap();
    for attempt in crowd.arrived() {
        let known = other.api("GET", &format!("/link-attempts/{}", attempt.attempt), Value::Null).await;
        assert_eq!((known.0, known.1["state"].as_str()), (200, Some("linked")), "{known:?}");
    }
    assert_eq!((one.readiness().await, other.readiness().await), (Some(200), Some(200)));
    for process in [&one, &other] {
        let log = process.place.log();
        assert!(!log.contains("\"ERROR\"") && log.contains("through a pooler"), "{log}");
    }
    // Other programs share these connections to the server. Each statement may get another one of them.
    let mut connection = pooler.connection().await;
    for _ in 0..8 {
        let left = "select (select count(*) from pg_prepared_statements)::text || current_setting('statement_timeout') \
                    || current_setting('lock_timeout') || (select count(*) from pg_locks \
                    where locktype = 'advisory' and pid = pg_backend_pid())::text";
        let left: String = connection.fetch_one(left).await.unwrap().try_get(0).unwrap();
        assert_eq!(left, "0000");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn session_pooling_is_like_no_pooler() {
    let settings = format!("pool_mode = session\ndefault_pool_size = 30\n{IGNORES}");
    let pooler = PgBouncer::before(&TestApp::postgres_database().await, &settings).await;
    let process = Place::on(&pooler.url, "").serve().await;
    for _ in 0..5 {
        assert_eq!(process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await.0, 201);
    }
    let log = process.place.log();
    assert!(!log.contains("\"ERROR\"") && !log.contains("through a pooler"), "{log}");
}
