//! Atomic commits of attempt changes.

use sqlx::AnyConnection;

use super::{
    Result, Store,
    attempt_row::timeline_text,
    attempts::{Place, insert},
    claims::claim,
    columns::millis_if_any,
    database::{commit, execute, rollback},
    deletions, disconnections, health, outbox,
};
use crate::domain::{attempt::Change, clock::to_millis};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitOutcome {
    Committed,
    /// The attempt changed since it was read, or one of the credentials was claimed.
    VersionConflict,
    AlreadyRemoved,
}

impl Store {
    /// Commits a change in one transaction, with the attempts derived from it, and increments the attempt's version.
    pub async fn commit(&self, change: &Change) -> Result<CommitOutcome> {
        let mut connection = self.writes.acquire().await?;
        // Most changes need only this statement, without a transaction around it.
        let is_reported = change.is_reported();
        let has_rows = !change.claims.is_empty() || !change.deletions.is_empty() || !change.health.is_empty();
        if !is_reported && !has_rows {
            let updated = update(&mut connection, change).await?;
            return Ok(if updated { CommitOutcome::Committed } else { CommitOutcome::VersionConflict });
        }
        let mut transaction = if is_reported {
            self.durable_transaction(&mut connection).await?
        } else {
            self.transaction(&mut connection).await?
        };
        let attempt = &change.attempt;
        let is_current = update(&mut transaction, change).await?
            && claim(&mut transaction, attempt, &change.claims).await?
            && insert_derived(&mut transaction, &change.derived).await?;
        let outcome = match is_current {
            false => CommitOutcome::VersionConflict,
            true if was_removed(&mut transaction, change).await? => CommitOutcome::AlreadyRemoved,
            true => CommitOutcome::Committed,
        };
        if outcome == CommitOutcome::Committed {
            deletions::enqueue(&mut transaction, change).await?;
            let refusals = health::apply(&mut transaction, change).await?;
            for derived in &change.derived {
                health::apply(&mut transaction, derived).await?;
            }
            let events = [change.outbox.as_slice(), &refusals].concat();
            outbox::put(&mut transaction, attempt, attempt.version + 1, &events).await?;
            for derived in &change.derived {
                outbox::put(&mut transaction, &derived.attempt, derived.attempt.version, &derived.outbox).await?;
            }
            commit(transaction).await?;
        } else {
            rollback(transaction).await?;
        }
        if is_reported {
            self.end_durable(&mut connection).await?;
        }
        Ok(outcome)
    }
}

/// Returns `false` if a credential has been claimed, or an attempt cannot be inserted.
async fn insert_derived(connection: &mut AnyConnection, derived: &[Change]) -> Result<bool> {
    for Change { attempt, timeline, claims, .. } in derived {
        let is_inserted = insert(connection, attempt, Place::First, timeline, i64::MAX).await?
            || insert(connection, attempt, Place::Beside, timeline, i64::MAX).await?;
        if !is_inserted || !claim(connection, attempt, claims).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Marks the removed credential as deleted. Returns whether it already was.
async fn was_removed(connection: &mut AnyConnection, change: &Change) -> Result<bool> {
    let Some(removed) = &change.removed else { return Ok(false) };
    let now = change.timeline.last().map_or(change.attempt.began_at, |step| step.at);
    let deleted = deletions::complete(connection, removed, now).await?;
    let disconnected = disconnections::complete(connection, removed, now).await?;
    Ok(!deleted && !disconnected)
}

/// Returns `false` if the version is not the one that was read.
async fn update(connection: &mut AnyConnection, change: &Change) -> Result<bool> {
    let attempt = &change.attempt;
    let query = sqlx::query(include_str!("sql/attempts/commit_attempt.sql"))
        .bind(attempt.id)
        .bind(i64::from(attempt.version))
        .bind(millis_if_any(attempt.returned_at))
        .bind(attempt.refusal)
        .bind(millis_if_any(attempt.foreign_at()))
        .bind(attempt.user_answer)
        .bind(attempt.state())
        .bind(attempt.reason())
        .bind(attempt.credential())
        .bind(millis_if_any(attempt.settled_at()))
        .bind(i64::from(attempt.is_api_key))
        .bind(timeline_text(&change.timeline))
        .bind(to_millis(attempt.deadline))
        .bind(i64::from(attempt.is_awaiting_host_confirmation()))
        .bind(attempt.completion.map(|completion| completion.digest))
        .bind(attempt.completion.map(|completion| to_millis(completion.until)))
        .bind(millis_if_any(attempt.next_refresh))
        .bind(attempt.proof())
        .bind(attempt.account())
        .bind(millis_if_any(attempt.returned_again_at))
        .bind(attempt.input)
        .bind(i64::from(attempt.deletes_unreturned));
    Ok(execute(connection, query).await? == 1)
}
