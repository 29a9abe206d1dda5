//! Sessions, by id or by the digest of their start code.

use sqlx::{AssertSqlSafe, FromRow, Row as _, SqlSafeStr, any::AnyRow};
use time::{Duration, OffsetDateTime};

use super::{
    BrowserState, Result, Store, browser,
    columns::{Columns as _, millis_if_any, to_json},
    database::{commit, execute, fetch_all, fetch_optional},
    pool::Connected,
    statement::without,
    users, windows,
};
use crate::domain::{
    clock::to_millis,
    keys::Digest,
    session::{AlloyUserId, Arrival, ConnectSession, Display, EndUser, EndedBy, SessionId},
};

/// Precision of `seen_at`: a lower one means fewer writes.
const SEEN_EVERY: Duration = Duration::MINUTE;

/// Digests of an idempotency key and of its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyRecord {
    pub key: Digest,
    pub body: Digest,
}

#[derive(Debug, Clone, Copy)]
pub struct NewSession<'a> {
    pub session: &'a ConnectSession,
    pub code: &'a Digest,
    pub once: Option<&'a IdempotencyRecord>,
    pub alloy_user: Option<&'a AlloyUserId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionCreated {
    Created,
    /// The session's id or idempotency key exists, or its user was erased.
    Refused,
    OtherAlloyUser,
}

#[derive(Clone, Copy)]
pub struct CookieRow<'a> {
    pub key: &'a Digest,
    pub state: &'a (dyn Fn(SessionId) -> BrowserState + Send + Sync),
}

pub struct Redemption<'a> {
    pub code: &'a Digest,
    pub arrival: Arrival,
    pub display: Display,
    pub now: OffsetDateTime,
    pub cookie: CookieRow<'a>,
    /// The browser's previous session, which this one replaces. It ends if it belongs to another user.
    pub previous: Option<&'a ConnectSession>,
    /// Whether the previous session has no outcome yet.
    pub previous_is_undecided: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    Redeemed(ConnectSession),
    /// The code was redeemed earlier; the session in its present state.
    AlreadyRedeemed(ConnectSession),
    Invalid,
}

const CREATE_SESSION: &str = include_str!("sql/sessions/create_session.sql");

impl Store {
    /// Returns an error if the id or the code exists.
    pub async fn insert_session(&self, session: &ConnectSession, code: &Digest) -> Result<()> {
        let statement = AssertSqlSafe(without(CREATE_SESSION, &["on conflict"]));
        insert(statement, &mut self.writes.acquire().await?, session, code, None).await?;
        Ok(())
    }

    pub async fn create_session(&self, new: &NewSession<'_>, now: OffsetDateTime) -> Result<SessionCreated> {
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.transaction(&mut connection).await?;
        if !insert(CREATE_SESSION, &mut transaction, new.session, new.code, new.once).await? {
            return Ok(SessionCreated::Refused);
        }
        if let Some(given) = new.alloy_user
            && users::store_given(&mut transaction, &new.session.user.external_id, given, now).await? != *given
        {
            return Ok(SessionCreated::OtherAlloyUser);
        }
        commit(transaction).await?;
        Ok(SessionCreated::Created)
    }

    pub async fn session(&self, id: SessionId) -> Result<Option<ConnectSession>> {
        self.fetch_optional(sqlx::query(include_str!("sql/sessions/session.sql")).bind(id)).await
    }

    pub async fn session_by_code(&self, code: &Digest) -> Result<Option<ConnectSession>> {
        self.fetch_optional(sqlx::query(include_str!("sql/sessions/session_by_code.sql")).bind(code)).await
    }

    pub(crate) async fn idempotent_session(&self, key: &Digest) -> Result<Option<(ConnectSession, Digest)>> {
        let query = sqlx::query(include_str!("sql/sessions/idempotent_session.sql")).bind(key);
        let row = self.fetch_row(query).await?;
        row.map(|row| Ok((ConnectSession::from_row(&row)?, row.try_get("repeat_body")?))).transpose()
    }

    /// Of several calls at once exactly one returns `Redeemed`.
    pub async fn redeem(&self, redemption: &Redemption<'_>) -> Result<Redeemed> {
        if let Some(session) = self.redeem_unredeemed(redemption).await? {
            return Ok(Redeemed::Redeemed(session));
        }
        let found = self.session_by_code(redemption.code).await?;
        let redeemed = found.filter(|session| session.redeemed_at.is_some() && session.ended_at.is_none());
        Ok(redeemed.map_or(Redeemed::Invalid, Redeemed::AlreadyRedeemed))
    }

