//! Deletion of old rows, in short transactions of about `most` rows. `docs/operations.md` lists the rows that stay.

use time::{Duration, OffsetDateTime};

use super::{
    Result, Store,
    database::{commit, execute},
};
use crate::domain::{
    attempt::{LEEWAY, UNKNOWN_LEEWAY},
    clock::{from_millis, to_millis},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurgeStep {
    /// End of the step; `None` when no attempts are left.
    pub until: Option<OffsetDateTime>,
    pub purged: u64,
}

impl Store {
    pub async fn purge_sessions(&self, before: OffsetDateTime, most: u16) -> Result<u64> {
        self.purge(include_str!("sql/purge/purge_sessions.sql"), before, most).await
    }

    pub async fn purge_browsers(&self, before: OffsetDateTime, most: u16) -> Result<u64> {
        self.purge(include_str!("sql/purge/purge_browsers.sql"), before, most).await
    }

    /// Deletes events before that time with their deliveries, except those with a retry ahead.
    pub async fn purge_events(&self, before: OffsetDateTime, most: u16) -> Result<u64> {
        self.purge(include_str!("sql/purge/purge_events.sql"), before, most).await
    }

    async fn purge(&self, statement: &'static str, before: OffsetDateTime, most: u16) -> Result<u64> {
        self.execute(sqlx::query(statement).bind(to_millis(before)).bind(i64::from(most))).await
    }

    /// Deletes claims on credentials deleted upstream before that time, with their deletions and disconnections.
    pub async fn purge_claims(&self, before: OffsetDateTime, most: u16) -> Result<u64> {
        let query = sqlx::query(include_str!("sql/purge/deleted_credentials.sql"));
        let deleted: Vec<(String,)> = self.fetch_all(query.bind(to_millis(before)).bind(i64::from(most))).await?;
        if deleted.is_empty() {
            return Ok(0);
        }
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.transaction(&mut connection).await?;
        let statements = [
            include_str!("sql/purge/delete_deletion.sql"),
            include_str!("sql/purge/delete_disconnection.sql"),
            include_str!("sql/purge/delete_claim.sql"),
            include_str!("sql/purge/delete_health.sql"),
        ];
        for (credential,) in &deleted {
            for statement in statements {
                execute(&mut transaction, sqlx::query(statement).bind(credential)).await?;
            }
        }
        commit(transaction).await?;
        Ok(u64::try_from(deleted.len()).unwrap_or(u64::MAX))
    }

    /// Deletes attempts without a claim or an event. Tombstones record which credentials they may have created.
    pub async fn purge_attempts(
        &self,
        after: Option<OffsetDateTime>,
        before: OffsetDateTime,
        most: u16,
    ) -> Result<PurgeStep> {
        let (after, before) = (after.map_or(i64::MIN, to_millis), to_millis(before));
        let step = sqlx::query(include_str!("sql/purge/next_step.sql")).bind(after).bind(before).bind(i64::from(most));
        let (Some(until),): (Option<i64>,) = self.fetch_one(step).await? else {
            return Ok(PurgeStep { until: None, purged: 0 });
        };
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.transaction(&mut connection).await?;
        let tombstones = sqlx::query(include_str!("sql/purge/insert_tombstones.sql"))
            .bind(after)
            .bind(until)
            .bind(before)
            .bind(millis(LEEWAY))
            .bind(millis(UNKNOWN_LEEWAY));
        execute(&mut transaction, tombstones).await?;
        let attempts = sqlx::query(include_str!("sql/purge/purge_attempts.sql")).bind(after).bind(until).bind(before);
        let purged = execute(&mut transaction, attempts).await?;
        commit(transaction).await?;
        Ok(PurgeStep { until: Some(from_millis(until)), purged })
    }
}

pub(super) fn millis(leeway: Duration) -> i64 {
    i64::try_from(leeway.whole_milliseconds()).unwrap_or(i64::MAX)
}
