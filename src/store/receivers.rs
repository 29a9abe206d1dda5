//! The host's receiver of events, known by a digest of its address: whether it asked for a pause, or for no more events.

use sqlx::{FromRow, any::AnyRow};
use time::OffsetDateTime;

use super::{Result, Store, columns::Columns as _};
use crate::domain::{clock::to_millis, keys::Digest};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReceiverState {
    pub paused_until: Option<OffsetDateTime>,
    /// Time at which it asked for no more events.
    pub disabled_at: Option<OffsetDateTime>,
}

impl ReceiverState {
    /// Whether events may be sent to it.
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
    /// The state of a receiver; the default, if it is unknown.
    pub async fn receiver(&self, url: &Digest) -> Result<ReceiverState> {
        let query = sqlx::query(include_str!("sql/receivers/receiver.sql")).bind(url);
        Ok(self.fetch_optional(query).await?.unwrap_or_default())
    }

    pub async fn pause_receiver(&self, url: &Digest, until: OffsetDateTime) -> Result<()> {
        let query = sqlx::query(include_str!("sql/receivers/pause_receiver.sql")).bind(url).bind(to_millis(until));
        self.execute(query).await?;
        Ok(())
    }

    /// Sends no more events; false if that was so before.
    pub async fn disable_receiver(&self, url: &Digest, now: OffsetDateTime) -> Result<bool> {
        let query = sqlx::query(include_str!("sql/receivers/disable_receiver.sql")).bind(url).bind(to_millis(now));
        Ok(self.execute(query).await? == 1)
    }

    pub async fn enable_receiver(&self, url: &Digest) -> Result<()> {
        self.execute(sqlx::query(include_str!("sql/receivers/enable_receiver.sql")).bind(url)).await?;
        Ok(())
    }
}
