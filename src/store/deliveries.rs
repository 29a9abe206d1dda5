//! Deliveries of events. A lease covers all events of a user, so that they are sent one at a time and in order.

#![expect(missing_docs, reason = "the names of fields and variants say it")]

use async_trait::async_trait;
use sqlx::{AnyConnection, any::AnyRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Stored,
    database::Database,
    lease::take,
    row::{Columns, millis_if_any},
};
use crate::domain::{clock::to_millis, session::ExternalId};

/// A user's events that are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// First tries, in order.
    Initial,
    /// Events that failed before.
    Retry,
}

/// An event under a lease of this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueEvent {
    pub id: Uuid,
    pub user: ExternalId,
    pub sequence: i64,
    pub body: String,
    /// Failed tries before this one.
    pub attempt_no: i64,
    pub queue: Queue,
    /// End of the lease.
    pub lease: OffsetDateTime,
}

/// One request to the receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryAttempt {
    pub at: OffsetDateTime,
    /// `None` without an answer.
    pub status: Option<u16>,
    pub duration_ms: i64,
    /// `None` if the event was delivered.
    pub failure: Option<String>,
}

/// What follows from a delivery attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryOutcome {
    Delivered,
    Retry {
        at: OffsetDateTime,
        /// Until then the user's later events wait, if this was the first try.
        holds_until: OffsetDateTime,
    },
    /// No more retries.
    Dead,
}

/// Leases of deliveries.
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Leases the next event of each of at most `most` users. Events without a first try that are older than `since`
    /// become dead.
    async fn lease_deliveries(&self, queue: Queue, terms: LeaseTerms, most: usize) -> Stored<Vec<DueEvent>>;
    /// Records a delivery attempt and ends the lease. Returns false and records nothing if the lease was lost.
    async fn record_delivery_attempt(
        &self,
        due: &DueEvent,
        made: &DeliveryAttempt,
        next: DeliveryOutcome,
        now: OffsetDateTime,
    ) -> Stored<bool>;
}

/// Period and cut-off of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseTerms {
    pub now: OffsetDateTime,
    /// End of the lease.
    pub lease: OffsetDateTime,
    /// Older events have no first try.
    pub since: OffsetDateTime,
}

const TAKE_FIRST: &str = concat!(
    take!("outbox_count" by "user_id", lease "lease", due "counted > tried_to and held_until is null", order "served_at"),
    "user_id, tried_to, counted"
);
const TAKE_RETRY: &str = concat!(
    take!("outbox_count" by "user_id", lease "lease", due "next_at <= $1", order "next_at"),
    "user_id, tried_to, counted"
);
/// By the index of each user's numbers: `coalesce` keeps the planner from the index of all that waits. PostgreSQL, which mostly
/// knows a time when nothing waited, would read the whole of it for one user's event.
const NEXT_FIRST: &str = "select id, user_id, sequence, body, rung, at from outbox where user_id = $1 and sequence > $2 \
     and coalesce(next_at, delivered_at, dead_at) is null order by sequence limit 1";
const NEXT_RETRY: &str = "select id, user_id, sequence, body, rung, at from outbox where user_id = $1 and next_at <= $2 \
     order by next_at limit 1";
const TOO_OLD: &str = "update outbox set dead_at = $3 where user_id = $1 and sequence > $2 and at < $4 \
     and coalesce(next_at, delivered_at, dead_at) is null";
/// Also locks the user's row against new events and replays until the transaction ends.
const END_LEASE: &str = "update outbox_count set lease = null, tried_to = case when tried_to < $3 then $3 else tried_to end \
     where user_id = $1 and lease = $2";
/// Plans when the user is due next: behind all users who are due now.
const RESCHEDULE_USER: &str = "update outbox_count set served_at = $2, \
     held_until = (select max(holds_until) from outbox where user_id = $1 and next_at is not null and holds_until > $2), \
     next_at = (select case when min(due) < $2 then $2 else min(due) end from \
     (select min(next_at) as due from outbox where user_id = $1 and next_at is not null union all \
     select max(holds_until) from outbox where user_id = $1 and next_at is not null and holds_until > $2) as timers) \
     where user_id = $1";
const MARK: &str = "update outbox set rung = $2, next_at = $3, holds_until = coalesce(holds_until, $4), \
     delivered_at = $5, dead_at = $6 where id = $1";
const PUT_TRY: &str = "insert into delivery_try (event_id, number, at, duration_ms, status, failure) \
     select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5 from delivery_try where event_id = $1";

/// A user under a lease.
struct LeasedUser {
    user: ExternalId,
    tried_to: i64,
    counted: i64,
}

#[async_trait]
impl Deliveries for Database {
    async fn lease_deliveries(&self, queue: Queue, terms: LeaseTerms, most: usize) -> Stored<Vec<DueEvent>> {
        let mut due = Vec::new();
        for taken in taken(self, queue, terms, most).await? {
            // An unreadable event does not hold up other users.
            match next_of(self, queue, terms, &taken).await {
                Ok(Some(next)) => due.push(next),
                Ok(None) => release_lease(self, queue, terms, &taken).await?,
                Err(error) => tracing::error!(%error, "an event that is due cannot be read"),
            }
        }
        Ok(due)
    }

