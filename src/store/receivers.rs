//! The host's receiver of events, as far as it asked for less: for a while, or for good.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{Stored, database::Database, row::Columns};
use crate::domain::{clock::to_millis, keys::Digest};

/// What a receiver asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReceiverState {
    /// Until when nothing is sent.
    pub paused_until: Option<OffsetDateTime>,
    /// Since when nothing is sent any more.
    pub disabled_at: Option<OffsetDateTime>,
}

impl ReceiverState {
    /// Whether events may be sent to it.
    pub fn takes_events(&self, now: OffsetDateTime) -> bool {
        self.disabled_at.is_none() && self.paused_until.is_none_or(|until| until <= now)
    }
}

/// Receivers by a digest of their address.
#[async_trait]
pub trait Receivers: Send + Sync {
    /// What it asked for; nothing, if it is not known.
    async fn receiver(&self, url: &Digest) -> Stored<ReceiverState>;
    /// Sends it nothing until then. A longer pause that it has already stays.
    async fn pause_receiver(&self, url: &Digest, until: OffsetDateTime) -> Stored<()>;
    /// Sends it nothing any more; false if that was so before.
    async fn disable_receiver(&self, url: &Digest, now: OffsetDateTime) -> Stored<bool>;
    /// Sends it events again, whatever it had asked for.
    async fn enable_receiver(&self, url: &Digest) -> Stored<()>;
}

const STATE: &str = "select paused_until, disabled_at from receiver where url_digest = $1";
const PAUSE: &str = "insert into receiver (url_digest, paused_until) values ($1, $2) on conflict (url_digest) \
     do update set paused_until = excluded.paused_until \
     where receiver.paused_until is null or receiver.paused_until < excluded.paused_until";
const DISABLE: &str = "insert into receiver (url_digest, disabled_at) values ($1, $2) on conflict (url_digest) \
     do update set disabled_at = excluded.disabled_at where receiver.disabled_at is null";
const ENABLE: &str = "update receiver set disabled_at = null, paused_until = null where url_digest = $1";

#[async_trait]
impl Receivers for Database {
    async fn receiver(&self, url: &Digest) -> Stored<ReceiverState> {
        let query = sqlx::query(STATE).bind(url.to_text());
        let Some(row) = query.fetch_optional(&mut *self.reads.turn().await?).await? else {
            return Ok(ReceiverState::default());
        };
        let row = Columns(&row);
        Ok(ReceiverState {
            paused_until: row.time_if_any("paused_until")?,
            disabled_at: row.time_if_any("disabled_at")?,
        })
    }

    async fn pause_receiver(&self, url: &Digest, until: OffsetDateTime) -> Stored<()> {
        let query = sqlx::query(PAUSE).bind(url.to_text()).bind(to_millis(until));
        query.execute(&mut *self.writes.turn().await?).await?;
        Ok(())
    }

    async fn disable_receiver(&self, url: &Digest, now: OffsetDateTime) -> Stored<bool> {
        let query = sqlx::query(DISABLE).bind(url.to_text()).bind(to_millis(now));
        Ok(query.execute(&mut *self.writes.turn().await?).await?.rows_affected() == 1)
    }

    async fn enable_receiver(&self, url: &Digest) -> Stored<()> {
        let query = sqlx::query(ENABLE).bind(url.to_text());
        query.execute(&mut *self.writes.turn().await?).await?;
        Ok(())
    }
}
