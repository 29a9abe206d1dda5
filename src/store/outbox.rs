//! Events for the host, numbered per user.

use sqlx::{AnyConnection, FromRow, Row as _, any::AnyRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Result, Store,
    columns::{Columns as _, to_json},
    database::{execute, one_row},
};
use crate::domain::{
    attempt::{AttemptId, EventKind, LinkAttempt, OutboxEvent},
    clock::{from_millis, to_millis},
    connection::CredentialId,
    connector::ConnectorId,
    event::{Event, EventIds},
    keys::derived_uuid,
    session::ExternalId,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    pub id: Uuid,
    pub kind: String,
    pub user: ExternalId,
    /// `None` for an external connection.
    pub attempt: Option<AttemptId>,
    pub sequence: i64,
    pub body: String,
    pub at: OffsetDateTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingEvents {
    /// Counts at most 100,000.
    pub count: u64,
    pub oldest: Option<OffsetDateTime>,
}

impl FromRow<'_, AnyRow> for StoredEvent {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.uuid("id")?,
            kind: row.try_get("kind")?,
            user: row.try_get("user_id")?,
            attempt: row.try_get("attempt_id")?,
            sequence: row.try_get("sequence")?,
            body: row.try_get("body")?,
            at: row.time("at")?,
        })
    }
}

impl Store {
    pub async fn events(&self, user: &ExternalId, after: i64) -> Result<Vec<StoredEvent>> {
        self.fetch_all(sqlx::query(include_str!("sql/events/events.sql")).bind(user).bind(after)).await
    }

    pub(crate) async fn waiting_events(&self) -> Result<WaitingEvents> {
        let query = sqlx::query(include_str!("sql/events/waiting_events.sql"));
        let (count, oldest): (i64, Option<i64>) = self.fetch_one(query).await?;
        Ok(WaitingEvents { count: count.unsigned_abs(), oldest: oldest.map(from_millis) })
    }
}

/// Writes the events of this version of the attempt, but none for an erased user.
pub(super) async fn put(
    connection: &mut AnyConnection,
    attempt: &LinkAttempt,
    version: u32,
    events: &[OutboxEvent],
) -> Result<()> {
    if events.is_empty() || attempt.user.is_pseudonym() {
        return Ok(());
    }
    let more = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let last = count(connection, &attempt.user, Some(attempt.id), more).await?;
    for (place, (sequence, event)) in (0..).zip((last.sequence - more + 1..).zip(events)) {
        let ids = EventIds { sequence, ..last.clone() };
        insert(connection, id_of(attempt.id, version, place), &Event::of_attempt(attempt, event, ids)).await?;
    }
    Ok(())
}

/// Writes the event of a removed external connection.
pub(super) async fn put_removal(
    connection: &mut AnyConnection,
    user: &ExternalId,
    connector: &ConnectorId,
    credential: &CredentialId,
    at: OffsetDateTime,
) -> Result<()> {
    if user.is_pseudonym() {
        return Ok(());
    }
    let ids = count(connection, user, None, 1).await?;
    let event = Event::external(EventKind::ConnectionRemoved, user, (connector, credential), at, ids);
    insert(connection, id_of_removal(credential), &event).await
}

/// Writes the event of a refused connection.
pub(super) async fn put_refusal(
    connection: &mut AnyConnection,
    user: &ExternalId,
    (connector, credential): (&ConnectorId, &CredentialId),
    attempt: Option<&LinkAttempt>,
    at: OffsetDateTime,
) -> Result<()> {
    let ids = count(connection, user, attempt.map(|attempt| attempt.id), 1).await?;
    let id = id_of_refusal(credential, at, ids.sequence);
    let kind = EventKind::ConnectionNeedsReconnect;
    let event = match attempt {
        Some(attempt) => {
            let event = OutboxEvent { kind, credential: Some(credential.clone()), same_account: None, at };
            Event::of_attempt(attempt, &event, ids)
        }
        None => Event::external(kind, user, (connector, credential), at, ids),
    };
    insert(connection, id, &event).await
}

/// Returns the ids of the last of `more` events.
async fn count(
    connection: &mut AnyConnection,
    user: &ExternalId,
    attempt: Option<AttemptId>,
    more: i64,
) -> Result<EventIds> {
    let query = sqlx::query(include_str!("sql/events/count_events.sql")).bind(user).bind(more).bind(attempt);
    let row = one_row(connection, query).await?;
    Ok(EventIds {
        sequence: row.try_get("counted")?,
        alloy_user: row.try_get("alloy_user_id")?,
        client_reference: row.try_get("client_reference")?,
    })
}

async fn insert(connection: &mut AnyConnection, id: Uuid, event: &Event) -> Result<()> {
    let query = sqlx::query(include_str!("sql/events/insert_event.sql"))
        .bind(id.to_string())
        .bind(&event.data.user_id)
        .bind(event.data.sequence)
        .bind(event.r#type.as_str())
        .bind(event.data.attempt_id)
        .bind(to_json(event)?)
        .bind(to_millis(event.timestamp));
    execute(connection, query).await?;
    Ok(())
}

/// The id of an event is derived from the version that caused it.
fn id_of(attempt: AttemptId, version: u32, place: u32) -> Uuid {
    derived_uuid(&[
        b"gangway event",
        attempt.uuid().as_bytes(),
        &i64::from(version).to_be_bytes(),
        &place.to_be_bytes(),
    ])
}

/// The sequence begins again after an erasure, so the time is needed, too.
fn id_of_refusal(credential: &CredentialId, at: OffsetDateTime, sequence: i64) -> Uuid {
    derived_uuid(&[
        b"gangway refusal",
        credential.as_str().as_bytes(),
        &to_millis(at).to_be_bytes(),
        &sequence.to_be_bytes(),
    ])
}

/// Unique, because a credential is removed once.
fn id_of_removal(credential: &CredentialId) -> Uuid {
    derived_uuid(&[b"gangway removal", credential.as_str().as_bytes()])
}
