//! Leases on work that several processes share, acquired by compare-and-set. One implementation serves attempts,
//! deletions, disconnections, erasures, checks and deliveries; their statements differ only in the table.

use sqlx::AnyConnection;
use time::OffsetDateTime;

use super::{
    Result, Store,
    database::{AnyQuery, Readable, execute, rows},
};
use crate::domain::{
    clock::{from_millis, to_millis},
    connection::CredentialId,
};

pub const JOB_KINDS: [&str; 5] = ["attempts", "deletions", "disconnections", "erasures", "checks"];

impl Store {
    pub(crate) async fn overdue(&self, now: OffsetDateTime) -> Result<Vec<(&'static str, OffsetDateTime)>> {
        type Times = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
        let times: Times = self.fetch_one(sqlx::query(include_str!("sql/overdue.sql"))).await?;
        let planned = [times.0, times.1, times.2, times.3, times.4].map(|at| at.map(from_millis));
        let planned = JOB_KINDS.into_iter().zip(planned).filter_map(|(kind, at)| Some((kind, at?)));
        Ok(planned.filter(|(_, at)| *at < now).collect())
    }

    /// An unreadable row, such as one of a newer release, is logged and skipped, so that it delays no others.
    pub(super) async fn lease<T: Readable>(
        &self,
        statement: &'static str,
        now: OffsetDateTime,
        until: OffsetDateTime,
        most: impl Into<i64>,
    ) -> Result<Vec<T>> {
        let query = sqlx::query(statement).bind(to_millis(now)).bind(to_millis(until)).bind(most.into());
        let rows = rows(&mut self.writes.acquire().await?, query).await?;
        let readable = rows.iter().filter_map(|row| {
            T::from_row(row).inspect_err(|error| tracing::error!(%error, "a leased row cannot be read")).ok()
        });
        Ok(readable.collect())
    }

    /// `missed` is the number of successive lists without the credential.
    pub(super) async fn reschedule(
        &self,
        statement: &'static str,
        credential: &CredentialId,
        next_at: OffsetDateTime,
        missed: i64,
    ) -> Result<()> {
        self.execute(sqlx::query(statement).bind(credential).bind(to_millis(next_at)).bind(missed)).await?;
        Ok(())
    }
}

/// Marks a credential as deleted. Returns `false` if it already was, or was not requested.
pub(super) async fn complete(
    connection: &mut AnyConnection,
    statement: &'static str,
    credential: &CredentialId,
    now: OffsetDateTime,
) -> Result<bool> {
    let query: AnyQuery<'_> = sqlx::query(statement).bind(credential).bind(to_millis(now));
    Ok(execute(connection, query).await? == 1)
}
