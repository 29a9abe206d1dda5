//! State of the host's receiver, by the digest of its address: paused or disabled.

use sqlx::{FromRow, any::AnyRow};
use time::OffsetDateTime;

use super::{Result, Store, columns::Columns as _};
use crate::domain::{clock::to_millis, keys::Digest};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReceiverState {
    pub paused_until: Option<OffsetDateTime>,
    pub disabled_at: Option<OffsetDateTime>,
}

impl ReceiverState {
    pub fn takes_events(&self, now: OffsetDateTime) -> bool {
        self.disabled_at.is_none() && self.paused_until.is_none_or(|until| until <= now)
    }
}

impl FromRow<'_, AnyRow> for ReceiverState {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self { paused_until: row.time_if_any("paused_until")?, disabled_at: row.time_if_any("disabled_at")? })
    }
}

impl Store {
    /// Returns the default for an unknown receiver.
    pub async fn receiver(&self, url: &Digest) -> Result<ReceiverState> {
        let query = sqlx::query(include_str!("sql/receivers/receiver.sql")).bind(url);
        Ok(self.fetch_optional(query).await?.unwrap_or_default())
    }

    pub async fn pause_receiver(&self, url: &Digest, until: OffsetDateTime) -> Result<()> {
        let query = sqlx::query(include_str!("sql/receivers/pause_receiver.sql")).bind(url).bind(to_millis(until));
        self.execute(query).await?;
        Ok(())
    }

    /// Returns `false` if it was already disabled.
    pub async fn disable_receiver(&self, url: &Digest, now: OffsetDateTime) -> Result<bool> {
        let query = sqlx::query(include_str!("sql/receivers/disable_receiver.sql")).bind(url).bind(to_millis(now));
        Ok(self.execute(query).await? == 1)
    }

    pub async fn enable_receiver(&self, url: &Digest) -> Result<()> {
        self.execute(sqlx::query(include_str!("sql/receivers/enable_receiver.sql")).bind(url)).await?;
        Ok(())
    }
}
