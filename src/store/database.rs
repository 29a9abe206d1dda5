//! The store: connections, calls and transactions.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{
    Any, AnyConnection, Connection as _, Executor as _, FromRow, Transaction,
    any::{AnyArguments, AnyRow},
    query::Query,
};
use tokio::time::timeout;

use super::{
    Result, StoreError,
    pool::{ACQUIRE_TIMEOUT, Connected, Connection, Pool},
    pooler, read_only,
};

/// Timeout for a statement on a server: with the wait for a connection, a request is answered within about five seconds.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(3);
/// The same on a file, whose disk may be slow for a while.
const FILE_TIMEOUT: Duration = Duration::from_secs(20);

/// The same of jobs with many rows, on a server and on a file. An erasure locks its tables against other writers as long.
const JOB_TIMEOUT: Duration = Duration::from_secs(30);
/// Begins a transaction of such a job on a server.
const BEGIN_JOB: &str = "begin isolation level read committed; set local lock_timeout = '2s'; set local jit = off; \
     set local statement_timeout = '30s'; set local idle_in_transaction_session_timeout = '10s'";

/// sqlx's name of the backend.
const FILE: &str = "SQLite";

/// Runs a query with a time limit. Behind a pooler it is not prepared. There, and with the limit of jobs, it has a
/// transaction with its settings around it.
macro_rules! run {
    ($connected:expr, $query:ident.$method:ident) => {{
        let unclear = $connected.unclear();
        let connection: &mut AnyConnection = $connected.connection();
        let backend = backend(connection);
        let is_pooled = backend != FILE && pooler::is_used();
        let begin = own_begin(&backend).filter(|_| !connection.is_in_transaction());
        let done = async move {
            let query = if is_pooled { $query.persistent(false) } else { $query };
            let Some(begin) = begin else { return query.$method(connection).await };
            let mut transaction = begun(connection, begin, unclear).await?;
            let done = query.$method(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(done)
        };
        limited(&backend, done).await
    }};
}

tokio::task_local! {
    /// Set within [`with_job_limit`].
    static IS_JOB: ();
}

/// Statements of this work may take as long as jobs with many rows need.
pub async fn with_job_limit<T>(work: impl Future<Output = T>) -> T {
    IS_JOB.scope((), work).await
}

fn is_job() -> bool {
    IS_JOB.try_with(|()| ()).is_ok()
}

/// A type that is read from a row.
pub(super) trait Readable: for<'r> FromRow<'r, AnyRow> {}
impl<T: for<'r> FromRow<'r, AnyRow>> Readable for T {}

pub(super) type AnyQuery<'q> = Query<'q, Any, AnyArguments>;

#[derive(Debug, Clone, Copy)]
pub(super) struct WriteMode {
    /// Begins a transaction that survives the end of this process, `kill -9` included.
    pub(super) begin: &'static str,
    /// Begins a transaction that survives a power cut too.
    pub(super) begin_durable: &'static str,
    /// Follows a durable transaction, so that the next statement does not wait for the disk.
    pub(super) end_durable: Option<&'static str>,
    /// Excludes other writers within a transaction, where there can be any.
    pub(super) lock_tables: Option<&'static str>,
}

/// The store, in SQLite or PostgreSQL. Every call is one transaction.
#[derive(Clone)]
pub struct Store {
    pub(super) reads: Arc<Pool>,
    pub(super) writes: Arc<Pool>,
    pub(super) write_mode: WriteMode,
}

impl Store {
    /// Returns an error if the database cannot be reached, or can only be read. A connection that can only read is
    /// closed, and another one is tried.
    pub async fn ping(&self) -> Result<()> {
        let mut connection = self.reads.acquire().await?;
        if !connection.is_to_server() {
            execute(&mut connection, sqlx::query("select 1")).await?;
            return Ok(());
        }
        if check_writable(&mut connection).await.is_err() {
            drop(connection);
            check_writable(&mut self.reads.acquire().await?).await?;
        }
        Ok(())
    }

    pub(super) async fn fetch_all<T: Readable>(&self, query: AnyQuery<'_>) -> Result<Vec<T>> {
        fetch_all(&mut self.reads.acquire().await?, query).await
    }

    pub(super) async fn fetch_optional<T: Readable>(&self, query: AnyQuery<'_>) -> Result<Option<T>> {
        fetch_optional(&mut self.reads.acquire().await?, query).await
    }

    pub(super) async fn fetch_one<T: Readable>(&self, query: AnyQuery<'_>) -> Result<T> {
        fetch_one(&mut self.reads.acquire().await?, query).await
    }

    /// For rows that are read in a way of their own.
    pub(super) async fn fetch_row(&self, query: AnyQuery<'_>) -> Result<Option<AnyRow>> {
        optional_row(&mut self.reads.acquire().await?, query).await
    }

    pub(super) async fn fetch_rows(&self, query: AnyQuery<'_>) -> Result<Vec<AnyRow>> {
        rows(&mut self.reads.acquire().await?, query).await
    }

    pub(super) async fn execute(&self, query: AnyQuery<'_>) -> Result<u64> {
        execute(&mut self.writes.acquire().await?, query).await
    }

    pub(super) async fn transaction<'a>(&self, connection: &'a mut Connection<'_>) -> Result<Transaction<'a, Any>> {
        begin_with(connection, self.write_mode.begin).await
    }

    /// Begins a transaction whose outcome is reported to a person or to the host.
    pub(super) async fn durable_transaction<'a>(
        &self,
        connection: &'a mut Connection<'_>,
    ) -> Result<Transaction<'a, Any>> {
        begin_with(connection, self.write_mode.begin_durable).await
    }

    /// Begins a durable transaction that excludes other writers of user rows.
    pub(super) async fn exclusive_transaction<'a>(
        &self,
        connection: &'a mut Connection<'_>,
    ) -> Result<Transaction<'a, Any>> {
        let mut transaction = self.durable_transaction(connection).await?;
        if let Some(statement) = self.write_mode.lock_tables {
            limited(&backend(&transaction), transaction.execute(statement)).await?;
        }
        Ok(transaction)
    }

    pub(super) async fn end_durable(&self, connection: &mut Connection<'_>) -> Result<()> {
        if let Some(statement) = self.write_mode.end_durable {
            connection.execute(statement).await?;
        }
        Ok(())
    }
}

