//! Looks that are due: attempts that the reconciler takes for a while.

use time::OffsetDateTime;

use super::{
    Stored,
    attempt_row::{columns, read},
    database::Database,
    lease::take,
    row::millis_if_any,
};
use crate::domain::{attempt::LinkAttempt, clock::to_millis};

/// Takes the users whose turn it is, with all of their attempts that wait for a look: one list serves them all.
const DUE: &str = concat!(
    take!("link_attempt" by "user_id", lease "look_lease", due "next_look <= $1", order "next_look",
        together "next_look is not null"),
    columns!()
);
/// Gives an attempt back. If it changed since it was taken, that change has set its next look.
const LOOKED: &str = "update link_attempt set look_lease = null, \
     next_look = case when version = $2 then $3 else next_look end where id = $1";

pub(super) async fn due(
    database: &Database,
    now: OffsetDateTime,
    lease: OffsetDateTime,
    most: u16,
) -> Stored<Vec<LinkAttempt>> {
    let query = sqlx::query(DUE).bind(to_millis(now)).bind(to_millis(lease)).bind(i64::from(most));
    let rows = query.fetch_all(&mut *database.writes.turn().await?).await?;
    // One that a newer release wrote, say, holds up nobody else.
    let readable = rows.iter().filter_map(|row| {
        read(row).inspect_err(|error| tracing::error!(%error, "an attempt that is due cannot be read")).ok()
    });
    Ok(readable.collect())
}

pub(super) async fn looked(database: &Database, attempt: &LinkAttempt, next: Option<OffsetDateTime>) -> Stored<()> {
    sqlx::query(LOOKED)
        .bind(attempt.id.to_string())
        .bind(attempt.version)
        .bind(millis_if_any(next))
        .execute(&mut *database.writes.turn().await?)
        .await?;
    Ok(())
}
