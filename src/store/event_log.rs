//! Events and their deliveries: lists and replay.

use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, FromRow as _, Row as _, any::AnyRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    DeliveryAttempt, Result, Store, StoredEvent,
    columns::Columns as _,
    database::{commit, execute, rollback},
    statement::without,
};
use crate::domain::{clock::to_millis, session::ExternalId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    Waiting,
    Delivered,
    Dead,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub event: StoredEvent,
    pub state: DeliveryState,
    /// Time of the next retry; `None` before the first attempt.
    pub next_at: Option<OffsetDateTime>,
    pub delivered_at: Option<OffsetDateTime>,
    pub tries: Vec<DeliveryAttempt>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub at: OffsetDateTime,
    pub sequence: i64,
    pub id: Uuid,
}

impl Place {
    pub fn of(event: &StoredEvent) -> Self {
        Self { at: event.at, sequence: event.sequence, id: event.id }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    pub user: Option<ExternalId>,
    pub state: Option<DeliveryState>,
    pub before: Option<Place>,
}

impl Store {
    pub async fn events_from(
        &self,
        from: OffsetDateTime,
        after: Option<Place>,
        user: Option<&ExternalId>,
        most: u16,
    ) -> Result<Vec<StoredEvent>> {
        let unused: &[&str] = if user.is_some() { &[] } else { &["$6"] };
        let query = sqlx::query(AssertSqlSafe(without(include_str!("sql/events/events_from.sql"), unused)))
            .bind(to_millis(from))
            .bind(after.map_or(i64::MIN, |place| to_millis(place.at)))
            .bind(after.map_or(0, |place| place.sequence))
            .bind(after.map_or_else(String::new, |place| place.id.to_string()))
            .bind(i64::from(most))
            .bind(user);
        self.fetch_all(query).await
    }

    pub async fn deliveries(&self, filter: &DeliveryFilter, most: u16) -> Result<Vec<Delivery>> {
        use DeliveryState::{Dead, Delivered, Waiting};
        let states = [("-- waiting", Waiting), ("-- delivered", Delivered), ("-- dead", Dead)];
        let mut unused: Vec<&str> =
            states.into_iter().filter(|(_, state)| filter.state != Some(*state)).map(|(mark, _)| mark).collect();
        if filter.user.is_none() {
            unused.push("$5");
        }
        let query = sqlx::query(AssertSqlSafe(without(include_str!("sql/deliveries/deliveries.sql"), &unused)))
            .bind(filter.before.map_or(i64::MAX, |place| to_millis(place.at)))
            .bind(filter.before.map_or(i64::MAX, |place| place.sequence))
            .bind(filter.before.map_or_else(String::new, |place| place.id.to_string()))
            .bind(i64::from(most))
            .bind(filter.user.as_ref());
        Ok(read_deliveries(&self.fetch_rows(query).await?)?)
    }

    pub async fn delivery(&self, event: Uuid) -> Result<Option<Delivery>> {
        let query = sqlx::query(include_str!("sql/deliveries/delivery.sql")).bind(event.to_string());
        Ok(read_deliveries(&self.fetch_rows(query).await?)?.pop())
    }

    /// Schedules an event again in any state, with a new retry schedule. Returns `false` if the event is unknown.
    pub async fn replay(&self, event: Uuid, now: OffsetDateTime) -> Result<bool> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.transaction(&mut connection).await?;
        for statement in [include_str!("sql/deliveries/wake_user.sql"), include_str!("sql/deliveries/replay.sql")] {
            let query = sqlx::query(statement).bind(event.to_string()).bind(to_millis(now));
            if execute(&mut transaction, query).await? == 0 {
                rollback(transaction).await?;
                return Ok(false);
            }
        }
        commit(transaction).await?;
        Ok(true)
    }
}

/// Each row has one attempt; the rows of an event are adjacent.
fn read_deliveries(rows: &[AnyRow]) -> sqlx::Result<Vec<Delivery>> {
    let mut deliveries: Vec<Delivery> = Vec::new();
    for row in rows {
        let id = row.uuid("id")?;
        if deliveries.last().is_none_or(|last| last.event.id != id) {
            let delivered_at = row.time_if_any("delivered_at")?;
            let state = match (delivered_at, row.time_if_any("dead_at")?) {
                (Some(_), _) => DeliveryState::Delivered,
                (None, Some(_)) => DeliveryState::Dead,
                (None, None) => DeliveryState::Waiting,
            };
            let (event, next_at) = (StoredEvent::from_row(row)?, row.time_if_any("next_at")?);
            deliveries.push(Delivery { event, state, next_at, delivered_at, tries: Vec::new() });
        }
        if let (Some(delivery), Some(at)) = (deliveries.last_mut(), row.time_if_any("tried_at")?) {
            delivery.tries.push(DeliveryAttempt {
                at,
                status: row.try_get::<Option<i64>, _>("status")?.and_then(|status| u16::try_from(status).ok()),
                duration_ms: row.try_get("duration_ms")?,
                failure: row.try_get("failure")?,
            });
        }
    }
    Ok(deliveries)
}
