//! Disconnected connections. Their rows stay after the deletion upstream, because lists lag and pages show them.

use sqlx::{AnyConnection, FromRow, Row as _, any::AnyRow};
use time::OffsetDateTime;

use super::{
    Result, Store,
    columns::{Columns as _, millis_if_any},
    database::{commit, execute},
    health, lease, outbox,
};
use crate::domain::{
    attempt::AttemptId,
    clock::to_millis,
    connection::CredentialId,
    connector::ConnectorId,
    session::{AlloyUserId, ExternalId},
};

const BATCH: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disconnection {
    pub credential: CredentialId,
    pub user: ExternalId,
    pub alloy_user: AlloyUserId,
    pub connector: ConnectorId,
    /// `None` for an external connection.
    pub attempt: Option<AttemptId>,
    pub asked_at: OffsetDateTime,
    pub tries: i64,
    pub missed: i64,
    pub lease: Option<OffsetDateTime>,
    pub done_at: Option<OffsetDateTime>,
}

impl Disconnection {
    /// A request that was not tried yet.
    pub(crate) fn new(
        (credential, connector): (CredentialId, ConnectorId),
        (user, alloy_user): (ExternalId, AlloyUserId),
        attempt: Option<AttemptId>,
        asked_at: OffsetDateTime,
    ) -> Self {
        let (tries, missed, lease, done_at) = (0, 0, None, None);
        Self { credential, user, alloy_user, connector, attempt, asked_at, tries, missed, lease, done_at }
    }

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
    /// Returns `false` if the credential already has a disconnection or the user is unknown.
    pub async fn enqueue_disconnection(&self, requested: &Disconnection) -> Result<bool> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.durable_transaction(&mut connection).await?;
        let is_new = enqueue(&mut transaction, requested).await?;
        commit(transaction).await?;
        self.end_durable(&mut connection).await?;
        Ok(is_new)
    }

    pub(crate) async fn enqueue_disconnections(&self, requested: &[Disconnection]) -> Result<()> {
        for batch in requested.chunks(BATCH) {
            let mut connection = self.writes.acquire().await?;
            let mut transaction = self.transaction(&mut connection).await?;
            for one in batch {
                enqueue(&mut transaction, one).await?;
            }
            commit(transaction).await?;
        }
        Ok(())
    }

    /// Includes disconnections by other users of the host who share the Alloy user.
    pub async fn disconnection(&self, user: &ExternalId, credential: &CredentialId) -> Result<Option<Disconnection>> {
        let query = sqlx::query(include_str!("sql/disconnections/disconnection.sql")).bind(credential).bind(user);
        self.fetch_optional(query).await
    }

    pub async fn lease_disconnections(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        most: u16,
    ) -> Result<Vec<Disconnection>> {
        self.lease(include_str!("sql/disconnections/lease_disconnections.sql"), now, until, most).await
    }

    pub async fn reschedule_disconnection(
        &self,
        credential: &CredentialId,
        next_at: OffsetDateTime,
        missed: i64,
    ) -> Result<()> {
        let statement = include_str!("sql/disconnections/reschedule_disconnection.sql");
        self.reschedule(statement, credential, next_at, missed).await
    }

    /// For external connections; `commit` covers those of attempts. Returns `false` if it was already deleted.
    pub async fn complete_disconnection(&self, requested: &Disconnection, now: OffsetDateTime) -> Result<bool> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.durable_transaction(&mut connection).await?;
        let is_first = complete(&mut transaction, &requested.credential, now).await?;
        if is_first {
            health::forget(&mut transaction, &requested.credential).await?;
            outbox::put_removal(&mut transaction, &requested.user, &requested.connector, &requested.credential, now)
                .await?;
        }
        commit(transaction).await?;
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
