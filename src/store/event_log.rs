//! Events and their deliveries, as people look at them and ask for one again.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{DeliveryAttempt, Stored, StoredEvent, attempt_row::AnyQuery, database::Database, outbox, row::Columns};
use crate::domain::{clock::to_millis, session::ExternalId};

/// Where the delivery of an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// It is to be tried, or tried again.
    Waiting,
    /// The receiver has it.
    Delivered,
    /// It is not tried any more.
    Dead,
}

/// An event with all that was done to deliver it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The event.
    pub event: StoredEvent,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it is tried again; `None` as long as it waits for its first try.
    pub next_at: Option<OffsetDateTime>,
    /// When the receiver took it.
    pub delivered_at: Option<OffsetDateTime>,
    /// Every try, the first one first.
    pub tries: Vec<DeliveryAttempt>,
}

/// Where an event stands among all others, by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When it happened.
    pub at: OffsetDateTime,
    /// Its number among its user's.
    pub sequence: i64,
    /// Its id.
    pub id: Uuid,
}

impl Place {
    /// Where that event stands.
    pub fn of(event: &StoredEvent) -> Self {
        Self { at: event.at, sequence: event.sequence, id: event.id }
    }
}

/// Filter of the list of deliveries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Of that user only.
    pub user: Option<ExternalId>,
    /// In that state only.
    pub state: Option<DeliveryState>,
    /// Older than that one only.
    pub before: Option<Place>,
}

/// What people ask the store about events.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Events from that time on, the oldest first: after that one if one is named, of that user if one is.
    async fn events_from(
        &self,
        from: OffsetDateTime,
        after: Option<Place>,
        user: Option<&ExternalId>,
        most: u16,
    ) -> Stored<Vec<StoredEvent>>;
    /// Deliveries, the newest event first.
    async fn deliveries(&self, which: &DeliveryFilter, most: u16) -> Stored<Vec<Delivery>>;
    /// The delivery of that event.
    async fn delivery(&self, event: Uuid) -> Stored<Option<Delivery>>;
    /// Has an event tried again at once, and from the beginning of the ladder, whatever became of it before; false if there
    /// is none of that id.
    async fn replay(&self, event: Uuid, now: OffsetDateTime) -> Stored<bool>;
}

macro_rules! columns {
    () => {
        "id, user_id, sequence, kind, attempt_id, body, at, next_at, delivered_at, dead_at"
    };
}

/// What is wanted of deliveries that meet that condition: the newest before a place.
macro_rules! newest {
    ($what:expr, $condition:literal) => {
        concat!(
            "select ",
            $what,
            " from outbox where ",
            $condition,
            " (at, sequence, id) < ($1, $2, $3) order by at desc, sequence desc, id desc limit $4"
        )
    };
}

macro_rules! tries_of {
    ($events:expr) => {
        concat!(
            "select event_id, at, duration_ms, status, failure from delivery_try where event_id in (",
            $events,
            ") order by event_id, number"
        )
    };
}

/// Such deliveries, and their tries.
macro_rules! both {
    ($condition:literal) => {
        (newest!(columns!(), $condition), tries_of!(newest!("id", $condition)))
    };
}

const ONE: &str = concat!("select ", columns!(), " from outbox where id = $1");
const TRIES_OF_ONE: &str = tries_of!("$1");
const FROM: &str = "select id, user_id, sequence, kind, attempt_id, body, at from outbox \
     where at >= $1 and (at, sequence, id) > ($2, $3, $4) order by at, sequence, id limit $5";
const FROM_OF_USER: &str = "select id, user_id, sequence, kind, attempt_id, body, at from outbox where user_id = $6 \
     and at >= $1 and (at, sequence, id) > ($2, $3, $4) order by at, sequence, id limit $5";
/// Also holds the user's line, so that nobody reckons anew when it is due until the event is written.
const WAKE: &str = "update outbox_count set next_at = case when next_at < $2 then next_at else $2 end \
     where user_id = (select user_id from outbox where id = $1)";
const REPLAY: &str = "update outbox set rung = 0, next_at = $2, holds_until = null, delivered_at = null, dead_at = null \
     where id = $1";

#[async_trait]
impl EventLog for Database {
    async fn events_from(
        &self,
        from: OffsetDateTime,
        after: Option<Place>,
        user: Option<&ExternalId>,
        most: u16,
    ) -> Stored<Vec<StoredEvent>> {
        let query = sqlx::query(if user.is_some() { FROM_OF_USER } else { FROM })
            .bind(to_millis(from))
            .bind(after.map_or(i64::MIN, |place| to_millis(place.at)))
            .bind(after.map_or(0, |place| place.sequence))
            .bind(after.map_or_else(String::new, |place| place.id.to_string()))
            .bind(i64::from(most));
        let query = if let Some(user) = user { query.bind(user.as_str()) } else { query };
        query.fetch_all(&mut *self.reads.turn().await?).await?.iter().map(outbox::read).collect()
    }