async fn begin_with<'a>(connection: &'a mut Connection<'_>, statement: &'static str) -> Result<Transaction<'a, Any>> {
    let statement = own_begin(&backend(connection)).unwrap_or(statement);
    let unclear = connection.unclear();
    let begun = timeout(ACQUIRE_TIMEOUT, begun(connection, statement, unclear)).await;
    Ok(begun.unwrap_or(Err(sqlx::Error::PoolTimedOut))?)
}

/// The statement with the settings of a transaction that the connection does not have.
fn own_begin(backend: &str) -> Option<&'static str> {
    match backend {
        FILE => None,
        _ if is_job() => Some(BEGIN_JOB),
        _ => pooler::is_used().then_some(pooler::BEGIN),
    }
}

/// Without an answer, or cut off before it, the transaction may be open.
async fn begun<'a>(
    connection: &'a mut AnyConnection,
    statement: &'static str,
    unclear: Option<Arc<AtomicBool>>,
) -> sqlx::Result<Transaction<'a, Any>> {
    let set = |is_unclear| unclear.as_ref().map(|unclear| unclear.store(is_unclear, Ordering::Relaxed));
    set(true);
    let transaction = connection.begin_with(statement).await?;
    set(false);
    Ok(transaction)
}

pub(super) async fn fetch_all<T: Readable>(connection: &mut impl Connected, query: AnyQuery<'_>) -> Result<Vec<T>> {
    Ok(rows(connection, query).await?.iter().map(T::from_row).collect::<sqlx::Result<_>>()?)
}

pub(super) async fn rows(connection: &mut impl Connected, query: AnyQuery<'_>) -> Result<Vec<AnyRow>> {
    run!(connection, query.fetch_all)
}

pub(super) async fn fetch_one<T: Readable>(connection: &mut impl Connected, query: AnyQuery<'_>) -> Result<T> {
    Ok(T::from_row(&one_row(connection, query).await?)?)
}

pub(super) async fn fetch_optional<T: Readable>(
    connection: &mut impl Connected,
    query: AnyQuery<'_>,
) -> Result<Option<T>> {
    let row = optional_row(connection, query).await?;
    Ok(row.as_ref().map(T::from_row).transpose()?)
}

pub(super) async fn execute(connection: &mut impl Connected, query: AnyQuery<'_>) -> Result<u64> {
    Ok(run!(connection, query.execute)?.rows_affected())
}

pub(super) async fn commit(transaction: Transaction<'_, Any>) -> Result<()> {
    limited(&backend(&transaction), transaction.commit()).await
}

pub(super) async fn rollback(transaction: Transaction<'_, Any>) -> Result<()> {
    limited(&backend(&transaction), transaction.rollback()).await
}

/// Returns `ReadOnly` if nothing can be written through this connection to PostgreSQL.
pub(super) async fn check_writable(connection: &mut impl Connected) -> Result<()> {
    let query = sqlx::query("select current_setting('transaction_read_only')");
    let (setting,): (String,) = fetch_one(connection, query).await?;
    if setting == "on" {
        read_only::record();
        return Err(StoreError::ReadOnly);
    }
    Ok(())
}

/// For a row that is read in a way of its own.
pub(super) async fn one_row(connection: &mut impl Connected, query: AnyQuery<'_>) -> Result<AnyRow> {
    run!(connection, query.fetch_one)
}

async fn optional_row(connection: &mut impl Connected, query: AnyQuery<'_>) -> Result<Option<AnyRow>> {
    run!(connection, query.fetch_optional)
}

fn backend(connection: &AnyConnection) -> String {
    connection.backend_name().to_owned()
}

/// Limits a statement, because a server or a network that falls silent without closing would hold it for ever. The
/// server's own limit ends it there.
async fn limited<T>(backend: &str, statement: impl Future<Output = sqlx::Result<T>>) -> Result<T> {
    let limit = match backend {
        _ if is_job() => JOB_TIMEOUT,
        FILE => FILE_TIMEOUT,
        _ => STATEMENT_TIMEOUT,
    };
    timeout(limit, statement).await.map_err(|_| StoreError::Silent(limit.as_secs()))?.map_err(StoreError::from)
}
