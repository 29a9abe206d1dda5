//! Connections that users disconnect. The rows stay after the deletion upstream, because lists lag and pages show it.

use sqlx::{AnyConnection, FromRow, Row as _, any::AnyRow};
use time::OffsetDateTime;

use super::{
    Result, Store,
    columns::{Columns as _, millis_if_any},
    database::execute,
    lease, outbox,
};
use crate::domain::{
    attempt::AttemptId,
    clock::to_millis,
    connection::CredentialId,
    connector::ConnectorId,
    session::{AlloyUserId, ExternalId},
};

/// Disconnections enqueued in one transaction.
const BATCH: usize = 200;

/// A connection that its user disconnects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disconnection {
    pub credential: CredentialId,
    pub user: ExternalId,
    pub alloy_user: AlloyUserId,
    pub connector: ConnectorId,
    /// The attempt that created the connection, unless it is external.
    pub attempt: Option<AttemptId>,
    pub asked_at: OffsetDateTime,
    /// Number of failed calls.
    pub tries: i64,
    /// Number of successive lists that did not show it.
    pub missed: i64,
    pub lease: Option<OffsetDateTime>,
    /// Time at which it was known to be deleted.
    pub done_at: Option<OffsetDateTime>,
}

impl Disconnection {
    pub fn is_leased(&self, now: OffsetDateTime) -> bool {
        self.done_at.is_none() && self.lease.is_some_and(|until| until > now)
    }
}

impl FromRow<'_, AnyRow> for Disconnection {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            credential: row.try_get("credential_id")?,
            user: row.try_get("user_id")?,
            alloy_user: row.try_get("alloy_user_id")?,
            connector: row.try_get("connector")?,
            attempt: row.try_get("attempt_id")?,
            asked_at: row.time("asked_at")?,
            tries: row.try_get("tries")?,
            missed: row.try_get("missed")?,
            lease: row.time_if_any("lease")?,
            done_at: row.time_if_any("done_at")?,
        })
    }
}

impl Store {
    /// Enqueues a disconnection with its lease; false if there is one for that credential, or no such user.
    pub async fn enqueue_disconnection(&self, requested: &Disconnection) -> Result<bool> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.durable_transaction(&mut connection).await?;
        let is_new = enqueue(&mut transaction, requested).await?;
        transaction.commit().await?;
        self.end_durable(&mut connection).await?;
        Ok(is_new)
    }

    /// As `enqueue_disconnection`, for many credentials in few transactions.
    pub(crate) async fn enqueue_disconnections(&self, requested: &[Disconnection]) -> Result<()> {
        for batch in requested.chunks(BATCH) {
            let mut connection = self.writes.acquire().await?;
            let mut transaction = self.transaction(&mut connection).await?;
            for one in batch {
                enqueue(&mut transaction, one).await?;
            }
            transaction.commit().await?;
        }
        Ok(())
    }

    /// The disconnection of that credential by the user, or by another user of the host who shares the Alloy user.
    pub async fn disconnection(&self, user: &ExternalId, credential: &CredentialId) -> Result<Option<Disconnection>> {
        let query = sqlx::query(include_str!("sql/disconnections/disconnection.sql")).bind(credential).bind(user);
        self.fetch_optional(query).await
    }

    /// Leases due disconnections of one Alloy user.
    pub async fn lease_disconnections(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        most: u16,
    ) -> Result<Vec<Disconnection>> {
        self.lease(include_str!("sql/disconnections/lease_disconnections.sql"), now, until, most).await
    }

    /// As `reschedule_deletion`.
    pub async fn reschedule_disconnection(
        &self,
        credential: &CredentialId,
        next_at: OffsetDateTime,
        missed: i64,
    ) -> Result<()> {
        let statement = include_str!("sql/disconnections/reschedule_disconnection.sql");
        self.reschedule(statement, credential, next_at, missed).await
    }

    /// Marks an external connection as deleted, with its event; false if that was known. `commit` does it for connections
    /// of attempts.
    pub async fn complete_disconnection(&self, requested: &Disconnection, now: OffsetDateTime) -> Result<bool> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.durable_transaction(&mut connection).await?;
        let is_first = complete(&mut transaction, &requested.credential, now).await?;
        if is_first {
            outbox::put_removal(&mut transaction, requested, now).await?;
        }
        transaction.commit().await?;
        self.end_durable(&mut connection).await?;
        Ok(is_first)
    }
}

async fn enqueue(connection: &mut AnyConnection, requested: &Disconnection) -> Result<bool> {
    let query = sqlx::query(include_str!("sql/disconnections/enqueue_disconnection.sql"))
        .bind(to_millis(requested.asked_at))
        .bind(&requested.credential)
        .bind(&requested.user)
        .bind(&requested.alloy_user)
        .bind(&requested.connector)
        .bind(requested.attempt)
        .bind(to_millis(requested.asked_at))
        .bind(requested.tries)
        .bind(requested.missed)
        .bind(millis_if_any(requested.lease))
        .bind(millis_if_any(requested.done_at));
    Ok(execute(connection, query).await? == 1)
}

pub(super) async fn complete(
    connection: &mut AnyConnection,
    credential: &CredentialId,
    now: OffsetDateTime,
) -> Result<bool> {
    lease::complete(connection, include_str!("sql/disconnections/complete_disconnection.sql"), credential, now).await
}
