//! Erasure of users. Rows that protect other users stay, with a random pseudonym in place of the name.

use std::collections::{HashMap, HashSet};

use sqlx::{AnyConnection, FromRow, Row as _, any::AnyRow};
use time::{Duration, OffsetDateTime};

use super::{
    Result, Store,
    columns::{Columns as _, millis_if_any},
    database::{commit, execute, fetch_all, fetch_one},
    erased_rows::{erase_rows, insert_pseudonym, purge_rows},
};
use crate::domain::{
    attempt::LinkAttempt,
    clock::to_millis,
    connection::CredentialId,
    connector::ConnectorId,
    session::{AlloyUserId, ExternalId},
};

/// Lifetime of a row in `erased_session`, longer than that of any request or token.
const ERASED_SESSION_LIFETIME: Duration = Duration::DAY;
/// Maximum difference between Gangway's clock and Alloy's. A link that ended earlier created nothing after the erasure.
const CLOCK_DIFFERENCE: Duration = Duration::hours(2);

/// Parameter of both: the Alloy user.
const FORGET_CREATED: &str = include_str!("sql/erasures/forget_created.sql");
const FORGET_FOUND: &str = include_str!("sql/erasures/forget_found.sql");

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErasureOutcome {
    Erased {
        /// Credentials are to be deleted, but not Alloy's user: Gangway did not create it, or others use it.
        alloy_user_remains: bool,
    },
    /// Nothing was erased: these open attempts have to end first.
    StillOpen(Vec<LinkAttempt>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub alloy_user: AlloyUserId,
    pub asked_at: OffsetDateTime,
    pub tries: i64,
    pub progressed_at: Option<OffsetDateTime>,
    pub remaining: Option<i64>,
    /// Whether Alloy's user is deleted with its credentials.
    pub deletes_user: bool,
}

impl Erasure {
    /// Time without progress after which an erasure raises an alarm.
    pub const STALLED_AFTER: Duration = Duration::minutes(30);

    pub fn waits_since(&self) -> OffsetDateTime {
        self.progressed_at.unwrap_or(self.asked_at).max(self.asked_at)
    }
}

impl FromRow<'_, AnyRow> for Erasure {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            alloy_user: row.try_get("alloy_user_id")?,
            asked_at: row.time("asked_at")?,
            tries: row.try_get("tries")?,
            progressed_at: row.time_if_any("progressed_at")?,
            remaining: row.try_get("remaining")?,
            deletes_user: row.try_get::<Option<i64>, _>("deletes_user")? == Some(1),
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ErasureState {
    pub erased: Vec<ExternalId>,
    /// Attempts whose link was valid after the request.
    pub attempts: Vec<LinkAttempt>,
    pub claims: HashMap<CredentialId, ExternalId>,
    pub enqueued: HashSet<CredentialId>,
    /// Number of enqueued credentials that are not deleted yet.
    pub open: i64,
}

/// What a finished erasure leaves at Alloy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlloyUserEnd {
    /// Nothing.
    Deleted,
    /// The user, because something else uses it, or Gangway did not create it.
    Stays,
    /// The user, because Alloy does not delete it. It no longer counts as created by Gangway, so that a repeated request
    /// is answered with what remains.
    Undeletable,
}

