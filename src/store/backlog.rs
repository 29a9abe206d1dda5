//! How many events wait, for whoever watches.

use async_trait::async_trait;
use sqlx::Row as _;
use time::OffsetDateTime;

use super::{Stored, database::Database};
use crate::clock::from_millis;

/// Without a receiver all events of a month may wait: whoever watches asks often, and more than so many are not counted.
const WAITING: &str = "select count(*) as waiting, min(at) as oldest from (select at from outbox \
     where delivered_at is null and dead_at is null order by at, sequence, id limit 100000) as first";

/// The events that wait for their delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many; 100,000 are that or more.
    pub count: u64,
    /// Since when the oldest does.
    pub oldest: Option<OffsetDateTime>,
}

/// What of the store is watched from outside.
#[async_trait]
pub trait Backlog: Send + Sync {
    /// The events that wait for their delivery.
    async fn waiting(&self) -> Stored<Waiting>;
}

#[async_trait]
impl Backlog for Database {
    async fn waiting(&self) -> Stored<Waiting> {
        let row = sqlx::query(WAITING).fetch_one(&mut *self.reads.turn().await?).await?;
        let count: i64 = row.try_get("waiting")?;
        let oldest: Option<i64> = row.try_get("oldest")?;
        Ok(Waiting { count: u64::try_from(count).unwrap_or_default(), oldest: oldest.map(from_millis) })
    }
}
