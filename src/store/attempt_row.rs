//! An attempt as its row has it.

use sqlx::{Any, any::AnyRow, query::Query};
use uuid::Uuid;

use super::{StoreError, Stored, database::Database, row::Columns};
use crate::domain::{
    attempt::{AttemptId, Completion, End, ForeignReturn, Link, LinkAttempt, State, Status, TimelineEntry},
    clock::{from_millis, to_millis},
    connection::CredentialId,
    connector::{AuthenticationType, ConnectorId},
    keys::Digest,
    session::{ExternalId, SessionId},
};

/// What is read of an attempt.
macro_rules! columns {
    () => {
        columns!(snapshot "snapshot")
    };
    (snapshot $snapshot:literal) => {
        concat!(
            "id, version, session_id, user_id, connector, authentication_type, by_key, input_digest, state_digest, ",
            $snapshot,
            ", replaces, began_at, began_at_vendor, deadline, returned_at, refused, foreign_at, answer, state, reason, \
             credential_id, settled_at, needs_completion, deletes_unreturned, guest, completion_digest, completion_until, \
             next_look, proof, account"
        )
    };
}

pub(super) use columns;

/// A statement of either database.
pub(super) type AnyQuery<'a> = Query<'a, Any, sqlx::any::AnyArguments>;

/// The one attempt of that query, if there is any.
pub(super) async fn one(database: &Database, query: AnyQuery<'_>) -> Stored<Option<LinkAttempt>> {
    query.fetch_optional(&mut *database.reads.turn().await?).await?.as_ref().map(read).transpose()
}

/// The steps as the column has them, a line each: `began 1700000000000 user`.
pub(super) fn lines(steps: &[TimelineEntry]) -> String {
    let line = |step: &TimelineEntry| {
        let actor = step.actor.map(|actor| format!(" {actor}")).unwrap_or_default();
        format!("{} {}{actor}\n", step.event, to_millis(step.at))
    };
    steps.iter().map(line).collect()
}

/// Earlier releases kept no actor, and a later one may keep more.
pub(super) fn step(line: &str) -> Option<TimelineEntry> {
    let mut words = line.split(' ');
    let (event, at) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(TimelineEntry { at: from_millis(at), event, actor: words.next().and_then(|name| name.parse().ok()) })
}

/// By what two spellings of one app are the same.
pub(super) fn key(connector: &ConnectorId) -> String {
    connector.as_str().to_ascii_lowercase()
}

/// The attempt of a row.
pub(super) fn read(row: &AnyRow) -> Stored<LinkAttempt> {
    let row = Columns(row);
    let credential = |text: &str| CredentialId::parse(text).ok();
    let completion = row.read_if_any("completion_digest", Digest::from_text)?;
    Ok(LinkAttempt {
        id: row.read("id", |text| Uuid::parse_str(text).ok().map(AttemptId))?,
        version: row.number("version")?,
        session_id: row.read("session_id", |text| Uuid::parse_str(text).ok().map(SessionId))?,
        user: row.read("user_id", |text| Some(ExternalId::stored(text)))?,
        connector: row.read("connector", |text| ConnectorId::parse(text).ok())?,
        authentication_type: row.read("authentication_type", |text| AuthenticationType::parse(text).ok())?,
        is_api_key: row.number("by_key")? != 0,
        input: row.read("input_digest", Digest::from_text)?,
        state_digest: row.read("state_digest", Digest::from_text)?,
        snapshot: row.read_if_any("snapshot", |json| serde_json::from_str(json).ok())?,
        replaces: row.read_if_any("replaces", credential)?,
        began_at: row.time("began_at")?,
        began_at_vendor: row.time("began_at_vendor")?,
        deadline: row.time("deadline")?,
        returned_at: row.time_if_any("returned_at")?,
        refusal: row.read_if_any("refused", |name| name.parse().ok())?,
        user_answer: row.read_if_any("answer", |name| name.parse().ok())?,
        needs_completion: row.number("needs_completion")? != 0,
        deletes_unreturned: row.number("deletes_unreturned")? != 0,
        completion: completion
            .map(|digest| Ok::<_, StoreError>(Completion { digest, until: row.time("completion_until")? }))
            .transpose()?,
        next_refresh: row.time_if_any("next_look")?,
        foreign_return: row
            .time_if_any("foreign_at")?
            .map(|at| Ok::<_, StoreError>(ForeignReturn { at, awaiting_host_confirmation: row.number("guest")? != 0 }))
            .transpose()?,
        status: status(&row)?,
    })
}

fn status(row: &Columns<'_>) -> Stored<Status> {
    let credential = row.read_if_any("credential_id", |text| CredentialId::parse(text).ok())?;
    Ok(match row.read("state", |name| name.parse().ok())? {
        State::Pending => Status::Pending { evidence: credential },
        State::Linked => Status::Linked(Link {
            reason: row.read("reason", |name| name.parse().ok())?,
            settled_at: row.time("settled_at")?,
            credential: credential.ok_or(StoreError::Unreadable("credential_id"))?,
            proof: row.read_if_any("proof", |name| name.parse().ok())?,
            account: row.text_if_any("account")?.map(str::to_owned),
        }),
        State::Denied => Status::Denied(end(row, credential)?),
        State::Failed => Status::Failed(end(row, credential)?),
        State::Expired => Status::Expired(end(row, credential)?),
        State::Unverified => Status::Unverified(end(row, credential)?),
    })
}

fn end(row: &Columns<'_>, credential: Option<CredentialId>) -> Stored<End> {
    let reason = row.read("reason", |name| name.parse().ok())?;
    Ok(End { reason, settled_at: row.time("settled_at")?, credential })
}
