//! Rows of an erased user, deleted or anonymized. Every table with a user's name belongs here.

use sqlx::AnyConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Result, database::execute};
use crate::domain::{
    clock::to_millis,
    keys::Digest,
    session::{AlloyUserId, ExternalId},
};

/// Parameters: the user and the current time. The order follows the foreign keys.
const DELETE: [&str; 9] = [
    include_str!("sql/erase/remember_sessions.sql"),
    include_str!("sql/erase/delete_sessions.sql"),
    include_str!("sql/erase/delete_health.sql"),
    include_str!("sql/erase/delete_events.sql"),
    include_str!("sql/erase/delete_event_count.sql"),
    include_str!("sql/erase/delete_disconnections.sql"),
    include_str!("sql/erase/detach_disconnections.sql"),
    include_str!("sql/erase/delete_claims.sql"),
    include_str!("sql/erase/delete_attempts.sql"),
];
/// Parameters: the user and the pseudonym.
const ANONYMIZE: [&str; 5] = [
    include_str!("sql/erase/anonymize_disconnections.sql"),
    include_str!("sql/erase/anonymize_claims.sql"),
    include_str!("sql/erase/anonymize_tombstones.sql"),
    include_str!("sql/erase/anonymize_mapping.sql"),
    include_str!("sql/erase/delete_mapping.sql"),
];
/// Parameter: the Alloy user. The order follows the foreign keys.
const PURGE: [&str; 7] = [
    include_str!("sql/purge_erased/detach_disconnections.sql"),
    include_str!("sql/purge_erased/delete_deletions.sql"),
    include_str!("sql/purge_erased/delete_disconnections.sql"),
    include_str!("sql/purge_erased/delete_claims.sql"),
    include_str!("sql/purge_erased/delete_attempts.sql"),
    include_str!("sql/purge_erased/delete_tombstones.sql"),
    include_str!("sql/purge_erased/delete_mappings.sql"),
];

/// All attempts of the user must have ended.
pub(super) async fn erase_rows(
    connection: &mut AnyConnection,
    user: &ExternalId,
    pseudonym: &ExternalId,
    now: OffsetDateTime,
) -> Result<()> {
    for statement in DELETE {
        execute(connection, sqlx::query(statement).bind(user).bind(to_millis(now))).await?;
    }
    let attempts = sqlx::query(include_str!("sql/erase/anonymize_attempts.sql"))
        .bind(user)
        .bind(pseudonym)
        .bind(Uuid::nil().to_string())
        .bind(Digest::of(b""));
    execute(connection, attempts).await?;
    for statement in ANONYMIZE {
        execute(connection, sqlx::query(statement).bind(user).bind(pseudonym)).await?;
    }
    Ok(())
}

pub(super) async fn insert_pseudonym(
    connection: &mut AnyConnection,
    pseudonym: &ExternalId,
    alloy_user: &AlloyUserId,
    now: OffsetDateTime,
) -> Result<()> {
    let query = sqlx::query(include_str!("sql/erase/insert_pseudonym.sql"));
    execute(connection, query.bind(pseudonym).bind(alloy_user).bind(to_millis(now))).await?;
    Ok(())
}

pub(super) async fn purge_rows(connection: &mut AnyConnection, alloy_user: &AlloyUserId) -> Result<()> {
    for statement in PURGE {
        execute(connection, sqlx::query(statement).bind(alloy_user)).await?;
    }
    Ok(())
}
