//! Events for the host, numbered per user.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::AnyConnection;
use time::{OffsetDateTime, serde::rfc3339};
use uuid::{Builder, Uuid};

use super::{
    Stored, StoredEvent,
    database::Database,
    row::{Columns, to_json},
};
use crate::{
    clock::to_millis,
    connection::CredentialId,
    connector::ConnectorId,
    link::{AttemptId, EventKind, LinkAttempt, OutboxEvent, Reason, State},
    session::{ExternalId, SessionId},
};

/// Counts so many events more, and answers the number of the last. Whoever else counts for this user waits for the
/// end of this transaction, so numbers have no gaps and become visible in their order.
const COUNT: &str = "insert into outbox_count (user_id, counted) values ($1, $2) \
     on conflict (user_id) do update set counted = outbox_count.counted + excluded.counted returning counted";
const PUT: &str = "insert into outbox (id, user_id, sequence, kind, attempt_id, body, at) \
     values ($1, $2, $3, $4, $5, $6, $7)";
const AFTER: &str = "select id, user_id, sequence, kind, attempt_id, body, at from outbox \
     where user_id = $1 and sequence > $2 order by sequence";

/// What the host gets.
#[derive(Serialize)]
struct Body<'a> {
    r#type: EventKind,
    #[serde(with = "rfc3339")]
    timestamp: OffsetDateTime,
    data: Subject<'a>,
}

#[derive(Serialize)]
struct Subject<'a> {
    attempt_id: AttemptId,
    state: State,
    reason: Option<Reason>,
    connector: &'a ConnectorId,
    credential_id: Option<&'a CredentialId>,
    replaces: Option<&'a CredentialId>,
    user_id: &'a ExternalId,
    session_id: SessionId,
    sequence: i64,
}

/// Writes the events that came with that version of the attempt.
pub(super) async fn put(
    connection: &mut AnyConnection,
    attempt: &LinkAttempt,
    version: i64,
    events: &[OutboxEvent],
) -> Stored<()> {
    if events.is_empty() {
        return Ok(());
    }
    let more = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let counted: i64 =
        sqlx::query_scalar(COUNT).bind(attempt.user.as_str()).bind(more).fetch_one(&mut *connection).await?;
    for (place, (sequence, event)) in (0..).zip((counted - more + 1..).zip(events)) {
        sqlx::query(PUT)
            .bind(id_of(attempt.id, version, place).to_string())
            .bind(attempt.user.as_str())
            .bind(sequence)
            .bind(event.kind.as_str())
            .bind(attempt.id.to_string())
            .bind(to_json(&body(attempt, event, sequence))?)
            .bind(to_millis(event.at))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn after(database: &Database, user: &ExternalId, after: i64) -> Stored<Vec<StoredEvent>> {
    let rows = sqlx::query(AFTER).bind(user.as_str()).bind(after).fetch_all(&mut *database.reads.turn().await?).await?;
    rows.iter()
        .map(|row| {
            let row = Columns(row);
            Ok(StoredEvent {
                id: row.read("id", |text| Uuid::parse_str(text).ok())?,
                kind: row.text("kind")?.to_owned(),
                user: row.read("user_id", |text| ExternalId::parse(text).ok())?,
                attempt: row.read("attempt_id", |text| Uuid::parse_str(text).ok().map(AttemptId))?,
                sequence: row.number("sequence")?,
                body: row.text("body")?.to_owned(),
                at: row.time("at")?,
            })
        })
        .collect()
}

fn body<'a>(attempt: &'a LinkAttempt, event: &'a OutboxEvent, sequence: i64) -> Body<'a> {
    Body {
        r#type: event.kind,
        timestamp: event.at,
        data: Subject {
            attempt_id: attempt.id,
            state: attempt.state,
            reason: attempt.reason,
            connector: &attempt.connector,
            credential_id: event.credential.as_ref(),
            replaces: attempt.replaces.as_ref(),
            user_id: &attempt.user,
            session_id: attempt.session_id,
            sequence,
        },
    }
}

/// A UUID of version 8 (RFC 9562 section 5.8), derived from what makes the event unique: the step of its attempt.
fn id_of(attempt: AttemptId, version: i64, place: u32) -> Uuid {
    let digest = Sha256::new()
        .chain_update(b"gangway event")
        .chain_update(attempt.0)
        .chain_update(version.to_be_bytes())
        .chain_update(place.to_be_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
    Builder::from_custom_bytes(bytes).into_uuid()
}
