//! Sessions, found by their id or by the digest of their start code.

use sqlx::{AnyConnection, any::AnyRow};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    BrowserState, Once, Redeemed, Stored, browser,
    database::Database,
    row::{Columns, from_word, millis_if_any, to_json, word},
    users,
};
use crate::domain::{
    clock::to_millis,
    connection::CredentialId,
    connector::ConnectorId,
    keys::Digest,
    session::{AlloyUserId, Arrival, ConnectSession, EndUser, EndedBy, ExternalId, SessionId},
};

/// How exactly it is kept when a browser was last seen: less often means fewer writes.
const SEEN_EVERY: Duration = Duration::MINUTE;

macro_rules! columns {
    () => {
        "id, user_id, user_name, user_email, alloy_user_id, connectors, connector, reconnect, after_link, return_url, \
         locale, created_at, code_expires_at, redeemed_at, arrival, seen_at, ended_at, ended_by, \
         parent_id, ends_at"
    };
}

/// What is read beside them: Alloy's id of the user, which may have been found since the session was made.
macro_rules! read_columns {
    () => {
        concat!(
            columns!(),
            ", (select end_user.alloy_user_id from end_user where end_user.user_id = connect_session.user_id) as known_as"
        )
    };
}

pub(super) use {columns, read_columns};

/// A session to store with all that belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    /// The session.
    pub session: &'a ConnectSession,
    /// Digest of its start code.
    pub code: &'a Digest,
    /// Its idempotency key, if the host gave one.
    pub once: Option<&'a Once>,
    /// The user's id at Alloy, if the host gave it: the user is mapped to it in the same transaction.
    pub alloy_user: Option<&'a AlloyUserId>,
}

/// Result of storing a new session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionCreated {
    /// It is stored.
    Created,
    /// A session of this id or idempotency key exists, or its user was erased.
    Refused,
    /// The user is mapped to another user of Alloy.
    OtherAlloyUser,
}

/// A browser's new cookie.
#[derive(Clone, Copy)]
pub struct CookieRow<'a> {
    /// Digest of its key.
    pub key: &'a Digest,
    /// The state behind the cookie, which names the session.
    pub state: &'a (dyn Fn(SessionId) -> BrowserState + Send + Sync),
}

/// A start code to redeem, with the browser that does it.
pub struct Redemption<'a> {
    /// Digest of its start code.
    pub code: &'a Digest,
    /// How the browser arrived.
    pub arrival: Arrival,
    /// The current time.
    pub now: OffsetDateTime,
    /// The browser's new cookie.
    pub cookie: CookieRow<'a>,
    /// The session that the browser had before. It ends if it is another user's.
    pub previous: Option<&'a ConnectSession>,
}

/// What was erased is not made anew: not by a token that stands for it, nor by its user out of it.
macro_rules! insert {
    () => {
        concat!(
    "insert into connect_session (code_digest, ",
    columns!(),
    ", repeat_key, repeat_body) select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, ",
    "$19, $20, $21, $22, $23 where not exists (select 1 from erased_session where session_id in ($2, $20))"
        )
    };
}

const INSERT: &str = insert!();
const INSERT_NEW: &str = concat!(insert!(), " on conflict do nothing");
const BY_ID: &str = concat!("select ", read_columns!(), " from connect_session where id = $1");
const BY_CODE: &str = concat!("select ", read_columns!(), " from connect_session where code_digest = $1");
const REDEEM: &str = concat!(
    "update connect_session set redeemed_at = $2, arrival = $3 where code_digest = $1 and code_expires_at > $2 ",
    "and redeemed_at is null and ended_at is null returning ",
    read_columns!()
);
const TOUCH: &str = "update connect_session set seen_at = $2 \
     where id = $1 and ended_at is null and (seen_at is null or seen_at <= $3)";
/// What its user made out of it for another browser ends too.
const END: &str = "update connect_session set ended_at = $2, ended_by = $3 \
     where (id = $1 or parent_id = $1) and ended_at is null returning id";

pub(super) async fn insert(database: &Database, session: &ConnectSession, code: &Digest) -> Stored<()> {
    insert_by(INSERT, &mut *database.writes.turn().await?, session, code, None).await?;
    Ok(())
}

/// Stores a new session and maps its user, or nothing of it.
pub(super) async fn create(database: &Database, new: &NewSession<'_>, now: OffsetDateTime) -> Stored<SessionCreated> {
    let mut turn = database.writes.turn().await?;
    let mut transaction = database.begin(&mut turn).await?;
    if !insert_by(INSERT_NEW, &mut transaction, new.session, new.code, new.once).await? {
        return Ok(SessionCreated::Refused);
    }
    if let Some(given) = new.alloy_user
        && users::remember_in(&mut transaction, &new.session.user.external_id, given, now).await? != *given
    {
        return Ok(SessionCreated::OtherAlloyUser);
    }
    transaction.commit().await?;
    Ok(SessionCreated::Created)
}

