//! Attempts: their beginning, and every way to find one.

use sqlx::{Any, any::AnyRow, query::Query};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Begun, Stored,
    database::Database,
    row::{Columns, millis_if_any, to_json},
};
use crate::{
    clock::{from_millis, to_millis},
    connection::{Claim, Claims, CredentialId},
    connector::{AuthenticationType, ConnectorId},
    keys::Digest,
    link::{AttemptId, LinkAttempt, Reason, Reference, State, TimelineEntry, TimelineEvent, UserAnswer},
    session::{ExternalId, SessionId},
};

macro_rules! columns {
    () => {
        "id, version, session_id, user_id, connector, authentication_type, by_key, input_digest, state_digest, \
         snapshot, replaces, began_at, began_at_vendor, deadline, returned_at, refused, foreign_at, answer, state, reason, \
         credential_id, settled_at"
    };
}

/// The attempts that saved the same key since then.
macro_rules! saved {
    ($user:literal, $key:literal, $input:literal, $since:literal) => {
        concat!(
            "select ",
            columns!(),
            " from link_attempt where user_id = ",
            $user,
            " and connector_key = ",
            $key,
            " and input_digest = ",
            $input,
            " and reason = 'key_saved' and settled_at > ",
            $since
        )
    };
}

const INSERT: &str = concat!(
    "insert into link_attempt (reference, connector_key, timeline, ",
    columns!(),
    ") select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, ",
    "$24, $25 where not exists (",
    saved!("$7", "$2", "$11", "$26"),
    ") on conflict (user_id, connector_key) where state = 'pending' do nothing"
);
const SAVED: &str = saved!("$1", "$2", "$3", "$4");
const BY_ID: &str = concat!("select ", columns!(), " from link_attempt where id = $1");
const BY_STATE: &str = concat!("select ", columns!(), " from link_attempt where state_digest = $1");
const BY_REFERENCE: &str =
    concat!("select ", columns!(), " from link_attempt where reference = $1 order by began_at desc, id desc limit 1");
const OPEN_AND_CLAIMED: &str = concat!(
    "select claimed, ",
    columns!(),
    " from link_attempt left join (select attempt_id, credential_id as claimed from claim where user_id = $1) as own ",
    "on own.attempt_id = link_attempt.id where user_id = $1 and (state = 'pending' or claimed is not null) ",
    "order by began_at, id"
);
const OPEN_AT: &str = concat!(
    "select ",
    columns!(),
    " from link_attempt where user_id = $1 and connector_key = $2 and state = 'pending'"
);
const ENDED: &str = concat!(
    "select ",
    columns!(),
    " from link_attempt where user_id = $1 and state <> 'pending' and deadline >= $2 order by began_at desc, id desc limit $3"
);
const LAST: &str = concat!(
    "select ",
    columns!(),
    " from link_attempt where user_id = $1 and connector_key = $2 order by began_at desc, id desc limit 1"
);
const TIMELINE: &str = "select timeline from link_attempt where id = $1";

/// Keeps the attempt, unless the unique index knows an open one, or the same key was saved since then. An open one may
/// end between the statements: then there is room, and it is tried again.
pub(super) async fn begin(
    database: &Database,
    attempt: &LinkAttempt,
    saved_since: Option<OffsetDateTime>,
) -> Stored<Begun> {
    let since = saved_since.map_or(i64::MAX, to_millis);
    let mut turn = database.writes.turn().await?;
    loop {
        if insert(attempt)?.bind(since).execute(&mut *turn).await?.rows_affected() == 1 {
            return Ok(Begun::New);
        }
        let saved = sqlx::query(SAVED)
            .bind(attempt.user.as_str())
            .bind(key(&attempt.connector))
            .bind(attempt.input.to_text())
            .bind(since);
        if let Some(row) = saved.fetch_optional(&mut *turn).await? {
            return Ok(Begun::Saved(Box::new(read(&row)?)));
        }
        let open = sqlx::query(OPEN_AT).bind(attempt.user.as_str()).bind(key(&attempt.connector));
        if let Some(row) = open.fetch_optional(&mut *turn).await? {
            return Ok(Begun::Open(Box::new(read(&row)?)));
        }
    }
}

pub(super) async fn by_id(database: &Database, id: AttemptId) -> Stored<Option<LinkAttempt>> {
    one(database, sqlx::query(BY_ID).bind(id.to_string())).await
}

pub(super) async fn by_state(database: &Database, state: &Digest) -> Stored<Option<LinkAttempt>> {
    one(database, sqlx::query(BY_STATE).bind(state.to_text())).await
}

pub(super) async fn by_reference(database: &Database, reference: Reference) -> Stored<Option<LinkAttempt>> {
    one(database, sqlx::query(BY_REFERENCE).bind(reference.to_string())).await
}

pub(super) async fn last(
    database: &Database,
    user: &ExternalId,
    connector: &ConnectorId,
) -> Stored<Option<LinkAttempt>> {
    one(database, sqlx::query(LAST).bind(user.as_str()).bind(key(connector))).await
}

