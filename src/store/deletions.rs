//! Deletions: what is to be taken away upstream, until it is gone.

use sqlx::AnyConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Stored, database::Database, lease::take, row::Columns};
use crate::domain::{
    attempt::{AttemptId, Change},
    clock::to_millis,
    connection::CredentialId,
};

/// A credential that is to be deleted upstream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// The credential.
    pub credential: CredentialId,
    /// The attempt that claimed it.
    pub attempt: AttemptId,
    /// How often it was tried in vain.
    pub tries: i64,
    /// How many lists in a row did not show it.
    pub missed: i64,
}

/// What its user had disconnected before is gone already.
const PUT: &str = "insert into deletion (credential_id, attempt_id, tries, missed, next_at, done_at) \
     values ($1, $2, 0, 0, $3, (select done_at from disconnection where credential_id = $1)) \
     on conflict (credential_id) do nothing";
const DONE: &str = "update deletion set done_at = $2, lease = null where credential_id = $1 and done_at is null";
/// Those of the attempt whose deletion is due first: they have one user, and one list serves them.
const DUE: &str = concat!(
    take!("deletion" by "credential_id", lease "lease", due "done_at is null and next_at <= $1 and attempt_id = \
        (select attempt_id from deletion where done_at is null and next_at <= $1 and (lease is null or lease <= $1) \
        order by next_at limit 1)", order "next_at", together "done_at is null and next_at <= $1"),
    "credential_id, attempt_id, tries, missed"
);
const PUT_OFF: &str = "update deletion set next_at = $2, tries = tries + 1, missed = $3, lease = null \
     where credential_id = $1 and done_at is null";
const OPEN: &str = "select count(*) from deletion where attempt_id = $1 and done_at is null";
const ALL: &str = "select count(*) from deletion where attempt_id = $1";

/// Writes what a change wants deleted.
pub(super) async fn put(connection: &mut AnyConnection, change: &Change) -> Stored<()> {
    let now = change.timeline.last().map_or(change.attempt.began_at, |step| step.at);
    for credential in &change.deletions {
        sqlx::query(PUT)
            .bind(credential.as_str())
            .bind(change.attempt.id.to_string())
            .bind(to_millis(now))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Notes that a credential is gone; false if it was not to be deleted, or was known to be gone.
pub(super) async fn done(
    connection: &mut AnyConnection,
    credential: &CredentialId,
    now: OffsetDateTime,
) -> Stored<bool> {
    let done = sqlx::query(DONE).bind(credential.as_str()).bind(to_millis(now)).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn due(
    database: &Database,
    now: OffsetDateTime,
    lease: OffsetDateTime,
    most: u16,
) -> Stored<Vec<Deletion>> {
    let query = sqlx::query(DUE).bind(to_millis(now)).bind(to_millis(lease)).bind(i64::from(most));
    let rows = query.fetch_all(&mut *database.writes.turn().await?).await?;
    rows.iter()
        .map(|row| {
            let row = Columns(row);
            Ok(Deletion {
                credential: row.read("credential_id", |text| CredentialId::parse(text).ok())?,
                attempt: row.read("attempt_id", |text| Uuid::parse_str(text).ok().map(AttemptId))?,
                tries: row.number("tries")?,
                missed: row.number("missed")?,
            })
        })
        .collect()
}

pub(super) async fn put_off(
    database: &Database,
    credential: &CredentialId,
    next_at: OffsetDateTime,
    missed: i64,
) -> Stored<()> {
    let query = sqlx::query(PUT_OFF).bind(credential.as_str()).bind(to_millis(next_at)).bind(missed);
    query.execute(&mut *database.writes.turn().await?).await?;
    Ok(())
}

pub(super) async fn removed(database: &Database, attempt: AttemptId) -> Stored<bool> {
    let mut turn = database.reads.turn().await?;
    let open: i64 = sqlx::query_scalar(OPEN).bind(attempt.to_string()).fetch_one(&mut *turn).await?;
    let all: i64 = sqlx::query_scalar(ALL).bind(attempt.to_string()).fetch_one(&mut *turn).await?;
    Ok(all > 0 && open == 0)
}
