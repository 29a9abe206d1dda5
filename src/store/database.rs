//! The store: connections, calls and transactions.

use std::sync::Arc;

use sqlx::{
    Any, AnyConnection, Connection as _, Executor as _, FromRow, Transaction,
    any::{AnyArguments, AnyRow},
    query::Query,
};
use tokio::time::timeout;

use super::{
    Result,
    pool::{ACQUIRE_TIMEOUT, Connection, Pool},
};

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
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("select 1").execute(&mut *self.reads.acquire().await?).await?;
        Ok(())
    }

    pub(super) async fn fetch_all<T: Readable>(&self, query: AnyQuery<'_>) -> Result<Vec<T>> {
        fetch_all(&mut *self.reads.acquire().await?, query).await
    }

    pub(super) async fn fetch_optional<T: Readable>(&self, query: AnyQuery<'_>) -> Result<Option<T>> {
        fetch_optional(&mut *self.reads.acquire().await?, query).await
    }

    pub(super) async fn fetch_one<T: Readable>(&self, query: AnyQuery<'_>) -> Result<T> {
        Ok(T::from_row(&query.fetch_one(&mut *self.reads.acquire().await?).await?)?)
    }

    pub(super) async fn execute(&self, query: AnyQuery<'_>) -> Result<u64> {
        execute(&mut *self.writes.acquire().await?, query).await
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
            transaction.execute(statement).await?;
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
    let begun = timeout(ACQUIRE_TIMEOUT, connection.begin_with(statement)).await;
    Ok(begun.unwrap_or(Err(sqlx::Error::PoolTimedOut))?)
}

pub(super) async fn fetch_all<T: Readable>(connection: &mut AnyConnection, query: AnyQuery<'_>) -> Result<Vec<T>> {
    let rows = query.fetch_all(connection).await?;
    Ok(rows.iter().map(T::from_row).collect::<sqlx::Result<_>>()?)
}

pub(super) async fn fetch_optional<T: Readable>(
    connection: &mut AnyConnection,
    query: AnyQuery<'_>,
) -> Result<Option<T>> {
    Ok(query.fetch_optional(connection).await?.as_ref().map(T::from_row).transpose()?)
}

pub(super) async fn execute(connection: &mut AnyConnection, query: AnyQuery<'_>) -> Result<u64> {
    Ok(query.execute(connection).await?.rows_affected())
}
