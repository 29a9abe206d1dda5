//! Credentials of unverified attempts, until they are deleted upstream.

use sqlx::{AnyConnection, FromRow};
use time::OffsetDateTime;

use super::{Result, Store, database::execute, lease};
use crate::domain::{
    attempt::{AttemptId, Change},
    clock::to_millis,
    connection::CredentialId,
};

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Deletion {
    #[sqlx(rename = "credential_id")]
    pub credential: CredentialId,
    #[sqlx(rename = "attempt_id")]
    pub attempt: AttemptId,
    pub tries: i64,
    pub missed: i64,
}

impl Store {
    pub async fn lease_deletions(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        most: u16,
    ) -> Result<Vec<Deletion>> {
        self.lease(include_str!("sql/deletions/lease_deletions.sql"), now, until, most).await
    }

    pub async fn reschedule_deletion(
        &self,
        credential: &CredentialId,
        next_at: OffsetDateTime,
        missed: i64,
    ) -> Result<()> {
        let statement = include_str!("sql/deletions/reschedule_deletion.sql");
        self.reschedule(statement, credential, next_at, missed).await
    }

    /// Returns `true` if the attempt had credentials to delete and all of them are deleted.
    pub async fn deletions_are_complete(&self, attempt: AttemptId) -> Result<bool> {
        let query = sqlx::query(include_str!("sql/deletions/deletions_of_attempt.sql")).bind(attempt);
        let (enqueued, open): (i64, i64) = self.fetch_one(query).await?;
        Ok(enqueued > 0 && open == 0)
    }
}

pub(super) async fn enqueue(connection: &mut AnyConnection, change: &Change) -> Result<()> {
    let now = change.timeline.last().map_or(change.attempt.began_at, |step| step.at);
    for credential in &change.deletions {
        let query = sqlx::query(include_str!("sql/deletions/enqueue_deletion.sql"))
            .bind(credential)
            .bind(change.attempt.id)
            .bind(to_millis(now));
        execute(&mut *connection, query).await?;
    }
    Ok(())
}

pub(super) async fn complete(
    connection: &mut AnyConnection,
    credential: &CredentialId,
    now: OffsetDateTime,
) -> Result<bool> {
    lease::complete(connection, include_str!("sql/deletions/complete_deletion.sql"), credential, now).await
}