    async fn record_delivery_attempt(
        &self,
        due: &DueEvent,
        made: &DeliveryAttempt,
        next: DeliveryOutcome,
        now: OffsetDateTime,
    ) -> Stored<bool> {
        let mut turn = self.writes.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        let tried_to = if due.queue == Queue::Initial { due.sequence } else { 0 };
        if !end_lease(&mut transaction, &due.user, due.lease, tried_to).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        // The user may have been erased meanwhile.
        if mark(&mut transaction, due, next, now).await? {
            put_try(&mut transaction, due.id, made).await?;
        }
        reschedule_user(&mut transaction, &due.user, now).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn taken(database: &Database, queue: Queue, terms: LeaseTerms, most: usize) -> Stored<Vec<LeasedUser>> {
    let statement = if queue == Queue::Initial { TAKE_FIRST } else { TAKE_RETRY };
    let rows = sqlx::query(statement)
        .bind(to_millis(terms.now))
        .bind(to_millis(terms.lease))
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(&mut *database.writes.turn().await?)
        .await?;
    rows.iter()
        .map(|row| {
            let row = Columns(row);
            let user = row.read("user_id", |text| Some(ExternalId::stored(text)))?;
            Ok(LeasedUser { user, tried_to: row.number("tried_to")?, counted: row.number("counted")? })
        })
        .collect()
}

/// The user's next event. Marks events that are too old for a first try as dead.
async fn next_of(database: &Database, queue: Queue, terms: LeaseTerms, taken: &LeasedUser) -> Stored<Option<DueEvent>> {
    let Some((next, at)) = find_due(database, queue, terms, taken).await? else { return Ok(None) };
    if queue == Queue::Retry || at >= terms.since {
        return Ok(Some(next));
    }
    sqlx::query(TOO_OLD)
        .bind(taken.user.as_str())
        .bind(taken.tried_to)
        .bind(to_millis(terms.now))
        .bind(to_millis(terms.since))
        .execute(&mut *database.writes.turn().await?)
        .await?;
    Ok(find_due(database, queue, terms, taken).await?.map(|(next, _)| next))
}

async fn find_due(
    database: &Database,
    queue: Queue,
    terms: LeaseTerms,
    taken: &LeasedUser,
) -> Stored<Option<(DueEvent, OffsetDateTime)>> {
    let query = match queue {
        Queue::Initial => sqlx::query(NEXT_FIRST).bind(taken.user.as_str()).bind(taken.tried_to),
        Queue::Retry => sqlx::query(NEXT_RETRY).bind(taken.user.as_str()).bind(to_millis(terms.now)),
    };
    let row = query.fetch_optional(&mut *database.reads.turn().await?).await?;
    row.as_ref().map(|row| read(row, queue, terms.lease)).transpose()
}

fn read(row: &AnyRow, queue: Queue, lease: OffsetDateTime) -> Stored<(DueEvent, OffsetDateTime)> {
    let row = Columns(row);
    let due = DueEvent {
        id: row.read("id", |text| Uuid::parse_str(text).ok())?,
        user: row.read("user_id", |text| Some(ExternalId::stored(text)))?,
        sequence: row.number("sequence")?,
        body: row.text("body")?.to_owned(),
        attempt_no: row.number("rung")?,
        queue,
        lease,
    };
    Ok((due, row.time("at")?))
}

/// Releases a user without a due event: the events were too old or deleted, or the wait for a failing one is over.
async fn release_lease(database: &Database, queue: Queue, terms: LeaseTerms, taken: &LeasedUser) -> Stored<()> {
    let mut turn = database.writes.turn().await?;
    let mut transaction = database.begin(&mut turn).await?;
    let tried_to = if queue == Queue::Initial { taken.counted } else { 0 };
    if end_lease(&mut transaction, &taken.user, terms.lease, tried_to).await? {
        reschedule_user(&mut transaction, &taken.user, terms.now).await?;
    }
    Ok(transaction.commit().await?)
}

async fn end_lease(
    connection: &mut AnyConnection,
    user: &ExternalId,
    lease: OffsetDateTime,
    tried_to: i64,
) -> Stored<bool> {
    let query = sqlx::query(END_LEASE).bind(user.as_str()).bind(to_millis(lease)).bind(tried_to);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

async fn reschedule_user(connection: &mut AnyConnection, user: &ExternalId, now: OffsetDateTime) -> Stored<()> {
    sqlx::query(RESCHEDULE_USER).bind(user.as_str()).bind(to_millis(now)).execute(connection).await?;
    Ok(())
}

async fn mark(
    connection: &mut AnyConnection,
    due: &DueEvent,
    next: DeliveryOutcome,
    now: OffsetDateTime,
) -> Stored<bool> {
    let (rung, next_at, holds_until) = match next {
        DeliveryOutcome::Retry { at, holds_until } => {
            let first = due.queue == Queue::Initial;
            (due.attempt_no.saturating_add(1), Some(at), first.then_some(holds_until))
        }
        DeliveryOutcome::Delivered | DeliveryOutcome::Dead => (due.attempt_no, None, None),
    };
    let marked = sqlx::query(MARK)
        .bind(due.id.to_string())
        .bind(rung)
        .bind(millis_if_any(next_at))
        .bind(millis_if_any(holds_until))
        .bind(millis_if_any((next == DeliveryOutcome::Delivered).then_some(now)))
        .bind(millis_if_any((next == DeliveryOutcome::Dead).then_some(now)))
        .execute(connection)
        .await?;
    Ok(marked.rows_affected() == 1)
}

async fn put_try(connection: &mut AnyConnection, event: Uuid, made: &DeliveryAttempt) -> Stored<()> {
    sqlx::query(PUT_TRY)
        .bind(event.to_string())
        .bind(to_millis(made.at))
        .bind(made.duration_ms)
        .bind(made.status.map(i64::from))
        .bind(made.failure.as_deref())
        .execute(connection)
        .await?;
    Ok(())
}
