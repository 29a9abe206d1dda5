//! Taking away what is old, in steps so small that nobody waits for them. What stays is named in `docs/operations.md`.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{Stored, database::Database};
use crate::domain::{
    attempt::{LEEWAY, UNKNOWN_LEEWAY},
    clock::{from_millis, to_millis},
};

/// How far a walk through the ended attempts came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walked {
    /// All that ended until then were looked at; `None` when there were no more.
    pub until: Option<OffsetDateTime>,
    /// So many were taken away.
    pub purged: u64,
}

/// Takes away what is old: each call at most about so many rows, in one short transaction, and says how many.
#[async_trait]
pub trait Purge: Send + Sync {
    /// Sessions that were made before that.
    async fn purge_sessions(&self, before: OffsetDateTime, most: u16) -> Stored<u64>;
    /// What cookies led to whose time was over before that.
    async fn purge_browsers(&self, before: OffsetDateTime, most: u16) -> Stored<u64>;
    /// Events from before that, with all that is known of their deliveries; but not those that are to be tried again.
    async fn purge_events(&self, before: OffsetDateTime, most: u16) -> Stored<u64>;
    /// Claims on credentials that were known to be gone before that, with the work that had to be done for it.
    async fn purge_claims(&self, before: OffsetDateTime, most: u16) -> Stored<u64>;
    /// Goes on through the attempts that ended after the one time and before the other, and takes away those that nothing
    /// stands behind any more: no claim, and no event. What their links may have brought is remembered.
    async fn purge_attempts(&self, after: Option<OffsetDateTime>, before: OffsetDateTime, most: u16) -> Stored<Walked>;
}

const SESSIONS: &str = "delete from connect_session where id in \
     (select id from connect_session where created_at < $1 order by created_at limit $2)";
const BROWSERS: &str = "delete from browser where key_digest in \
     (select key_digest from browser where expires_at < $1 order by expires_at limit $2)";
/// What is to be tried again is tried to the end first, however old it is: it may have been asked for once more.
const EVENTS: &str = "delete from outbox where id in \
     (select id from outbox where at < $1 and next_at is null order by at limit $2)";

const GONE: &str = "select credential_id from deletion where done_at < $1 \
     union select credential_id from disconnection where done_at < $1 limit $2";
const FORGET_DELETION: &str = "delete from deletion where credential_id = $1 and done_at is not null";
const FORGET_DISCONNECTION: &str = "delete from disconnection where credential_id = $1 and done_at is not null";
const FORGET_CLAIM: &str =
    "delete from claim where credential_id = $1 and not exists (select 1 from deletion where credential_id = $1)";

/// Where the next step of a walk ends: attempts that end in one moment stay together.
const STEP: &str = "select max(settled_at) from (select settled_at from link_attempt where settled_at > $1 \
     and settled_at < $2 order by settled_at limit $3) as step";
/// The attempts of a step behind which nothing stands.
macro_rules! old {
    () => {
        "settled_at > $1 and settled_at <= $2 and deadline < $3 and state <> 'pending' \
         and not exists (select 1 from claim where claim.attempt_id = link_attempt.id) \
         and not exists (select 1 from claim where claim.credential_id = link_attempt.credential_id) \
         and not exists (select 1 from disconnection where disconnection.attempt_id = link_attempt.id) \
         and not exists (select 1 from outbox where outbox.attempt_id = link_attempt.id)"
    };
}
/// API-key attempts need no tombstone: only their own user can submit the key.
const SHADOWS: &str = concat!(
    "insert into shadow (attempt_id, user_id, connector, snapshot, made_from, made_until) ",
    "select id, user_id, connector, snapshot, ",
    "began_at_vendor - case when snapshot is null then $5 else $4 end, ",
    "began_at_vendor + deadline - began_at + case when snapshot is null then $5 else $4 end ",
    "from link_attempt where by_key = 0 and ",
    old!(),
    " on conflict (attempt_id) do nothing"
);
const ATTEMPTS: &str = concat!("delete from link_attempt where ", old!());

impl Database {
    async fn purge(&self, statement: &'static str, before: OffsetDateTime, most: u16) -> Stored<u64> {
        let query = sqlx::query(statement).bind(to_millis(before)).bind(i64::from(most));
        Ok(query.execute(&mut *self.writes.turn().await?).await?.rows_affected())
    }
}

#[async_trait]
impl Purge for Database {
    async fn purge_sessions(&self, before: OffsetDateTime, most: u16) -> Stored<u64> {
        self.purge(SESSIONS, before, most).await
    }

    async fn purge_browsers(&self, before: OffsetDateTime, most: u16) -> Stored<u64> {
        self.purge(BROWSERS, before, most).await
    }

    async fn purge_events(&self, before: OffsetDateTime, most: u16) -> Stored<u64> {
        self.purge(EVENTS, before, most).await
    }

    async fn purge_claims(&self, before: OffsetDateTime, most: u16) -> Stored<u64> {
        let query = sqlx::query_scalar(GONE).bind(to_millis(before)).bind(i64::from(most));
        let gone: Vec<String> = query.fetch_all(&mut *self.reads.turn().await?).await?;
        if gone.is_empty() {
            return Ok(0);
        }
        let mut turn = self.writes.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        for credential in &gone {
            for statement in [FORGET_DELETION, FORGET_DISCONNECTION, FORGET_CLAIM] {
                sqlx::query(statement).bind(credential.as_str()).execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await?;
        Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
    }

    async fn purge_attempts(&self, after: Option<OffsetDateTime>, before: OffsetDateTime, most: u16) -> Stored<Walked> {
        let (after, before) = (after.map_or(i64::MIN, to_millis), to_millis(before));
        let step = sqlx::query_scalar(STEP).bind(after).bind(before).bind(i64::from(most));
        let until: Option<i64> = step.fetch_one(&mut *self.reads.turn().await?).await?;
        let Some(until) = until else { return Ok(Walked { until: None, purged: 0 }) };
        let mut turn = self.writes.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        sqlx::query(SHADOWS)
            .bind(after)
            .bind(until)
            .bind(before)
            .bind(i64::try_from(LEEWAY.whole_milliseconds()).unwrap_or(i64::MAX))
            .bind(i64::try_from(UNKNOWN_LEEWAY.whole_milliseconds()).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
        let purged = sqlx::query(ATTEMPTS).bind(after).bind(until).bind(before).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Walked { until: Some(from_millis(until)), purged: purged.rows_affected() })
    }
}
