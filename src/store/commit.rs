//! A change to an attempt, kept whole or not at all.

use sqlx::AnyConnection;

use super::{
    Committed, Stored, attempt_row::lines, claims, database::Database, deletions, disconnections, outbox,
    row::millis_if_any,
};
use crate::domain::{
    attempt::{Change, Proof, Reason, UserAnswer},
    clock::to_millis,
    connection::CredentialId,
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
    let current =
        update(&mut transaction, change).await? && claims::claim(&mut transaction, attempt, &change.claims).await?;
    let committed = match current {
        false => Committed::Outdated,
        true if was_known(&mut transaction, change).await? => Committed::Repeated,
        true => Committed::Kept,
    };
    if committed == Committed::Kept {
        deletions::put(&mut transaction, change).await?;
        outbox::put(&mut transaction, attempt, attempt.version + 1, &change.outbox).await?;
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    if lasts {
        database.end_to_disk(&mut turn).await?;
    }
    Ok(committed)
}

/// Notes that what the change saw removed is gone, for whatever it was to go; whether that was known before.
async fn was_known(connection: &mut AnyConnection, change: &Change) -> Stored<bool> {
    let Some(removed) = &change.removed else { return Ok(false) };
    let now = change.timeline.last().map_or(change.attempt.began_at, |step| step.at);
    let deleted = deletions::done(connection, removed, now).await?;
    let disconnected = disconnections::done(connection, removed, now).await?;
    Ok(!deleted && !disconnected)
}

/// Whether the attempt was still as it was read.
async fn update(connection: &mut AnyConnection, change: &Change) -> Stored<bool> {
    let attempt = &change.attempt;
    let updated = sqlx::query(UPDATE)
        .bind(attempt.id.to_string())
        .bind(attempt.version)
        .bind(millis_if_any(attempt.returned_at))
        .bind(attempt.refusal.map(Reason::as_str))
        .bind(millis_if_any(attempt.foreign_at()))
        .bind(attempt.user_answer.map(UserAnswer::as_str))
        .bind(attempt.state().as_str())
        .bind(attempt.reason().map(Reason::as_str))
        .bind(attempt.credential().map(CredentialId::as_str))
        .bind(millis_if_any(attempt.settled_at()))
        .bind(i64::from(attempt.is_api_key))
        .bind(lines(&change.timeline))
        .bind(to_millis(attempt.deadline))
        .bind(i64::from(attempt.is_awaiting_host_confirmation()))
        .bind(attempt.completion.map(|completion| completion.digest.to_text()))
        .bind(attempt.completion.map(|completion| to_millis(completion.until)))
        .bind(millis_if_any(attempt.next_refresh))
        .bind(attempt.proof().map(Proof::as_str))
        .bind(attempt.account())
        .execute(connection)
        .await?;
    Ok(updated.rows_affected() == 1)
}
