//! A change to an attempt, kept whole or not at all.

use sqlx::AnyConnection;

use super::{Committed, Stored, attempt_row::lines, claims, database::Database, deletions, outbox, row::millis_if_any};
use crate::{
    clock::to_millis,
    connection::CredentialId,
    link::{Change, Proof, Reason, UserAnswer},
};

/// What is not named here is fixed when the attempt begins.
const UPDATE: &str = "update link_attempt set version = version + 1, returned_at = $3, refused = $4, foreign_at = $5, \
     answer = $6, state = $7, reason = $8, credential_id = $9, settled_at = $10, by_key = $11, \
     timeline = timeline || $12, deadline = $13, guest = $14, completion_digest = $15, completion_until = $16, \
     next_look = $17, proof = $18, account = $19 where id = $1 and version = $2";

pub(super) async fn commit(database: &Database, change: &Change) -> Stored<Committed> {
    let mut turn = database.writes.turn().await?;
    // Most changes are this one statement, which needs no transaction around it.
    if change.claims.is_empty() && change.outbox.is_empty() && change.deletions.is_empty() {
        let updated = update(&mut turn, change).await?;
        return Ok(if updated { Committed::Kept } else { Committed::Outdated });
    }
    // The host is told of an end, and so it must last.
    let lasts = !change.outbox.is_empty();
    let mut transaction =
        if lasts { database.begin_to_disk(&mut turn).await? } else { database.begin(&mut turn).await? };
    let attempt = &change.attempt;
    let kept =
        update(&mut transaction, change).await? && claims::claim(&mut transaction, attempt, &change.claims).await?;
    if kept {
        deletions::put(&mut transaction, change).await?;
        outbox::put(&mut transaction, attempt, attempt.version + 1, &change.outbox).await?;
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    if lasts {
        database.end_to_disk(&mut turn).await?;
    }
    Ok(if kept { Committed::Kept } else { Committed::Outdated })
}

/// Whether the attempt was still as it was read.
async fn update(connection: &mut AnyConnection, change: &Change) -> Stored<bool> {
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
        .bind(lines(&change.timeline))
        .bind(to_millis(attempt.deadline))
        .bind(i64::from(attempt.guest))
        .bind(attempt.completion.map(|completion| completion.digest.to_text()))
        .bind(attempt.completion.map(|completion| to_millis(completion.until)))
        .bind(millis_if_any(attempt.next_look))
        .bind(attempt.proof.map(Proof::as_str))
        .bind(attempt.account.as_deref())
        .execute(connection)
        .await?;
    Ok(updated.rows_affected() == 1)
}
