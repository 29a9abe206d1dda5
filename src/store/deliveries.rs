//! Delivery of events. The process that leases a user sends the user's events, one at a time.

use sqlx::{AnyConnection, FromRow, Row as _, any::AnyRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Result, Store,
    columns::{Columns as _, millis_if_any},
    database::{AnyQuery, commit, execute, rollback},
};
use crate::domain::{clock::to_millis, session::ExternalId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    Initial,
    Retry,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueEvent {
    pub id: Uuid,
    pub user: ExternalId,
    pub sequence: i64,
    /// Webhook body, the same in every attempt.
    pub body: String,
    pub attempt_no: i64,
    pub queue: Queue,
    pub lease: OffsetDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryAttempt {
    pub at: OffsetDateTime,
    pub status: Option<u16>,
    pub duration_ms: i64,
    /// `None` if the event was delivered.
    pub failure: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryOutcome {
    Delivered,
    Retry {
        at: OffsetDateTime,
        /// The user's later events wait until this time, after a first attempt.
        holds_until: OffsetDateTime,
    },
    Dead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseTerms {
    pub now: OffsetDateTime,
    pub lease: OffsetDateTime,
    /// Older events get no first attempt.
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

    /// Returns `false`, and stores nothing, if the lease was lost.
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
            rollback(transaction).await?;
            return Ok(false);
        }
        // The user may have been erased meanwhile.
        if mark(&mut transaction, due, outcome, now).await? {
            insert_attempt(&mut transaction, due.id, attempt).await?;
        }
        reschedule_user(&mut transaction, &due.user, now).await?;
        commit(transaction).await?;
        Ok(true)
    }

    /// Also marks events that are too old as dead.
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
        let row = self.fetch_row(query).await?;
        row.map(|row| Ok((read_due(&row, queue, terms.lease)?, row.time("at")?))).transpose()
    }

    async fn release_user(&self, queue: Queue, terms: LeaseTerms, leased: &LeasedUser) -> Result<()> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.transaction(&mut connection).await?;
        let tried_to = if queue == Queue::Initial { leased.counted } else { 0 };
        if end_lease(&mut transaction, &leased.user, terms.lease, tried_to).await? {
            reschedule_user(&mut transaction, &leased.user, terms.now).await?;
        }
        commit(transaction).await
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
