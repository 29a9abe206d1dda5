//! Which of Alloy's users is which of the host's.

use sqlx::any::AnyRow;
use time::OffsetDateTime;

use super::{Stored, database::Database, row::Columns};
use crate::{
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
/// The update changes nothing: it is there because only a row that was written is returned.
const REMEMBER: &str = "insert into end_user (user_id, alloy_user_id, known_since) values ($1, $2, $3) \
     on conflict (user_id) do update set user_id = excluded.user_id returning alloy_user_id";

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
    let row = sqlx::query(REMEMBER)
        .bind(user.as_str())
        .bind(alloy_user.as_str())
        .bind(to_millis(now))
        .fetch_one(&mut *database.writes.turn().await?)
        .await?;
    read(&row)
}

fn read(row: &AnyRow) -> Stored<AlloyUserId> {
    Columns(row).read("alloy_user_id", |text| AlloyUserId::parse(text).ok())
}
