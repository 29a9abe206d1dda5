//! Which of Alloy's users is which of the host's.

use sqlx::{AnyConnection, any::AnyRow};
use time::OffsetDateTime;

use super::{Stored, database::Database, erased_rows::is_erased, row::Columns};
use crate::domain::{
    clock::to_millis,
    session::{AlloyUserId, ExternalId},
};

/// That user, and the host's other users who are the same user of Alloy's: what is listed for one is listed for all.
macro_rules! sharing {
    ($user:literal) => {
        concat!(
            "(select cast(",
            $user,
            " as text) union all select other.user_id from end_user as own join end_user as other ",
            "on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id where own.user_id = ",
            $user,
            ")"
        )
    };
}

pub(super) use sharing;

const BY_ID: &str = "select alloy_user_id from end_user where user_id = $1";
/// A mapping of unknown origin that the host confirms counts as given. Only a row that was written is returned.
const REMEMBER: &str = "insert into end_user (user_id, alloy_user_id, known_since, origin) values ($1, $2, $3, 'given') \
     on conflict (user_id) do update set origin = case when end_user.origin is null \
     and end_user.alloy_user_id = excluded.alloy_user_id then 'given' else end_user.origin end returning alloy_user_id";

/// Another user of the host has that user of Alloy ($2), and the host did not say so. Erased users do not count.
macro_rules! taken {
    () => {
        concat!(
            "exists (select 1 from end_user where alloy_user_id = $2 and user_id <> $1 \
             and coalesce(origin, '') <> 'given' and not ",
            is_erased!(),
            ")"
        )
    };
}

/// Two processes at once: the unique index on what was found lets one of them insert.
const MAP: &str = concat!(
    "insert into end_user (user_id, alloy_user_id, known_since, origin) select $1, $2, $3, 'found' where not ",
    taken!(),
    " on conflict do nothing"
);
/// A request that was under way when its user was erased leaves nothing behind.
const MAP_WITH_SESSION: &str = concat!(
    "insert into end_user (user_id, alloy_user_id, known_since, origin) select $1, $2, $3, 'found' \
     where exists (select 1 from connect_session where user_id = $1) and not ",
    taken!(),
    " on conflict do nothing"
);
const TAKEN: &str = concat!("select count(*) from (select 1 where ", taken!(), ") as found");

/// Result of mapping a user of the host to a user of Alloy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapping {
    /// The user of Alloy that the user is mapped to: the one in question, or one that was mapped before.
    To(AlloyUserId),
    /// Another user of the host has it, and the host did not give it. Nothing was stored.
    Taken,
}

/// When a mapping is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreIf {
    /// If the user has a session.
    HasSession,
    /// In any case.
    Always,
}

pub(super) async fn alloy_user(database: &Database, user: &ExternalId) -> Stored<Option<AlloyUserId>> {
    let row = sqlx::query(BY_ID).bind(user.as_str()).fetch_optional(&mut *database.reads.turn().await?).await?;
    row.as_ref().map(read).transpose()
}

pub(super) async fn remember_alloy_user(
    database: &Database,
    user: &ExternalId,
    alloy_user: &AlloyUserId,
    now: OffsetDateTime,
) -> Stored<AlloyUserId> {
    remember_in(&mut *database.writes.turn().await?, user, alloy_user, now).await
}

pub(super) async fn remember_in(
    connection: &mut AnyConnection,
    user: &ExternalId,
    alloy_user: &AlloyUserId,
    now: OffsetDateTime,
) -> Stored<AlloyUserId> {
    let query = sqlx::query(REMEMBER).bind(user.as_str()).bind(alloy_user.as_str()).bind(to_millis(now));
    read(&query.fetch_one(connection).await?)
}

/// Maps a user to the user of Alloy that has its name, unless that one is taken.
pub(super) async fn map_alloy_user(
    database: &Database,
    user: &ExternalId,
    alloy_user: &AlloyUserId,
    condition: StoreIf,
    now: OffsetDateTime,
) -> Stored<Mapping> {
    let statement = match condition {
        StoreIf::HasSession => MAP_WITH_SESSION,
        StoreIf::Always => MAP,
    };
    sqlx::query(statement)
        .bind(user.as_str())
        .bind(alloy_user.as_str())
        .bind(to_millis(now))
        .execute(&mut *database.writes.turn().await?)
        .await?;
    if let Some(mapped) = self::alloy_user(database, user).await? {
        return Ok(Mapping::To(mapped));
    }
    let taken = is_taken(database, user, alloy_user).await?;
    Ok(if taken { Mapping::Taken } else { Mapping::To(alloy_user.clone()) })
}

/// Whether another user of the host has that user of Alloy, and the host did not give it.
pub(super) async fn is_taken(database: &Database, user: &ExternalId, alloy_user: &AlloyUserId) -> Stored<bool> {
    let query = sqlx::query_scalar(TAKEN).bind(user.as_str()).bind(alloy_user.as_str());
    let others: i64 = query.fetch_one(&mut *database.reads.turn().await?).await?;
    Ok(others > 0)
}

fn read(row: &AnyRow) -> Stored<AlloyUserId> {
    Columns(row).read("alloy_user_id", |text| AlloyUserId::parse(text).ok())
}
