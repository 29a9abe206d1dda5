//! The databases: new ones, and such as have seen a lot.

use anyhow::Context as _;
use gangway::{
    domain::clock::{Clock as _, SystemClock, to_millis},
    store::Store,
};
use sqlx::{AnyConnection, Connection as _, Executor as _, PgConnection};
/// Which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// One that nobody else uses.
pub(crate) struct Database {
    kind: Kind,
    url: String,
    /// Where the file of SQLite is.
    _folder: tempfile::TempDir,
}

/// `numbers` has one for each attempt, with when it began: one every two seconds of the past 23 days, so that all are
/// kept. Ten attempts make a user.
const APART: i64 = 2_000;
const ATTEMPTS: &str = "insert into link_attempt (id, reference, version, session_id, user_id, connector, connector_key, \
     authentication_type, by_key, input_digest, state_digest, snapshot, began_at, began_at_vendor, deadline, returned_at, state, \
     reason, credential_id, settled_at, timeline) \
     select 'old-' || n, 'OLDOLDOL', 3, 'old-' || n, 'old-' || (n / 10), 'slack', 'slack', 'oauth2', 0, 'x', 'old-' || n, '[]', \
     at, at, at + 3900000, at + 30000, \
     case when n % 3 = 0 then 'expired' else 'linked' end, case when n % 3 = 0 then 'no_return' else 'new' end, \
     case when n % 3 = 0 then null else 'old-' || n end, at + 31000, '' from numbers";
const CLAIMS: &str = "insert into claim (credential_id, attempt_id, user_id) \
     select 'old-' || n, 'old-' || n, 'old-' || (n / 10) from numbers where n % 3 <> 0";
const EVENTS: &str = "insert into outbox (id, user_id, sequence, kind, attempt_id, body, at, delivered_at) \
     select 'old-' || n, 'old-' || (n / 10), n % 10 + 1, 'link_attempt.ended', 'old-' || n, \
     '{\"type\":\"link_attempt.ended\",\"data\":{\"sequence\":1,\"state\":\"linked\",\"connector\":\"slack\"}}', \
     at + 31000, at + 31100 from numbers";
const TRIES: &str = "insert into delivery_try (event_id, number, at, duration_ms, status) \
     select 'old-' || n, 1, at + 31000, 12, 204 from numbers";
const COUNTS: &str = "insert into outbox_count (user_id, counted, tried_to) \
     select 'old-' || (n / 10), 10, 10 from numbers where n % 10 = 0";

impl Database {
    /// An empty one, without tables.
    pub(crate) async fn new(kind: Kind) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}", folder.path().join("gangway.db").display()),
            Kind::Postgres => postgres().await?,
        };
        Ok(Self { kind, url, _folder: folder })
    }

    /// How a setting names it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// As the product opens it.
    pub(crate) async fn store(&self) -> anyhow::Result<Store> {
        Ok(gangway::store::open(&self.url.clone().into()).await?)
    }

    /// Puts so many ended attempts in, with what goes with them.
    pub(crate) async fn fill(&self, ended: i64) -> anyhow::Result<()> {
        if ended == 0 {
            return Ok(());
        }
        sqlx::any::install_default_drivers();
        let mut connection = AnyConnection::connect(&self.url).await?;
        let counted = match self.kind {
            Kind::Sqlite => {
                format!("recursive counted (n) as (select 1 union all select n + 1 from counted where n < {ended})")
            }
            Kind::Postgres => format!("counted (n) as (select cast(generate_series(1, {ended}) as bigint))"),
        };
        let first = to_millis(SystemClock.now()) - ended * APART;
        let numbers = format!("with {counted}, numbers (n, at) as (select n, {first} + n * {APART} from counted)");
        for what in [ATTEMPTS, CLAIMS, EVENTS, TRIES, COUNTS] {
            connection.execute(sqlx::AssertSqlSafe(format!("{numbers} {what}"))).await?;
        }
        let ready = if self.kind == Kind::Postgres { "vacuum analyze" } else { "analyze" };
        connection.execute(ready).await?;
        Ok(connection.close().await?)
    }
}

#[expect(clippy::disallowed_methods, reason = "tests/run says where its server is")]
async fn postgres() -> anyhow::Result<String> {
    let server = std::env::var("GANGWAY_TEST_POSTGRES_URL")
        .context("run it as: tests/run -- cargo bench --bench journey -- host")?;
    let mut url = url::Url::parse(&server)?;
    let name = format!("figures_{}", uuid::Uuid::now_v7().simple());
    let mut connection = PgConnection::connect(&server).await?;
    connection.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await?;
    connection.close().await?;
    url.set_path(&name);
    Ok(url.into())
}