    async fn redeem_unredeemed(&self, redemption: &Redemption<'_>) -> Result<Option<ConnectSession>> {
        let Redemption { code, arrival, display, now, cookie, previous, .. } = *redemption;
        let mut connection = self.writes.acquire().await?;
        let mut transaction = self.transaction(&mut connection).await?;
        let query = sqlx::query(include_str!("sql/sessions/redeem.sql")).bind(code).bind(to_millis(now)).bind(arrival);
        let query = query.bind(windows::column(display));
        let redeemed: Option<ConnectSession> = fetch_optional(&mut transaction, query).await?;
        if let Some(session) = &redeemed {
            browser::put(&mut transaction, cookie.key, &(cookie.state)(session.id)).await?;
            // The user may go on in a session for another browser, here in the same one.
            let replaced = previous.filter(|known| session.parent != Some(known.id));
            if let Some(previous) = replaced.filter(|_| redemption.previous_is_undecided) {
                windows::replace(&mut transaction, previous.id, now).await?;
            }
            if let Some(previous) = previous.filter(|known| known.user.external_id != session.user.external_id) {
                end(&mut transaction, previous.id, EndedBy::User, now).await?;
            }
        }
        commit(transaction).await?;
        Ok(redeemed)
    }

    /// Callers compare `seen_at` first, because the call always waits for a writing connection.
    pub async fn touch_session(&self, id: SessionId, now: OffsetDateTime) -> Result<()> {
        let query = sqlx::query(include_str!("sql/sessions/touch_session.sql"));
        self.execute(query.bind(id).bind(to_millis(now)).bind(to_millis(now - SEEN_EVERY))).await?;
        Ok(())
    }

    pub async fn end_session(&self, id: SessionId, by: EndedBy, now: OffsetDateTime) -> Result<bool> {
        end(&mut self.writes.acquire().await?, id, by, now).await
    }
}

async fn insert(
    statement: impl SqlSafeStr,
    connection: &mut impl Connected,
    session: &ConnectSession,
    code: &Digest,
    once: Option<&IdempotencyRecord>,
) -> Result<bool> {
    let query = sqlx::query(statement)
        .bind(code)
        .bind(session.id)
        .bind(&session.user.external_id)
        .bind(session.user.name.as_deref())
        .bind(session.user.email.as_deref())
        .bind(session.user.alloy_user_id.as_ref())
        .bind(to_json(&session.connectors)?)
        .bind(session.connector.as_ref())
        .bind(session.reconnect.as_ref())
        .bind(session.after)
        .bind(session.return_url.as_deref())
        .bind(session.locale.as_deref())
        .bind(to_millis(session.created_at))
        .bind(to_millis(session.code_expires_at))
        .bind(millis_if_any(session.redeemed_at))
        .bind(session.arrival)
        .bind(millis_if_any(session.seen_at))
        .bind(millis_if_any(session.ended_at))
        .bind(session.ended_by)
        .bind(session.parent)
        .bind(millis_if_any(session.ends_at))
        .bind(session.client_reference.as_ref())
        .bind(windows::column(session.display))
        .bind(once.map(|once| once.key))
        .bind(once.map(|once| once.body));
    Ok(execute(connection, query).await? == 1)
}

async fn end(connection: &mut impl Connected, id: SessionId, by: EndedBy, now: OffsetDateTime) -> Result<bool> {
    let query = sqlx::query(include_str!("sql/sessions/end_session.sql")).bind(id).bind(to_millis(now)).bind(by);
    let ended: Vec<(SessionId,)> = fetch_all(connection, query).await?;
    Ok(ended.contains(&(id,)))
}

impl FromRow<'_, AnyRow> for ConnectSession {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let found_since = row.try_get::<Option<AlloyUserId>, _>("known_as")?;
        Ok(Self {
            id: row.try_get("id")?,
            user: EndUser {
                external_id: row.try_get("user_id")?,
                name: row.try_get("user_name")?,
                email: row.try_get("user_email")?,
                alloy_user_id: found_since.or(row.try_get("alloy_user_id")?),
            },
            connectors: row.required("connectors", |json| serde_json::from_str(json).ok())?,
            connector: row.try_get("connector")?,
            reconnect: row.try_get("reconnect")?,
            after: row.try_get("after_link")?,
            return_url: row.try_get("return_url")?,
            locale: row.try_get("locale")?,
            created_at: row.time("created_at")?,
            code_expires_at: row.time("code_expires_at")?,
            redeemed_at: row.time_if_any("redeemed_at")?,
            arrival: row.try_get("arrival")?,
            seen_at: row.time_if_any("seen_at")?,
            ended_at: row.time_if_any("ended_at")?,
            ended_by: row.try_get("ended_by")?,
            parent: row.try_get("parent_id")?,
            ends_at: row.time_if_any("ends_at")?,
            client_reference: row.try_get("client_reference")?,
            display: row.try_get::<Option<Display>, _>("display")?.unwrap_or_default(),
        })
    }
}
