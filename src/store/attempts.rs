//! Attempts: creation and lookup.

use std::collections::BTreeSet;

use sqlx::{FromRow as _, Row as _, any::AnyRow};
use time::{Duration, OffsetDateTime};

use super::{
    AttemptWithTimeline, Result, Store,
    attempt_row::{connector_key, timeline_entry, timeline_text},
    claims::read_claim,
    columns::{Columns as _, millis_if_any, to_json},
    database::{execute, fetch_all, fetch_one, fetch_optional},
    pool::Connected,
};
use crate::domain::{
    attempt::{Actor, AttemptId, LinkAttempt, Reason, Reference, State, TimelineEntry, TimelineEvent},
    clock::to_millis,
    connection::{Claims, CredentialId},
    connector::ConnectorId,
    keys::Digest,
    session::ExternalId,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    New,
    Open(Box<LinkAttempt>),
    Saved(Box<LinkAttempt>),
    SessionErased,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserLinkState {
    /// The user's open attempts, oldest first and at most one per app and input.
    pub open: Vec<LinkAttempt>,
    pub claims: Claims,
    /// Credentials that are disconnected and deleted upstream, although a list may still show them.
    pub disconnected: BTreeSet<CredentialId>,
    /// Connections that the app or the provider refused.
    pub refused: BTreeSet<CredentialId>,
}

impl Store {
    pub async fn begin(&self, attempt: &LinkAttempt) -> Result<Begun> {
        self.begin_unless_saved(attempt, i64::MAX).await
    }

    /// Stores a new API-key attempt, unless the same input was stored since `saved_since`.
    pub async fn begin_key(&self, attempt: &LinkAttempt, saved_since: OffsetDateTime) -> Result<Begun> {
        self.begin_unless_saved(attempt, to_millis(saved_since)).await
    }

    /// The unique indexes decide. The open attempt may end between the statements; then the insert is repeated.
    async fn begin_unless_saved(&self, attempt: &LinkAttempt, saved_since: i64) -> Result<Begun> {
        let connection = &mut self.writes.acquire().await?;
        let (user, connector) = (&attempt.user, connector_key(&attempt.connector));
        let began = [TimelineEntry { at: attempt.began_at, event: TimelineEvent::Began, actor: Some(Actor::User) }];
        loop {
            if insert(connection, attempt, Place::First, &began, saved_since).await? {
                return Ok(Begun::New);
            }
            let saved = sqlx::query(include_str!("sql/attempts/saved_attempt.sql"))
                .bind(user)
                .bind(&connector)
                .bind(attempt.input)
                .bind(saved_since);
            if let Some(saved) = fetch_optional(connection, saved).await? {
                return Ok(Begun::Saved(Box::new(saved)));
            }
            let erased = sqlx::query(include_str!("sql/attempts/session_is_erased.sql")).bind(attempt.session_id);
            let (erased,): (i64,) = fetch_one(connection, erased).await?;
            if erased > 0 {
                return Ok(Begun::SessionErased);
            }
            let open = sqlx::query(include_str!("sql/attempts/open_attempts.sql")).bind(user).bind(&connector);
            let open: Vec<LinkAttempt> = fetch_all(connection, open).await?;
            if let Some(same) = open.into_iter().find(|open| open.input == attempt.input) {
                return Ok(Begun::Open(Box::new(same)));
            }
            if insert(connection, attempt, Place::Beside, &began, saved_since).await? {
                return Ok(Begun::New);
            }
        }
    }

    /// The user's open attempts at the app, newest first.
    pub async fn open_attempts(&self, user: &ExternalId, connector: &ConnectorId) -> Result<Vec<LinkAttempt>> {
        let query = sqlx::query(include_str!("sql/attempts/open_attempts.sql"));
        self.fetch_all(query.bind(user).bind(connector_key(connector))).await
    }

    /// Other ended attempts at the app whose links work at that time, or did until shortly before, and may bring a
    /// credential. Users of the host who share an Alloy user count as one.
    pub async fn ended_with_link(&self, beside: &LinkAttempt, now: OffsetDateTime) -> Result<Vec<LinkAttempt>> {
        let query = sqlx::query(include_str!("sql/attempts/ended_with_link.sql"))
            .bind(&beside.user)
            .bind(connector_key(&beside.connector))
            .bind(to_millis(now - Duration::HOUR))
            .bind(beside.id);
        self.fetch_all(query).await
    }

    /// The newest attempt for a further credential of a return to this one.
    pub async fn newest_derived(&self, attempt: AttemptId) -> Result<Option<LinkAttempt>> {
        self.fetch_optional(sqlx::query(include_str!("sql/attempts/newest_derived.sql")).bind(attempt)).await
    }

    pub async fn attempt(&self, id: AttemptId) -> Result<Option<LinkAttempt>> {
        self.fetch_optional(sqlx::query(include_str!("sql/attempts/attempt.sql")).bind(id)).await
    }

    pub(crate) async fn attempt_with_timeline(&self, id: AttemptId) -> Result<Option<AttemptWithTimeline>> {
        self.fetch_optional(sqlx::query(include_str!("sql/attempts/attempt_with_timeline.sql")).bind(id)).await
    }

    pub async fn attempt_by_state(&self, state: &Digest) -> Result<Option<LinkAttempt>> {
        self.fetch_optional(sqlx::query(include_str!("sql/attempts/attempt_by_state.sql")).bind(state)).await
    }

    pub async fn attempt_by_completion(&self, code: &Digest) -> Result<Option<LinkAttempt>> {
        self.fetch_optional(sqlx::query(include_str!("sql/attempts/attempt_by_completion.sql")).bind(code)).await
    }

    pub async fn attempt_by_reference(&self, reference: Reference) -> Result<Option<LinkAttempt>> {
        let query = sqlx::query(include_str!("sql/attempts/attempt_by_reference.sql")).bind(reference.to_string());
        self.fetch_optional(query).await
    }

    pub async fn last_attempt(&self, user: &ExternalId, connector: &ConnectorId) -> Result<Option<LinkAttempt>> {
        let query = sqlx::query(include_str!("sql/attempts/last_attempt.sql"));
        self.fetch_optional(query.bind(user).bind(connector_key(connector))).await
    }

    pub async fn timeline(&self, id: AttemptId) -> Result<Vec<TimelineEntry>> {
        let query = sqlx::query(include_str!("sql/attempts/timeline.sql")).bind(id);
        let row = self.fetch_row(query).await?;
        let read = |row: AnyRow| row.required("timeline", |text| text.lines().map(timeline_entry).collect());
        Ok(row.map(read).transpose()?.unwrap_or_default())
    }

    /// Users of the host who share an Alloy user count as one, because a list shows the credentials of all.
    pub async fn user_link_state(&self, user: &ExternalId) -> Result<UserLinkState> {
        let query = sqlx::query(include_str!("sql/attempts/user_link_state.sql")).bind(user);
        let rows = self.fetch_rows(query).await?;
        let UserLinkState { mut open, mut claims, mut disconnected, mut refused } = UserLinkState::default();
        for row in &rows {
            disconnected.extend(row.try_get::<Option<CredentialId>, _>("disconnected")?);
            refused.extend(row.try_get::<Option<CredentialId>, _>("refused_credential")?);
            if row.try_get::<Option<AttemptId>, _>("id")?.is_none() {
                continue;
            }
            let attempt = LinkAttempt::from_row(row)?;
            if let Some(credential) = row.try_get("claimed")? {
                claims.insert(credential, read_claim(row, attempt.id, attempt.state())?);
            }
            if attempt.state() == State::Pending && open.last().is_none_or(|last: &LinkAttempt| last.id != attempt.id) {
                open.push(attempt);
            }
        }
        Ok(UserLinkState { open, claims, disconnected, refused })
    }

    /// Leases the attempts with a due observation: at most `most` users, with all due attempts of each.
    pub async fn lease_attempts(
        &self,
        now: OffsetDateTime,
        until: OffsetDateTime,
        most: u16,
    ) -> Result<Vec<LinkAttempt>> {
        self.lease(include_str!("sql/attempts/lease_attempts.sql"), now, until, most).await
    }

    pub async fn release_attempt(&self, attempt: &LinkAttempt, next: Option<OffsetDateTime>) -> Result<()> {
        let query = sqlx::query(include_str!("sql/attempts/release_attempt.sql"))
            .bind(attempt.id)
            .bind(i64::from(attempt.version))
            .bind(millis_if_any(next));
        self.execute(query).await?;
        Ok(())
    }
}

/// Where an attempt is stored: as the first open one of its app, or beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Beside,
}