async fn insert_by(
    statement: &'static str,
    connection: &mut AnyConnection,
    session: &ConnectSession,
    code: &Digest,
    once: Option<&Once>,
) -> Stored<bool> {
    let inserted = sqlx::query(statement)
        .bind(code.to_text())
        .bind(session.id.to_string())
        .bind(session.user.external_id.as_str())
        .bind(session.user.name.as_deref())
        .bind(session.user.email.as_deref())
        .bind(session.user.alloy_user_id.as_ref().map(AlloyUserId::as_str))
        .bind(to_json(&session.connectors)?)
        .bind(session.connector.as_ref().map(ConnectorId::as_str))
        .bind(session.reconnect.as_ref().map(CredentialId::as_str))
        .bind(word(&session.after)?)
        .bind(session.return_url.as_deref())
        .bind(session.locale.as_deref())
        .bind(to_millis(session.created_at))
        .bind(to_millis(session.code_expires_at))
        .bind(millis_if_any(session.redeemed_at))
        .bind(session.arrival.as_ref().map(word).transpose()?)
        .bind(millis_if_any(session.seen_at))
        .bind(millis_if_any(session.ended_at))
        .bind(session.ended_by.as_ref().map(word).transpose()?)
        .bind(session.parent.map(|parent| parent.to_string()))
        .bind(millis_if_any(session.ends_at))
        .bind(once.map(|once| once.key.to_text()))
        .bind(once.map(|once| once.body.to_text()))
        .execute(connection)
        .await?;
    Ok(inserted.rows_affected() == 1)
}

pub(super) async fn by_id(database: &Database, id: SessionId) -> Stored<Option<ConnectSession>> {
    let row = sqlx::query(BY_ID).bind(id.to_string()).fetch_optional(&mut *database.reads.turn().await?).await?;
    row.as_ref().map(read).transpose()
}

pub(super) async fn by_code(database: &Database, code: &Digest) -> Stored<Option<ConnectSession>> {
    let row = sqlx::query(BY_CODE).bind(code.to_text()).fetch_optional(&mut *database.reads.turn().await?).await?;
    row.as_ref().map(read).transpose()
}

/// One statement decides who wins; only the others look at what is there.
pub(super) async fn redeem(database: &Database, redemption: &Redemption<'_>) -> Stored<Redeemed> {
    let Redemption { code, arrival, now, cookie, previous } = *redemption;
    let redeemed = {
        let mut turn = database.writes.turn().await?;
        let mut transaction = database.begin(&mut turn).await?;
        let query = sqlx::query(REDEEM).bind(code.to_text()).bind(to_millis(now)).bind(word(&arrival)?);
        let row = query.fetch_optional(&mut *transaction).await?;
        let session = row.as_ref().map(read).transpose()?;
        if let Some(session) = &session {
            browser::put_in(&mut transaction, cookie.key, &(cookie.state)(session.id)).await?;
            if let Some(previous) = previous.filter(|known| known.user.external_id != session.user.external_id) {
                end_in(&mut transaction, previous.id, EndedBy::User, now).await?;
            }
        }
        transaction.commit().await?;
        session
    };
    if let Some(session) = redeemed {
        return Ok(Redeemed::Now(session));
    }
    let found = by_code(database, code).await?;
    let before = found.filter(|session| session.redeemed_at.is_some() && session.ended_at.is_none());
    Ok(before.map_or(Redeemed::Never, Redeemed::Before))
}

pub(super) async fn touch(database: &Database, id: SessionId, now: OffsetDateTime) -> Stored<()> {
    sqlx::query(TOUCH)
        .bind(id.to_string())
        .bind(to_millis(now))
        .bind(to_millis(now - SEEN_EVERY))
        .execute(&mut *database.writes.turn().await?)
        .await?;
    Ok(())
}

pub(super) async fn end(database: &Database, id: SessionId, by: EndedBy, now: OffsetDateTime) -> Stored<bool> {
    end_in(&mut *database.writes.turn().await?, id, by, now).await
}

async fn end_in(connection: &mut AnyConnection, id: SessionId, by: EndedBy, now: OffsetDateTime) -> Stored<bool> {
    let query = sqlx::query_scalar(END).bind(id.to_string()).bind(to_millis(now)).bind(word(&by)?);
    let ended: Vec<String> = query.fetch_all(connection).await?;
    Ok(ended.contains(&id.to_string()))
}

/// The session of a row.
pub(super) fn read(row: &AnyRow) -> Stored<ConnectSession> {
    let row = Columns(row);
    let alloy_user = |column| row.read_if_any(column, |text| AlloyUserId::parse(text).ok());
    Ok(ConnectSession {
        id: row.read("id", |text| Uuid::parse_str(text).ok().map(SessionId))?,
        user: EndUser {
            external_id: row.read("user_id", |text| Some(ExternalId::stored(text)))?,
            name: row.text_if_any("user_name")?.map(str::to_owned),
            email: row.text_if_any("user_email")?.map(str::to_owned),
            alloy_user_id: alloy_user("known_as")?.or(alloy_user("alloy_user_id")?),
        },
        connectors: row.read("connectors", |json| serde_json::from_str(json).ok())?,
        connector: row.read_if_any("connector", |text| ConnectorId::parse(text).ok())?,
        reconnect: row.read_if_any("reconnect", |text| CredentialId::parse(text).ok())?,
        after: row.read("after_link", from_word)?,
        return_url: row.text_if_any("return_url")?.map(str::to_owned),
        locale: row.text_if_any("locale")?.map(str::to_owned),
        created_at: row.time("created_at")?,
        code_expires_at: row.time("code_expires_at")?,
        redeemed_at: row.time_if_any("redeemed_at")?,
        arrival: row.read_if_any("arrival", from_word)?,
        seen_at: row.time_if_any("seen_at")?,
        ended_at: row.time_if_any("ended_at")?,
        ended_by: row.read_if_any("ended_by", from_word)?,
        parent: row.read_if_any("parent_id", |text| Uuid::parse_str(text).ok().map(SessionId))?,
        ends_at: row.time_if_any("ends_at")?,
    })
}
