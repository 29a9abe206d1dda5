//! Delivery of events: the next one, and the outcome of an attempt to deliver it. The process that has the lease on a user
//! sends the user's events, one at a time.

use sqlx::{AnyConnection, FromRow, Row as _, any::AnyRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Result, Store,
    columns::{Columns as _, millis_if_any},
    database::{AnyQuery, execute},
};
use crate::domain::{clock::to_millis, session::ExternalId};

/// The queue that an event of a user waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Events before their first attempt, in order.
    Initial,
    /// Events after a failed attempt.
    Retry,
}

/// An event that this process sends until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueEvent {
    /// Its id, the same in every attempt.
    pub id: Uuid,
    pub user: ExternalId,
    pub sequence: i64,
    /// Webhook body, the same in every attempt.
    pub body: String,
    /// Number of successive failed attempts.
    pub attempt_no: i64,
    pub queue: Queue,
    pub lease: OffsetDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryAttempt {
    pub at: OffsetDateTime,
    /// Status of the receiver's response, if there was one.
    pub status: Option<u16>,
    pub duration_ms: i64,
    /// Short name of the failure; `None` if the event was delivered.
    pub failure: Option<String>,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryOutcome {
    Delivered,
    /// The event is sent again.
    Retry {
        at: OffsetDateTime,
        /// End of the time for which the user's later events wait, after a first attempt.
        holds_until: OffsetDateTime,
    },
    Dead,
}

/// Terms of leases on users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseTerms {
    pub now: OffsetDateTime,
    pub lease: OffsetDateTime,
    /// Events before this time have no first attempt.
    pub since: OffsetDateTime,
}

#[derive(FromRow)]
struct LeasedUser {
    #[sqlx(rename = "user_id")]
    user: ExternalId,
    tried_to: i64,
    counted: i64,
}

impl Store {
    /// Leases due users, at most `most`, and returns the next event of each.
    pub async fn lease_deliveries(&self, queue: Queue, terms: LeaseTerms, most: usize) -> Result<Vec<DueEvent>> {
        let statement = match queue {
            Queue::Initial => include_str!("sql/deliveries/lease_initial.sql"),
            Queue::Retry => include_str!("sql/deliveries/lease_retry.sql"),
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut due = Vec::new();
        for leased in self.lease::<LeasedUser>(statement, terms.now, terms.lease, most).await? {
            // An unreadable event delays no other user: its lease ends, and it is read again.
            match self.next_event(queue, terms, &leased).await {
                Ok(Some(next)) => due.push(next),
                Ok(None) => self.release_user(queue, terms, &leased).await?,
                Err(error) => tracing::error!(%error, "an event that is due cannot be read"),
            }
        }
        Ok(due)
    }

    /// Stores an attempt with its outcome and ends the lease; false, and nothing is stored, if the lease was lost before.
    pub async fn record_delivery_attempt(
        &self,
        due: &DueEvent,
        attempt: &DeliveryAttempt,
        outcome: DeliveryOutcome,
        now: OffsetDateTime,
    ) -> Result<bool> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.transaction(&mut connection).await?;
        let tried_to = if due.queue == Queue::Initial { due.sequence } else { 0 };
        if !end_lease(&mut transaction, &due.user, due.lease, tried_to).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        // No row is left if the user was erased meanwhile.
        if mark(&mut transaction, due, outcome, now).await? {
            insert_attempt(&mut transaction, due.id, attempt).await?;
        }
        reschedule_user(&mut transaction, &due.user, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The user's next event in that queue. All events that are too old are marked as dead.
    async fn next_event(&self, queue: Queue, terms: LeaseTerms, leased: &LeasedUser) -> Result<Option<DueEvent>> {
        let Some((next, at)) = self.read_next(queue, terms, leased).await? else { return Ok(None) };
        if queue == Queue::Retry || at >= terms.since {
            return Ok(Some(next));
        }
        let expired = sqlx::query(include_str!("sql/deliveries/expire_untried.sql"))
            .bind(&leased.user)
            .bind(leased.tried_to)
            .bind(to_millis(terms.now))
            .bind(to_millis(terms.since));
        self.execute(expired).await?;
        Ok(self.read_next(queue, terms, leased).await?.map(|(next, _)| next))
    }

    async fn read_next(
        &self,
        queue: Queue,
        terms: LeaseTerms,
        leased: &LeasedUser,
    ) -> Result<Option<(DueEvent, OffsetDateTime)>> {
        let query: AnyQuery<'_> = match queue {
            Queue::Initial => {
                sqlx::query(include_str!("sql/deliveries/next_initial.sql")).bind(&leased.user).bind(leased.tried_to)
            }
            Queue::Retry => {
                sqlx::query(include_str!("sql/deliveries/next_retry.sql")).bind(&leased.user).bind(to_millis(terms.now))
            }
        };
        let row = query.fetch_optional(&mut *self.reads.acquire().await?).await?;
        row.map(|row| Ok((read_due(&row, queue, terms.lease)?, row.time("at")?))).transpose()
    }

    /// Ends the lease on a user with nothing to send: the events were too old or deleted, or the time to wait is over.
    async fn release_user(&self, queue: Queue, terms: LeaseTerms, leased: &LeasedUser) -> Result<()> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.transaction(&mut connection).await?;
        let tried_to = if queue == Queue::Initial { leased.counted } else { 0 };
        if end_lease(&mut transaction, &leased.user, terms.lease, tried_to).await? {
            reschedule_user(&mut transaction, &leased.user, terms.now).await?;
        }
        Ok(transaction.commit().await?)
    }
}

