//! How many events wait, for whoever watches.

use async_trait::async_trait;
use sqlx::Row as _;
use time::OffsetDateTime;

use super::{Stored, database::Database};
use crate::domain::clock::{from_millis, to_millis};

/// Without a receiver all events of a month may wait: whoever watches asks often, and more than so many are not counted.
const WAITING: &str = "select count(*) as waiting, min(at) as oldest from (select at from outbox \
     where delivered_at is null and dead_at is null order by at, sequence, id limit 100000) as first";

const ERASURES: &str = "select count(*) as waiting, count(case when asked_at < $1 \
     and (progressed_at is null or progressed_at < $1) then 1 end) as stalled from erasure";

/// The kinds of jobs with planned times, as the metrics name them.
pub const JOB_KINDS: [&str; 4] = ["attempts", "deletions", "disconnections", "erasures"];
/// The planned time of each kind's first item, due or not.
const NEXT_DUE: &str = "select (select min(next_look) from link_attempt where next_look is not null) as attempts, \
     (select min(next_at) from deletion where done_at is null) as deletions, \
     (select min(next_at) from disconnection where done_at is null) as disconnections, \
     (select min(next_at) from erasure) as erasures";

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
    /// The erasures that are not done, and those of them without progress since that time.
    async fn erasures(&self, since: OffsetDateTime) -> Stored<(u64, u64)>;
    /// Kinds of jobs with an item that was due before `now`, and since when.
    async fn overdue(&self, now: OffsetDateTime) -> Stored<Vec<(&'static str, OffsetDateTime)>>;
}

#[async_trait]
impl Backlog for Database {
    async fn waiting(&self) -> Stored<Waiting> {
        let row = sqlx::query(WAITING).fetch_one(&mut *self.reads.turn().await?).await?;
        let count: i64 = row.try_get("waiting")?;
        let oldest: Option<i64> = row.try_get("oldest")?;
        Ok(Waiting { count: u64::try_from(count).unwrap_or_default(), oldest: oldest.map(from_millis) })
    }

    async fn erasures(&self, since: OffsetDateTime) -> Stored<(u64, u64)> {
        let query = sqlx::query(ERASURES).bind(to_millis(since));
        let row = query.fetch_one(&mut *self.reads.turn().await?).await?;
        let number = |column| row.try_get::<i64, _>(column).map(|number| u64::try_from(number).unwrap_or_default());
        Ok((number("waiting")?, number("stalled")?))
    }

    async fn overdue(&self, now: OffsetDateTime) -> Stored<Vec<(&'static str, OffsetDateTime)>> {
        let row = sqlx::query(NEXT_DUE).fetch_one(&mut *self.reads.turn().await?).await?;
        let mut overdue = Vec::new();
        for kind in JOB_KINDS {
            let due = row.try_get::<Option<i64>, _>(kind)?.map(from_millis);
            overdue.extend(due.filter(|due| *due < now).map(|due| (kind, due)));
        }
        Ok(overdue)
    }
}