/// Returns `false` if it exists already, an open attempt has its place, or the session is erased.
pub(super) async fn insert(
    connection: &mut impl Connected,
    attempt: &LinkAttempt,
    place: Place,
    timeline: &[TimelineEntry],
    saved_since: i64,
) -> Result<bool> {
    let is_beside = place == Place::Beside && attempt.is_open();
    let state = if is_beside { State::Failed } else { attempt.state() };
    let reason = if is_beside { Some(Reason::Superseded) } else { attempt.reason() };
    let settled_at = if is_beside { Some(attempt.began_at) } else { attempt.settled_at() };
    let query = sqlx::query(include_str!("sql/attempts/begin_attempt.sql"))
        .bind(attempt.id.reference().to_string())
        .bind(connector_key(&attempt.connector))
        .bind(timeline_text(timeline))
        .bind(attempt.id)
        .bind(i64::from(attempt.version))
        .bind(attempt.session_id)
        .bind(&attempt.user)
        .bind(&attempt.connector)
        .bind(&attempt.authentication_type)
        .bind(i64::from(attempt.is_api_key))
        .bind(attempt.input)
        .bind(attempt.state_digest)
        .bind(attempt.snapshot.as_ref().map(to_json).transpose()?)
        .bind(attempt.replaces.as_ref())
        .bind(to_millis(attempt.began_at))
        .bind(to_millis(attempt.began_at_vendor))
        .bind(to_millis(attempt.deadline))
        .bind(millis_if_any(attempt.returned_at))
        .bind(attempt.refusal)
        .bind(millis_if_any(attempt.foreign_at()))
        .bind(attempt.user_answer)
        .bind(state)
        .bind(reason)
        .bind(attempt.credential())
        .bind(millis_if_any(settled_at))
        .bind(i64::from(attempt.needs_completion))
        .bind(i64::from(attempt.deletes_unreturned))
        .bind(i64::from(attempt.is_awaiting_host_confirmation()))
        .bind(attempt.completion.map(|completion| completion.digest))
        .bind(attempt.completion.map(|completion| to_millis(completion.until)))
        .bind(millis_if_any(attempt.next_refresh))
        .bind(attempt.proof())
        .bind(attempt.account())
        .bind(is_beside.then_some(1_i64))
        .bind(millis_if_any(attempt.returned_again_at))
        .bind(attempt.derived_from)
        .bind(saved_since);
    Ok(execute(connection, query).await? == 1)
}
