//! Attempts: their beginning, and every way to find one.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::{
    Begun, Stored,
    attempt_row::{AnyQuery, columns, key, lines, one, read, step},
    claims::{claim_of, tried},
    database::Database,
    row::{Columns, millis_if_any, to_json},
    users::sharing,
};
use crate::domain::{
    attempt::{
        Actor, AttemptId, LinkAttempt, Proof, Reason, Reference, State, TimelineEntry, TimelineEvent, UserAnswer,
    },
    clock::to_millis,
    connection::{Claims, CredentialId},
    connector::ConnectorId,
    keys::Digest,
    session::ExternalId,
};

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
    "$24, $25, $26, $27, $28, $29, $30, $31, $32, $33 where not exists (",
    saved!("$7", "$2", "$11", "$34"),
    ") and not exists (select 1 from erased_session where session_id = $6) on conflict (user_id, connector_key) where state = 'pending' do nothing"
);
const OVER: &str = "select 1 from erased_session where session_id = $1";
const SAVED: &str = saved!("$1", "$2", "$3", "$4");
const BY_ID: &str = concat!("select ", columns!(), " from link_attempt where id = $1");
const BY_STATE: &str = concat!("select ", columns!(), " from link_attempt where state_digest = $1");
const BY_REFERENCE: &str =
    concat!("select ", columns!(), " from link_attempt where reference = $1 order by began_at desc, id desc limit 1");
/// A row for each claim and for each open attempt, with the attempt, and one for each credential that was disconnected: a
/// page asks once for all of it.
const KNOWN: &str = concat!(
    "select claimed, made_at, disconnected, tried_proof, tried_account, ",
    // With thousands of claims the snapshots would be most of what is read, and only open attempts need theirs.
    columns!(snapshot "case when state = 'pending' then snapshot end as snapshot"),
    " from (select claim.attempt_id, claim.credential_id as claimed, claim.made_at, null as disconnected, ",
    tried!(),
    " where claim.user_id in ",
    sharing!("$1"),
    " union all select id, null, null, null, null, null, null from link_attempt where state = 'pending' and user_id in ",
    sharing!("$1"),
    " union all select null, null, null, credential_id, null, null, null from disconnection ",
    "where done_at is not null and user_id in ",
    sharing!("$1"),
    ") as known left join link_attempt on link_attempt.id = known.attempt_id order by began_at, id, tried_at"
);
const OPEN_AT: &str = concat!(
    "select ",
    columns!(),
    " from link_attempt where user_id = $1 and connector_key = $2 and state = 'pending'"
);
const BY_COMPLETION: &str = concat!("select ", columns!(), " from link_attempt where completion_digest = $1");
const LAST: &str = concat!(
    "select ",
    columns!(),
    " from link_attempt where user_id = $1 and connector_key = $2 order by began_at desc, id desc limit 1"
);
const TIMELINE: &str = "select timeline from link_attempt where id = $1";

/// What a user's list is held against.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The user's open attempts, oldest first and at most one per app.
    pub open: Vec<LinkAttempt>,
    /// Every claim on the user's credentials.
    pub claims: Claims,
    /// The credentials that were disconnected and are gone upstream, although a list may show them a while longer.
    pub disconnected: BTreeSet<CredentialId>,
}

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
        let over = sqlx::query(OVER).bind(attempt.session_id.to_string());
        if over.fetch_optional(&mut *turn).await?.is_some() {
            return Ok(Begun::Over);
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

pub(super) async fn by_completion(database: &Database, code: &Digest) -> Stored<Option<LinkAttempt>> {
    one(database, sqlx::query(BY_COMPLETION).bind(code.to_text())).await
}

pub(super) async fn last(
    database: &Database,
    user: &ExternalId,
    connector: &ConnectorId,
) -> Stored<Option<LinkAttempt>> {
    one(database, sqlx::query(LAST).bind(user.as_str()).bind(key(connector))).await
}

pub(super) async fn known(database: &Database, user: &ExternalId) -> Stored<Known> {
    let query = sqlx::query(KNOWN).bind(user.as_str());
    let rows = query.fetch_all(&mut *database.reads.turn().await?).await?;
    let Known { mut open, mut claims, mut disconnected } = Known::default();
    for row in &rows {
        disconnected.extend(Columns(row).read_if_any("disconnected", |text| CredentialId::parse(text).ok())?);
        if Columns(row).text_if_any("id")?.is_none() {
            continue;
        }
        let attempt = read(row)?;
        let claim = claim_of(row, attempt.id, attempt.state())?;
        let claimed = Columns(row).read_if_any("claimed", |text| CredentialId::parse(text).ok())?;
        claims.extend(claimed.map(|credential| (credential, claim)));
        if attempt.state() == State::Pending && open.last().is_none_or(|last: &LinkAttempt| last.id != attempt.id) {
            open.push(attempt);
        }
    }
    Ok(Known { open, claims, disconnected })
}

pub(super) async fn timeline(database: &Database, id: AttemptId) -> Stored<Vec<TimelineEntry>> {
    let query = sqlx::query(TIMELINE).bind(id.to_string());
    let row = query.fetch_optional(&mut *database.reads.turn().await?).await?;
    let steps = row.map(|row| Columns(&row).read("timeline", |text| text.lines().map(step).collect()));
    Ok(steps.transpose()?.unwrap_or_default())
}

fn insert(attempt: &LinkAttempt) -> Stored<AnyQuery<'_>> {
    Ok(sqlx::query(INSERT)
        .bind(attempt.id.reference().to_string())
        .bind(key(&attempt.connector))
        .bind(lines(&[TimelineEntry { at: attempt.began_at, event: TimelineEvent::Began, actor: Some(Actor::User) }]))
        .bind(attempt.id.to_string())
        .bind(attempt.version)
        .bind(attempt.session_id.to_string())
        .bind(attempt.user.as_str())
        .bind(attempt.connector.as_str())
        .bind(attempt.authentication_type.as_str())
        .bind(i64::from(attempt.is_api_key))
        .bind(attempt.input.to_text())
        .bind(attempt.state_digest.to_text())
        .bind(attempt.snapshot.as_ref().map(to_json).transpose()?)
        .bind(attempt.replaces.as_ref().map(CredentialId::as_str))
        .bind(to_millis(attempt.began_at))
        .bind(to_millis(attempt.began_at_vendor))
        .bind(to_millis(attempt.deadline))
        .bind(millis_if_any(attempt.returned_at))
        .bind(attempt.refusal.map(Reason::as_str))
        .bind(millis_if_any(attempt.foreign_at()))
        .bind(attempt.user_answer.map(UserAnswer::as_str))
        .bind(attempt.state().as_str())
        .bind(attempt.reason().map(Reason::as_str))
        .bind(attempt.credential().map(CredentialId::as_str))
        .bind(millis_if_any(attempt.settled_at()))
        .bind(i64::from(attempt.needs_completion))
        .bind(i64::from(attempt.deletes_unreturned))
        .bind(i64::from(attempt.is_awaiting_host_confirmation()))
        .bind(attempt.completion.map(|completion| completion.digest.to_text()))
        .bind(attempt.completion.map(|completion| to_millis(completion.until)))
        .bind(millis_if_any(attempt.next_refresh))
        .bind(attempt.proof().map(Proof::as_str))
        .bind(attempt.account()))
}
