//! Mapping between an attempt and its row.

use sqlx::{FromRow, Row as _, any::AnyRow};

use super::columns::Columns as _;
use crate::domain::{
    attempt::{Completion, End, ForeignReturn, Link, LinkAttempt, State, Status, TimelineEntry},
    clock::{from_millis, to_millis},
    connector::ConnectorId,
    session::{AlloyUserId, ClientReference},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptWithTimeline {
    pub attempt: LinkAttempt,
    pub timeline: Vec<TimelineEntry>,
    /// `None` for an erased user, and where none was found at Alloy.
    pub alloy_user: Option<AlloyUserId>,
    pub client_reference: Option<ClientReference>,
}

impl FromRow<'_, AnyRow> for AttemptWithTimeline {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let timeline = row.required("timeline", |text| text.lines().map(timeline_entry).collect())?;
        let attempt = LinkAttempt::from_row(row)?;
        let alloy_user = row.try_get("alloy_user_id")?;
        Ok(Self {
            timeline,
            alloy_user: if attempt.user.is_pseudonym() { None } else { alloy_user },
            client_reference: row.try_get("client_reference")?,
            attempt,
        })
    }
}

impl FromRow<'_, AnyRow> for LinkAttempt {
    fn from_row(row: &AnyRow) -> sqlx::Result<Self> {
        let completion = match row.try_get("completion_digest")? {
            Some(digest) => Some(Completion { digest, until: row.time("completion_until")? }),
            None => None,
        };
        let foreign_return = match row.time_if_any("foreign_at")? {
            Some(at) => Some(ForeignReturn { at, awaiting_host_confirmation: row.flag("guest")? }),
            None => None,
        };
        Ok(Self {
            id: row.try_get("id")?,
            version: row.unsigned("version")?,
            session_id: row.try_get("session_id")?,
            user: row.try_get("user_id")?,
            connector: row.try_get("connector")?,
            authentication_type: row.try_get("authentication_type")?,
            is_api_key: row.flag("by_key")?,
            input: row.try_get("input_digest")?,
            state_digest: row.try_get("state_digest")?,
            snapshot: row.parsed("snapshot", |json| serde_json::from_str(json).ok())?,
            replaces: row.try_get("replaces")?,
            began_at: row.time("began_at")?,
            began_at_vendor: row.time("began_at_vendor")?,
            deadline: row.time("deadline")?,
            returned_at: row.time_if_any("returned_at")?,
            returned_again_at: row.time_if_any("returned_again_at")?,
            derived_from: row.try_get("derived_from")?,
            refusal: row.try_get("refused")?,
            user_answer: row.try_get("answer")?,
            needs_completion: row.flag("needs_completion")?,
            deletes_unreturned: row.flag("deletes_unreturned")?,
            completion,
            next_refresh: row.time_if_any("next_look")?,
            foreign_return,
            status: status(row)?,
        })
    }
}

/// An open attempt beside another one is stored as ended, for earlier releases.
pub(super) fn state(row: &AnyRow) -> sqlx::Result<State> {
    let is_beside = row.try_get::<Option<i64>, _>("beside")? == Some(1);
    let stored = row.try_get("state")?;
    Ok(if is_beside && stored == State::Failed { State::Pending } else { stored })
}

fn status(row: &AnyRow) -> sqlx::Result<Status> {
    Ok(match state(row)? {
        State::Pending => Status::Pending { evidence: row.try_get("credential_id")? },
        State::Linked => Status::Linked(Link {
            reason: row.try_get("reason")?,
            settled_at: row.time("settled_at")?,
            credential: row.try_get("credential_id")?,
            proof: row.try_get("proof")?,
            account: row.try_get("account")?,
        }),
        State::Denied => Status::Denied(end(row)?),
        State::Failed => Status::Failed(end(row)?),
        State::Expired => Status::Expired(end(row)?),
        State::Unverified => Status::Unverified(end(row)?),
    })
}

fn end(row: &AnyRow) -> sqlx::Result<End> {
    let settled_at = row.time("settled_at")?;
    Ok(End { reason: row.try_get("reason")?, settled_at, credential: row.try_get("credential_id")? })
}

/// One line per entry: `began 1700000000000 user`.
pub(super) fn timeline_text(entries: &[TimelineEntry]) -> String {
    let line = |entry: &TimelineEntry| {
        let actor = entry.actor.map(|actor| format!(" {actor}")).unwrap_or_default();
        format!("{} {}{actor}\n", entry.event, to_millis(entry.at))
    };
    entries.iter().map(line).collect()
}

/// Earlier releases stored no actor; later ones may append more fields.
pub(super) fn timeline_entry(line: &str) -> Option<TimelineEntry> {
    let mut words = line.split(' ');
    let (event, at) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(TimelineEntry { at: from_millis(at), event, actor: words.next().and_then(|name| name.parse().ok()) })
}

/// Case-insensitive key of an app.
pub(super) fn connector_key(connector: &ConnectorId) -> String {
    connector.as_str().to_ascii_lowercase()
}
