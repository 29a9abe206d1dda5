//! An empty database of either kind for each test.

use std::future::Future;

use futures_util::future::join_all;
use gangway::store::{self, Store};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

/// A database that nobody used before; a file goes with it.
pub(super) struct Fresh {
    pub(super) url: String,
    _directory: Option<TempDir>,
}

impl Fresh {
    /// A file in a directory of its own.
    pub(super) fn sqlite() -> Self {
        let directory = TempDir::new().unwrap();
        let url = format!("sqlite://{}", directory.path().join("gangway.db").display());
        Self { url, _directory: Some(directory) }
    }

    /// A database of its own in the server that `tests/run` starts, and throws away afterwards.
    #[expect(clippy::disallowed_methods, reason = "tests/run tells the tests where its server is")]
    pub(super) async fn postgres() -> Self {
        let server = std::env::var("GANGWAY_TEST_POSTGRES_URL")
            .expect("GANGWAY_TEST_POSTGRES_URL is not set: run the tests with tests/run, which starts PostgreSQL");
        let mut url = Url::parse(&server).unwrap();
        let name = format!("gangway_{}", Uuid::now_v7().simple());
        let mut connection = PgConnection::connect(&server).await.unwrap();
        connection.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        connection.close().await.unwrap();
        url.set_path(&name);
        Self { url: url.into(), _directory: None }
    }

    /// A plain connection, once a store was opened.
    pub(super) async fn connection(&self) -> AnyConnection {
        AnyConnection::connect(&self.url).await.unwrap()
    }

    /// A store on this database, as one process has it.
    pub(super) async fn open(&self) -> Store {
        store::open(&self.url.as_str().into()).await.unwrap()
    }

    /// Does it that many times at once, by turns in two processes.
    pub(super) async fn at_once<F, T>(&self, times: usize, what: impl Fn(usize, Store) -> F) -> Vec<T>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let processes = [self.open().await, self.open().await];
        let tasks = (0..times).zip(processes.iter().cycle());
        let running: Vec<_> = tasks.map(|(turn, store)| tokio::spawn(what(turn, store.clone()))).collect();
        join_all(running).await.into_iter().map(Result::unwrap).collect()
    }
}
