//! State behind the session cookies of browsers.

use sqlx::{FromRow, Row as _, any::AnyRow};
use time::OffsetDateTime;

use super::{Result, Store, columns::Columns as _, database::execute, pool::Connected};
use crate::domain::{clock::to_millis, keys::Digest};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserState {
    pub state: String,
    pub expires_at: OffsetDateTime,
}

impl FromRow<'_, AnyRow> for BrowserState {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self { state: row.try_get("state")?, expires_at: row.time("expires_at")? })
    }
}

impl Store {
    pub async fn put_browser(&self, key: &Digest, state: &BrowserState) -> Result<()> {
        put(&mut self.writes.acquire().await?, key, state).await
    }

    pub async fn browser(&self, key: &Digest, now: OffsetDateTime) -> Result<Option<BrowserState>> {
        let query = sqlx::query(include_str!("sql/sessions/browser.sql")).bind(key).bind(to_millis(now));
        self.fetch_optional(query).await
    }

    pub async fn delete_browser(&self, key: &Digest) -> Result<()> {
        self.execute(sqlx::query(include_str!("sql/sessions/delete_browser.sql")).bind(key)).await?;
        Ok(())
    }
}

pub(super) async fn put(connection: &mut impl Connected, key: &Digest, state: &BrowserState) -> Result<()> {
    let query = sqlx::query(include_str!("sql/sessions/put_browser.sql"));
    execute(connection, query.bind(key).bind(&state.state).bind(to_millis(state.expires_at))).await?;
    Ok(())
}
