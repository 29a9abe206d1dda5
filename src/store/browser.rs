//! What the cookies of browsers lead to.

use sqlx::AnyConnection;
use time::OffsetDateTime;

use super::{BrowserState, Stored, database::Database, row::Columns};
use crate::domain::{clock::to_millis, keys::Digest};

const PUT: &str = "insert into browser (key_digest, state, expires_at) values ($1, $2, $3) \
     on conflict (key_digest) do update set state = excluded.state, expires_at = excluded.expires_at";
const BY_KEY: &str = "select state, expires_at from browser where key_digest = $1 and expires_at > $2";
const DELETE: &str = "delete from browser where key_digest = $1";

pub(super) async fn put(database: &Database, key: &Digest, state: &BrowserState) -> Stored<()> {
    put_in(&mut *database.writes.turn().await?, key, state).await
}

pub(super) async fn put_in(connection: &mut AnyConnection, key: &Digest, state: &BrowserState) -> Stored<()> {
    let query = sqlx::query(PUT).bind(key.to_text()).bind(state.state.as_str()).bind(to_millis(state.expires_at));
    query.execute(connection).await?;
    Ok(())
}

pub(super) async fn by_key(database: &Database, key: &Digest, now: OffsetDateTime) -> Stored<Option<BrowserState>> {
    let row = sqlx::query(BY_KEY)
        .bind(key.to_text())
        .bind(to_millis(now))
        .fetch_optional(&mut *database.reads.turn().await?)
        .await?;
    row.map(|row| {
        let row = Columns(&row);
        Ok(BrowserState { state: row.text("state")?.to_owned(), expires_at: row.time("expires_at")? })
    })
    .transpose()
}

pub(super) async fn delete(database: &Database, key: &Digest) -> Stored<()> {
    sqlx::query(DELETE).bind(key.to_text()).execute(&mut *database.writes.turn().await?).await?;
    Ok(())
}
