//! Events for the host, numbered per user.

use sha2::{Digest as _, Sha256};
use sqlx::{AnyConnection, any::AnyRow};
use time::OffsetDateTime;
use uuid::{Builder, Uuid};

use super::{
    Disconnection, Stored,
    database::Database,
    row::{Columns, to_json},
};
use crate::domain::{
    attempt::{AttemptId, LinkAttempt, OutboxEvent},
    clock::to_millis,
    connection::CredentialId,
    event::Event,
    session::ExternalId,
};

/// Counts so many events more, and answers the number of the last. Whoever else counts for this user waits for the
/// end of this transaction, so numbers have no gaps and become visible in their order.
const COUNT: &str = "insert into outbox_count (user_id, counted) values ($1, $2) \
     on conflict (user_id) do update set counted = outbox_count.counted + excluded.counted returning counted";
const PUT: &str = "insert into outbox (id, user_id, sequence, kind, attempt_id, body, at) \
     values ($1, $2, $3, $4, $5, $6, $7)";
const AFTER: &str = "select id, user_id, sequence, kind, attempt_id, body, at from outbox \
     where user_id = $1 and sequence > $2 order by sequence";

/// An event as it waits for its delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its id, the same in every delivery.
    pub id: Uuid,
    /// Its type, such as `connection.linked`.
    pub kind: String,
    /// Of which user, by the host's id.
    pub user: ExternalId,
    /// Of which attempt; `None` for a connection that no attempt of ours had made.
    pub attempt: Option<AttemptId>,
    /// Counts the user's events from 1.
    pub sequence: i64,
    /// What the host gets, as JSON (DESIGN, Webhooks).
    pub body: String,
    /// When it happened.
    pub at: OffsetDateTime,
}

/// Writes the events that came with that version of the attempt.
pub(super) async fn put(
    connection: &mut AnyConnection,
    attempt: &LinkAttempt,
    version: i64,
    events: &[OutboxEvent],
) -> Stored<()> {
    // Who was erased is nobody whom the host knows.
    if events.is_empty() || attempt.user.is_pseudonym() {
        return Ok(());
    }
    let more = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let counted = count(connection, &attempt.user, more).await?;
    for (place, (sequence, event)) in (0..).zip((counted - more + 1..).zip(events)) {
        insert(connection, id_of(attempt.id, version, place), &Event::of_attempt(attempt, event, sequence)).await?;
    }
    Ok(())
}

/// Writes that what its user disconnected is gone, where no attempt of ours had made it.
pub(super) async fn put_removal(
    connection: &mut AnyConnection,
    gone: &Disconnection,
    at: OffsetDateTime,
) -> Stored<()> {
    if gone.user.is_pseudonym() {
        return Ok(());
    }
    let sequence = count(connection, &gone.user, 1).await?;
    let event = Event::external_removed(&gone.user, &gone.connector, &gone.credential, at, sequence);
    insert(connection, id_of_removal(&gone.credential), &event).await
}

async fn count(connection: &mut AnyConnection, user: &ExternalId, more: i64) -> Stored<i64> {
    Ok(sqlx::query_scalar(COUNT).bind(user.as_str()).bind(more).fetch_one(connection).await?)
}

async fn insert(connection: &mut AnyConnection, id: Uuid, event: &Event) -> Stored<()> {
    sqlx::query(PUT)
        .bind(id.to_string())
        .bind(event.data.user_id.as_str())
        .bind(event.data.sequence)
        .bind(event.r#type.as_str())
        .bind(event.data.attempt_id.map(|attempt| attempt.to_string()))
        .bind(to_json(event)?)
        .bind(to_millis(event.timestamp))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn after(database: &Database, user: &ExternalId, after: i64) -> Stored<Vec<StoredEvent>> {
    let rows = sqlx::query(AFTER).bind(user.as_str()).bind(after).fetch_all(&mut *database.reads.turn().await?).await?;
    rows.iter().map(read).collect()
}

/// Reads a row that has every column of an event.
pub(super) fn read(row: &AnyRow) -> Stored<StoredEvent> {
    let row = Columns(row);
    Ok(StoredEvent {
        id: row.read("id", |text| Uuid::parse_str(text).ok())?,
        kind: row.text("kind")?.to_owned(),
        user: row.read("user_id", |text| Some(ExternalId::stored(text)))?,
        attempt: row.read_if_any("attempt_id", |text| Uuid::parse_str(text).ok().map(AttemptId))?,
        sequence: row.number("sequence")?,
        body: row.text("body")?.to_owned(),
        at: row.time("at")?,
    })
}

/// An event of an attempt is named by the step that caused it.
fn id_of(attempt: AttemptId, version: i64, place: u32) -> Uuid {
    named(&[b"gangway event", attempt.0.as_bytes(), &version.to_be_bytes(), &place.to_be_bytes()])
}

/// A credential is gone once.
fn id_of_removal(credential: &CredentialId) -> Uuid {
    named(&[b"gangway removal", credential.as_str().as_bytes()])
}

/// A UUID of version 8 (RFC 9562 section 5.8), derived from what makes the event unique.
fn named(parts: &[&[u8]]) -> Uuid {
    let digest = parts.iter().fold(Sha256::new(), |digest, part| digest.chain_update(part)).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    Builder::from_custom_bytes(bytes).into_uuid()
}
