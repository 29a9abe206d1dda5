//! What users disconnect: kept until it is gone upstream, and after that, because lists lag and pages tell of it.

use sqlx::{AnyConnection, any::AnyRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Stored,
    database::Database,
    lease::take,
    outbox,
    row::{Columns, millis_if_any},
    users::sharing,
};
use crate::domain::{
    attempt::AttemptId,
    clock::to_millis,
    connection::CredentialId,
    connector::ConnectorId,
    session::{AlloyUserId, ExternalId},
};

/// A user's wish that a connection be no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disconnection {
    /// The credential.
    pub credential: CredentialId,
    /// Who asked.
    pub user: ExternalId,
    /// The same user at Alloy.
    pub alloy_user: AlloyUserId,
    /// The app.
    pub connector: ConnectorId,
    /// The attempt that made the connection, if one of ours did.
    pub attempt: Option<AttemptId>,
    /// When they asked.
    pub asked_at: OffsetDateTime,
    /// How often it was tried in vain.
    pub tries: i64,
    /// How many lists in a row did not show it.
    pub missed: i64,
    /// Until when somebody has it to try it.
    pub lease: Option<OffsetDateTime>,
    /// When it was known to be gone.
    pub done_at: Option<OffsetDateTime>,
}

impl Disconnection {
    /// Whether somebody is trying it at that time.
    pub fn is_being_tried(&self, now: OffsetDateTime) -> bool {
        self.done_at.is_none() && self.lease.is_some_and(|until| until > now)
    }
}

macro_rules! columns {
    () => {
        "credential_id, user_id, alloy_user_id, connector, attempt_id, asked_at, tries, missed, lease, done_at"
    };
}

/// Of a user who was erased meanwhile nothing is kept.
const ASK: &str = concat!(
    "insert into disconnection (next_at, ",
    columns!(),
    ") select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 where exists (select 1 from end_user where user_id = $3) ",
    "on conflict (credential_id) do nothing"
);
const OF_USER: &str =
    concat!("select ", columns!(), " from disconnection where credential_id = $1 and user_id in ", sharing!("$2"));
/// Those of the user at Alloy who has the first that is due: one list serves them.
const DUE: &str = concat!(
    take!("disconnection" by "credential_id", lease "lease", due "done_at is null and next_at <= $1 and alloy_user_id = \
        (select alloy_user_id from disconnection where done_at is null and next_at <= $1 \
        and (lease is null or lease <= $1) order by next_at limit 1)", order "next_at",
        together "done_at is null and next_at <= $1"),
    columns!()
);
const PUT_OFF: &str = "update disconnection set next_at = $2, tries = tries + 1, missed = $3, lease = null \
     where credential_id = $1 and done_at is null";
const DONE: &str = "update disconnection set done_at = $2, lease = null where credential_id = $1 and done_at is null";

/// Keeps the wish. Its user is told that it goes on without them, and so it must last.
pub(super) async fn ask(database: &Database, wanted: &Disconnection) -> Stored<bool> {
    let mut turn = database.writes.turn().await?;
    let mut transaction = database.begin_to_disk(&mut turn).await?;
    let asked = put(&mut transaction, wanted).await?;
    transaction.commit().await?;
    database.end_to_disk(&mut turn).await?;
    Ok(asked)
}

/// Writes the wish; false if there is one for that credential, or no such user.
pub(super) async fn put(connection: &mut AnyConnection, wanted: &Disconnection) -> Stored<bool> {
    let asked = sqlx::query(ASK)
        .bind(to_millis(wanted.asked_at))
        .bind(wanted.credential.as_str())
        .bind(wanted.user.as_str())
        .bind(wanted.alloy_user.as_str())
        .bind(wanted.connector.as_str())
        .bind(wanted.attempt.map(|attempt| attempt.to_string()))
        .bind(to_millis(wanted.asked_at))
        .bind(wanted.tries)
        .bind(wanted.missed)
        .bind(millis_if_any(wanted.lease))
        .bind(millis_if_any(wanted.done_at))
        .execute(connection)
        .await?;
    Ok(asked.rows_affected() == 1)
}

pub(super) async fn of_user(
    database: &Database,
    user: &ExternalId,
    credential: &CredentialId,
) -> Stored<Option<Disconnection>> {
    let query = sqlx::query(OF_USER).bind(credential.as_str()).bind(user.as_str());
    query.fetch_optional(&mut *database.reads.turn().await?).await?.as_ref().map(read).transpose()
}

pub(super) async fn due(
    database: &Database,
    now: OffsetDateTime,
    lease: OffsetDateTime,
    most: u16,
) -> Stored<Vec<Disconnection>> {
    let query = sqlx::query(DUE).bind(to_millis(now)).bind(to_millis(lease)).bind(i64::from(most));
    query.fetch_all(&mut *database.writes.turn().await?).await?.iter().map(read).collect()
}

pub(super) async fn put_off(
    database: &Database,
    credential: &CredentialId,
    next_at: OffsetDateTime,
    missed: i64,
) -> Stored<()> {
    let query = sqlx::query(PUT_OFF).bind(credential.as_str()).bind(to_millis(next_at)).bind(missed);
    query.execute(&mut *database.writes.turn().await?).await?;
    Ok(())
}

/// Notes that a credential is gone; false if nobody had asked for that, or it was known.
pub(super) async fn done(
    connection: &mut AnyConnection,
    credential: &CredentialId,
    now: OffsetDateTime,
) -> Stored<bool> {
    let done = sqlx::query(DONE).bind(credential.as_str()).bind(to_millis(now)).execute(connection).await?;
    Ok(done.rows_affected() == 1)
}

/// Notes the same of what no attempt had made, with its event.
pub(super) async fn finish(database: &Database, wanted: &Disconnection, now: OffsetDateTime) -> Stored<bool> {
    let mut turn = database.writes.turn().await?;
    let mut transaction = database.begin_to_disk(&mut turn).await?;
    let first = done(&mut transaction, &wanted.credential, now).await?;
    if first {
        outbox::put_removal(&mut transaction, wanted, now).await?;
    }
    transaction.commit().await?;
    database.end_to_disk(&mut turn).await?;
    Ok(first)
}

fn read(row: &AnyRow) -> Stored<Disconnection> {
    let row = Columns(row);
    Ok(Disconnection {
        credential: row.read("credential_id", |text| CredentialId::parse(text).ok())?,
        user: row.read("user_id", |text| Some(ExternalId::stored(text)))?,
        alloy_user: row.read("alloy_user_id", |text| AlloyUserId::parse(text).ok())?,
        connector: row.read("connector", |text| ConnectorId::parse(text).ok())?,
        attempt: row.read_if_any("attempt_id", |text| Uuid::parse_str(text).ok().map(AttemptId))?,
        asked_at: row.time("asked_at")?,
        tries: row.number("tries")?,
        missed: row.number("missed")?,
        lease: row.time_if_any("lease")?,
        done_at: row.time_if_any("done_at")?,
    })
}