/// An attempt has a row for each of its claims, and one if it has none.
pub(super) async fn open_and_claimed(database: &Database, user: &ExternalId) -> Stored<(Vec<LinkAttempt>, Claims)> {
    let query = sqlx::query(OPEN_AND_CLAIMED).bind(user.as_str());
    let rows = query.fetch_all(&mut *database.reads.turn().await?).await?;
    let (mut open, mut claims) = (Vec::new(), Claims::new());
    for row in &rows {
        let attempt = read(row)?;
        let claim = Claim { attempt: attempt.id, state: attempt.state };
        let claimed = Columns(row).read_if_any("claimed", |text| CredentialId::parse(text).ok())?;
        claims.extend(claimed.map(|credential| (credential, claim)));
        if attempt.state == State::Pending && open.last().is_none_or(|last: &LinkAttempt| last.id != attempt.id) {
            open.push(attempt);
        }
    }
    Ok((open, claims))
}

pub(super) async fn ended(
    database: &Database,
    user: &ExternalId,
    since: OffsetDateTime,
    most: u16,
) -> Stored<Vec<LinkAttempt>> {
    let query = sqlx::query(ENDED).bind(user.as_str()).bind(to_millis(since)).bind(i64::from(most));
    let rows = query.fetch_all(&mut *database.reads.turn().await?).await?;
    rows.iter().map(read).collect()
}

pub(super) async fn timeline(database: &Database, id: AttemptId) -> Stored<Vec<TimelineEntry>> {
    let query = sqlx::query(TIMELINE).bind(id.to_string());
    let row = query.fetch_optional(&mut *database.reads.turn().await?).await?;
    let steps = row.map(|row| Columns(&row).read("timeline", |text| text.lines().map(step).collect()));
    Ok(steps.transpose()?.unwrap_or_default())
}

/// The steps as the column has them, a line each: `began 1700000000000`.
pub(super) fn lines(steps: &[TimelineEntry]) -> String {
    steps.iter().map(|step| format!("{} {}\n", step.event.as_str(), to_millis(step.at))).collect()
}

fn step(line: &str) -> Option<TimelineEntry> {
    let (event, at) = line.split_once(' ')?;
    Some(TimelineEntry { at: from_millis(at.parse().ok()?), event: TimelineEvent::from_name(event)? })
}

/// By what two spellings of one app are the same.
fn key(connector: &ConnectorId) -> String {
    connector.as_str().to_ascii_lowercase()
}

async fn one(database: &Database, query: AnyQuery<'_>) -> Stored<Option<LinkAttempt>> {
    query.fetch_optional(&mut *database.reads.turn().await?).await?.as_ref().map(read).transpose()
}

type AnyQuery<'a> = Query<'a, Any, sqlx::any::AnyArguments>;

fn insert(attempt: &LinkAttempt) -> Stored<AnyQuery<'_>> {
    Ok(sqlx::query(INSERT)
        .bind(attempt.id.reference().to_string())
        .bind(key(&attempt.connector))
        .bind(lines(&[TimelineEntry { at: attempt.began_at, event: TimelineEvent::Began }]))
        .bind(attempt.id.to_string())
        .bind(attempt.version)
        .bind(attempt.session_id.to_string())
        .bind(attempt.user.as_str())
        .bind(attempt.connector.as_str())
        .bind(attempt.authentication_type.as_str())
        .bind(i64::from(attempt.by_key))
        .bind(attempt.input.to_text())
        .bind(attempt.state_digest.to_text())
        .bind(attempt.snapshot.as_ref().map(to_json).transpose()?)
        .bind(attempt.replaces.as_ref().map(CredentialId::as_str))
        .bind(to_millis(attempt.began_at))
        .bind(to_millis(attempt.began_at_vendor))
        .bind(to_millis(attempt.deadline))
        .bind(millis_if_any(attempt.returned_at))
        .bind(attempt.refused.map(Reason::as_str))
        .bind(millis_if_any(attempt.foreign_at))
        .bind(attempt.answer.map(UserAnswer::as_str))
        .bind(attempt.state.as_str())
        .bind(attempt.reason.map(Reason::as_str))
        .bind(attempt.credential.as_ref().map(CredentialId::as_str))
        .bind(millis_if_any(attempt.settled_at)))
}

fn read(row: &AnyRow) -> Stored<LinkAttempt> {
    let row = Columns(row);
    let credential = |text: &str| CredentialId::parse(text).ok();
    Ok(LinkAttempt {
        id: row.read("id", |text| Uuid::parse_str(text).ok().map(AttemptId))?,
        version: row.number("version")?,
        session_id: row.read("session_id", |text| Uuid::parse_str(text).ok().map(SessionId))?,
        user: row.read("user_id", |text| ExternalId::parse(text).ok())?,
        connector: row.read("connector", |text| ConnectorId::parse(text).ok())?,
        authentication_type: row.read("authentication_type", |text| AuthenticationType::parse(text).ok())?,
        by_key: row.number("by_key")? != 0,
        input: row.read("input_digest", Digest::from_text)?,
        state_digest: row.read("state_digest", Digest::from_text)?,
        snapshot: row.read_if_any("snapshot", |json| serde_json::from_str(json).ok())?,
        replaces: row.read_if_any("replaces", credential)?,
        began_at: row.time("began_at")?,
        began_at_vendor: row.time("began_at_vendor")?,
        deadline: row.time("deadline")?,
        returned_at: row.time_if_any("returned_at")?,
        refused: row.read_if_any("refused", Reason::from_name)?,
        foreign_at: row.time_if_any("foreign_at")?,
        answer: row.read_if_any("answer", UserAnswer::from_name)?,
        state: row.read("state", State::from_name)?,
        reason: row.read_if_any("reason", Reason::from_name)?,
        credential: row.read_if_any("credential_id", credential)?,
        settled_at: row.time_if_any("settled_at")?,
    })
}
