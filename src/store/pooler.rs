//! Poolers that give each transaction another connection to the server, as PgBouncer does with `pool_mode = transaction`.
//! Settings and prepared statements would stay behind on a connection of others, so each statement is sent unprepared, in
//! a transaction that brings its settings. Without such a pooler nothing of this costs anything. A process has one store,
//! so one mark is enough.

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use sqlx::{AnyConnection, Connection as _, Executor as _, Row as _, any::AnyConnectOptions};

/// Rounds in which two connections are compared. A busy pooler may give both the same server each time by chance.
const ROUNDS: usize = 6;

/// Begins a transaction with the settings that a connection of our own has (`postgres::prepare`).
pub(super) const BEGIN: &str = "begin isolation level read committed; set local lock_timeout = '2s'; set local jit = off; \
     set local statement_timeout = '3s'; set local idle_in_transaction_session_timeout = '10s'";

static FOUND: OnceLock<Instant> = OnceLock::new();

pub(super) fn is_used() -> bool {
    FOUND.get().is_some()
}

/// Whether a connection of that age may hold prepared statements, because it was opened before the pooler was found.
pub(super) fn was_found_within(age: Duration) -> bool {
    FOUND.get().is_some_and(|found| found.elapsed() < age)
}

pub(super) fn record() {
    if FOUND.set(Instant::now()).is_ok() {
        tracing::info!(
            "store.url leads through a pooler that shares connections between transactions: statements are not prepared"
        );
    }
}

/// Two open connections that reach the same server process, or one that reaches several, can only be shared.
pub(super) async fn find(options: &AnyConnectOptions) -> sqlx::Result<()> {
    if is_used() {
        return Ok(());
    }
    let mut one = AnyConnection::connect_with(options).await?;
    let mut other = AnyConnection::connect_with(options).await?;
    let (first, second) = (server_process(&mut one).await?, server_process(&mut other).await?);
    let mut is_shared = first == second;
    for _ in 0..ROUNDS {
        is_shared =
            is_shared || server_process(&mut one).await? != first || server_process(&mut other).await? != second;
    }
    if is_shared {
        record();
        // With `pool_mode = statement` this is refused.
        one.begin_with(BEGIN).await?.rollback().await?;
    }
    one.close().await?;
    other.close().await
}

async fn server_process(connection: &mut AnyConnection) -> sqlx::Result<i32> {
    // A text, in place of a query with parameters, is sent as it is and not prepared.
    connection.fetch_one("select pg_backend_pid()").await?.try_get(0)
}