impl Store {
    /// With `credentials_of`, also enqueues the deletion of that user's credentials.
    pub async fn erase(
        &self,
        user: &ExternalId,
        pseudonym: &ExternalId,
        credentials_of: Option<&AlloyUserId>,
        now: OffsetDateTime,
    ) -> Result<ErasureOutcome> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.exclusive_transaction(&mut connection).await?;
        let open_attempts = sqlx::query(include_str!("sql/erasures/open_attempts.sql")).bind(user);
        let open: Vec<LinkAttempt> = fetch_all(&mut transaction, open_attempts).await?;
        let mut alloy_user_remains = false;
        if open.is_empty() {
            let expired = sqlx::query(include_str!("sql/erasures/forget_erased_sessions.sql"))
                .bind(to_millis(now - ERASED_SESSION_LIFETIME));
            execute(&mut transaction, expired).await?;
            erase_rows(&mut transaction, user, pseudonym, now).await?;
            if let Some(alloy_user) = credentials_of {
                insert_pseudonym(&mut transaction, pseudonym, alloy_user, now).await?;
                alloy_user_remains = !enqueue(&mut transaction, alloy_user, now).await?;
            }
        }
        commit(transaction).await?;
        self.end_durable(&mut connection).await?;
        let erased = open.is_empty();
        Ok(if erased { ErasureOutcome::Erased { alloy_user_remains } } else { ErasureOutcome::StillOpen(open) })
    }

    pub async fn lease_erasures(&self, now: OffsetDateTime, until: OffsetDateTime, most: u16) -> Result<Vec<Erasure>> {
        self.lease(include_str!("sql/erasures/lease_erasures.sql"), now, until, most).await
    }

    pub async fn reschedule_erasure(
        &self,
        alloy_user: &AlloyUserId,
        next_at: OffsetDateTime,
        progressed_at: Option<OffsetDateTime>,
        remaining: Option<i64>,
    ) -> Result<()> {
        let query = sqlx::query(include_str!("sql/erasures/reschedule_erasure.sql"))
            .bind(alloy_user)
            .bind(to_millis(next_at))
            .bind(millis_if_any(progressed_at))
            .bind(remaining);
        self.execute(query).await?;
        Ok(())
    }

    pub async fn erasure_state(&self, erasure: &Erasure) -> Result<ErasureState> {
        let (user, connection) = (&erasure.alloy_user, &mut self.reads.acquire().await?);
        let attempts = sqlx::query(include_str!("sql/erasures/remaining_attempts.sql"))
            .bind(user)
            .bind(to_millis(erasure.asked_at))
            .bind(to_millis(erasure.asked_at - CLOCK_DIFFERENCE));
        let attempts = fetch_all(connection, attempts).await?;
        let claims = sqlx::query(include_str!("sql/erasures/remaining_claims.sql")).bind(user);
        let claims: Vec<(CredentialId, ExternalId)> = fetch_all(connection, claims).await?;
        let enqueued = sqlx::query(include_str!("sql/erasures/remaining_disconnections.sql")).bind(user);
        let enqueued: Vec<(CredentialId, Option<i64>)> = fetch_all(connection, enqueued).await?;
        let erased = sqlx::query(include_str!("sql/erasures/erased_users.sql")).bind(user);
        let erased: Vec<(ExternalId,)> = fetch_all(connection, erased).await?;
        let deletions = sqlx::query(include_str!("sql/erasures/remaining_deletions.sql")).bind(user);
        let (deletions,): (i64,) = fetch_one(connection, deletions).await?;
        let open = enqueued.iter().filter(|(_, done_at)| done_at.is_none()).map(|_| 1).sum::<i64>();
        Ok(ErasureState {
            erased: erased.into_iter().map(|(user,)| user).collect(),
            attempts,
            claims: claims.into_iter().collect(),
            enqueued: enqueued.into_iter().map(|(credential, _)| credential).collect(),
            open: deletions + open,
        })
    }

    /// Whether a user of the host who was not erased has this Alloy user.
    pub(crate) async fn has_users(&self, alloy_user: &AlloyUserId) -> Result<bool> {
        let query = sqlx::query(include_str!("sql/erasures/users_left.sql")).bind(alloy_user);
        let (left,): (i64,) = self.fetch_one(query).await?;
        Ok(left > 0)
    }

    pub(crate) async fn erased_apps(&self, alloy_user: &AlloyUserId) -> Result<Vec<ConnectorId>> {
        let query = sqlx::query(include_str!("sql/erasures/erased_apps.sql")).bind(alloy_user);
        let apps: Vec<(ConnectorId,)> = self.fetch_all(query).await?;
        Ok(apps.into_iter().map(|(app,)| app).collect())
    }

    /// Deletes the remaining rows of the erased user, unless the host repeated the request.
    pub async fn finish_erasure(&self, erasure: &Erasure, alloy_user: AlloyUserEnd) -> Result<()> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.exclusive_transaction(&mut connection).await?;
        let statements: &[&'static str] = match alloy_user {
            AlloyUserEnd::Deleted => &[FORGET_CREATED, FORGET_FOUND],
            AlloyUserEnd::Undeletable => &[FORGET_CREATED],
            AlloyUserEnd::Stays => &[],
        };
        for statement in statements {
            execute(&mut transaction, sqlx::query(*statement).bind(&erasure.alloy_user)).await?;
        }
        let query = sqlx::query(include_str!("sql/erasures/finish_erasure.sql"))
            .bind(&erasure.alloy_user)
            .bind(to_millis(erasure.asked_at));
        if execute(&mut transaction, query).await? == 1 {
            purge_rows(&mut transaction, &erasure.alloy_user).await?;
        }
        commit(transaction).await?;
        self.end_durable(&mut connection).await
    }

    pub(crate) async fn erasure_backlog(&self, since: OffsetDateTime) -> Result<(u64, u64)> {
        let query = sqlx::query(include_str!("sql/erasures/backlog.sql")).bind(to_millis(since));
        let (waiting, stalled): (i64, i64) = self.fetch_one(query).await?;
        Ok((waiting.unsigned_abs(), stalled.unsigned_abs()))
    }
}

/// Returns whether Alloy's user will be deleted, too.
async fn enqueue(connection: &mut AnyConnection, alloy_user: &AlloyUserId, now: OffsetDateTime) -> Result<bool> {
    let query = sqlx::query(include_str!("sql/erasures/enqueue_erasure.sql")).bind(alloy_user).bind(to_millis(now));
    let (deletes_user,): (i64,) = fetch_one(connection, query).await?;
    Ok(deletes_user == 1)
}