fn read_due(row: &AnyRow, queue: Queue, lease: OffsetDateTime) -> sqlx::Result<DueEvent> {
    Ok(DueEvent {
        id: row.uuid("id")?,
        user: row.try_get("user_id")?,
        sequence: row.try_get("sequence")?,
        body: row.try_get("body")?,
        attempt_no: row.try_get("rung")?,
        queue,
        lease,
    })
}

async fn end_lease(
    connection: &mut AnyConnection,
    user: &ExternalId,
    lease: OffsetDateTime,
    tried_to: i64,
) -> Result<bool> {
    let query = sqlx::query(include_str!("sql/deliveries/release_lease.sql"));
    Ok(execute(connection, query.bind(user).bind(to_millis(lease)).bind(tried_to)).await? == 1)
}

async fn reschedule_user(connection: &mut AnyConnection, user: &ExternalId, now: OffsetDateTime) -> Result<()> {
    let query = sqlx::query(include_str!("sql/deliveries/reschedule_user.sql")).bind(user).bind(to_millis(now));
    execute(connection, query).await?;
    Ok(())
}

async fn mark(
    connection: &mut AnyConnection,
    due: &DueEvent,
    outcome: DeliveryOutcome,
    now: OffsetDateTime,
) -> Result<bool> {
    let (attempt_no, next_at, holds_until) = match outcome {
        DeliveryOutcome::Retry { at, holds_until } => {
            let holds = due.queue == Queue::Initial;
            (due.attempt_no.saturating_add(1), Some(at), holds.then_some(holds_until))
        }
        DeliveryOutcome::Delivered | DeliveryOutcome::Dead => (due.attempt_no, None, None),
    };
    let query = sqlx::query(include_str!("sql/deliveries/mark_event.sql"))
        .bind(due.id.to_string())
        .bind(attempt_no)
        .bind(millis_if_any(next_at))
        .bind(millis_if_any(holds_until))
        .bind(millis_if_any((outcome == DeliveryOutcome::Delivered).then_some(now)))
        .bind(millis_if_any((outcome == DeliveryOutcome::Dead).then_some(now)));
    Ok(execute(connection, query).await? == 1)
}

async fn insert_attempt(connection: &mut AnyConnection, event: Uuid, attempt: &DeliveryAttempt) -> Result<()> {
    let query = sqlx::query(include_str!("sql/deliveries/insert_try.sql"))
        .bind(event.to_string())
        .bind(to_millis(attempt.at))
        .bind(attempt.duration_ms)
        .bind(attempt.status.map(i64::from))
        .bind(attempt.failure.as_deref());
    execute(connection, query).await?;
    Ok(())
}