    async fn deliveries(&self, which: &DeliveryFilter, most: u16) -> Stored<Vec<Delivery>> {
        let (events, tries) = statements(which);
        let mut turn = self.reads.turn().await?;
        let tries = read_tries(&asked(tries, which, most).fetch_all(&mut *turn).await?)?;
        let rows = asked(events, which, most).fetch_all(&mut *turn).await?;
        rows.iter().map(|row| read(row, &tries)).collect()
    }

    async fn delivery(&self, event: Uuid) -> Stored<Option<Delivery>> {
        let id = event.to_string();
        let mut turn = self.reads.turn().await?;
        let tries = read_tries(&sqlx::query(TRIES_OF_ONE).bind(id.as_str()).fetch_all(&mut *turn).await?)?;
        let row = sqlx::query(ONE).bind(id.as_str()).fetch_optional(&mut *turn).await?;
        row.map(|row| read(&row, &tries)).transpose()
    }

    async fn replay(&self, event: Uuid, now: OffsetDateTime) -> Stored<bool> {
        let mut turn = self.writes.turn().await?;
        let mut transaction = self.begin(&mut turn).await?;
        for statement in [WAKE, REPLAY] {
            let query = sqlx::query(statement).bind(event.to_string()).bind(to_millis(now));
            if query.execute(&mut *transaction).await?.rows_affected() == 0 {
                transaction.rollback().await?;
                return Ok(false);
            }
        }
        transaction.commit().await?;
        Ok(true)
    }
}

/// The statements for the deliveries that are wanted, and for their tries.
fn statements(which: &DeliveryFilter) -> (&'static str, &'static str) {
    use DeliveryState::{Dead, Delivered, Waiting};
    match (which.state, which.user.is_some()) {
        (None, false) => both!(""),
        (None, true) => both!("user_id = $5 and"),
        (Some(Waiting), false) => both!("delivered_at is null and dead_at is null and"),
        (Some(Waiting), true) => both!("user_id = $5 and delivered_at is null and dead_at is null and"),
        (Some(Delivered), false) => both!("delivered_at is not null and"),
        (Some(Delivered), true) => both!("user_id = $5 and delivered_at is not null and"),
        (Some(Dead), false) => both!("dead_at is not null and"),
        (Some(Dead), true) => both!("user_id = $5 and dead_at is not null and"),
    }
}

fn asked(statement: &'static str, which: &DeliveryFilter, most: u16) -> AnyQuery<'static> {
    let query = sqlx::query(statement)
        .bind(which.before.map_or(i64::MAX, |place| to_millis(place.at)))
        .bind(which.before.map_or(i64::MAX, |place| place.sequence))
        .bind(which.before.map_or_else(String::new, |place| place.id.to_string()))
        .bind(i64::from(most));
    if let Some(user) = &which.user { query.bind(user.as_str().to_owned()) } else { query }
}

fn read_tries(rows: &[AnyRow]) -> Stored<BTreeMap<String, Vec<DeliveryAttempt>>> {
    let mut tries: BTreeMap<String, Vec<DeliveryAttempt>> = BTreeMap::new();
    for row in rows {
        let row = Columns(row);
        let made = DeliveryAttempt {
            at: row.time("at")?,
            status: row.number_if_any("status")?.and_then(|status| u16::try_from(status).ok()),
            duration_ms: row.number("duration_ms")?,
            failure: row.text_if_any("failure")?.map(str::to_owned),
        };
        tries.entry(row.text("event_id")?.to_owned()).or_default().push(made);
    }
    Ok(tries)
}

fn read(row: &AnyRow, tries: &BTreeMap<String, Vec<DeliveryAttempt>>) -> Stored<Delivery> {
    let event = outbox::read(row)?;
    let row = Columns(row);
    let delivered_at = row.time_if_any("delivered_at")?;
    let state = match delivered_at {
        Some(_) => DeliveryState::Delivered,
        None if row.time_if_any("dead_at")?.is_some() => DeliveryState::Dead,
        None => DeliveryState::Waiting,
    };
    let tries = tries.get(row.text("id")?).cloned().unwrap_or_default();
    Ok(Delivery { event, state, next_at: row.time_if_any("next_at")?, delivered_at, tries })
}
