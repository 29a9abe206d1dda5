//! A change to an attempt, kept whole or not at all.

use super::{Committed, Stored, attempts, claims, database::Database, outbox, row::millis_if_any};
use crate::{
    connection::CredentialId,
    link::{Change, Reason, UserAnswer},
};

/// What is not named here is fixed when the attempt begins.
const UPDATE: &str = "update link_attempt set version = version + 1, returned_at = $3, refused = $4, foreign_at = $5, \
     answer = $6, state = $7, reason = $8, credential_id = $9, settled_at = $10, by_key = $11 where id = $1 and version = $2";

pub(super) async fn commit(database: &Database, change: &Change) -> Stored<Committed> {
    let mut turn = database.writes.turn().await?;
    // The host is told of an end, and so it must last.
    let lasts = !change.outbox.is_empty();
    let mut transaction =
        if lasts { database.begin_to_disk(&mut turn).await? } else { database.begin(&mut turn).await? };
    let attempt = &change.attempt;
    let updated = sqlx::query(UPDATE)
        .bind(attempt.id.to_string())
        .bind(attempt.version)
        .bind(millis_if_any(attempt.returned_at))
        .bind(attempt.refused.map(Reason::as_str))
        .bind(millis_if_any(attempt.foreign_at))
        .bind(attempt.answer.map(UserAnswer::as_str))
        .bind(attempt.state.as_str())
        .bind(attempt.reason.map(Reason::as_str))
        .bind(attempt.credential.as_ref().map(CredentialId::as_str))
        .bind(millis_if_any(attempt.settled_at))
        .bind(i64::from(attempt.by_key))
        .execute(&mut *transaction)
        .await?;
    if updated.rows_affected() == 0 || !claims::claim(&mut transaction, attempt, &change.claims).await? {
        transaction.rollback().await?;
        return Ok(Committed::Outdated);
    }
    let version = attempt.version + 1;
    attempts::log(&mut transaction, attempt, version, &change.timeline).await?;
    outbox::put(&mut transaction, attempt, version, &change.outbox).await?;
    transaction.commit().await?;
    if lasts {
        database.end_to_disk(&mut turn).await?;
    }
    Ok(Committed::Kept)
}
