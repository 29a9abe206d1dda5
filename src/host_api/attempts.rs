//! Link attempts: what the host's server asks for when a browser says that something was linked.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;

use crate::{
    connection::CredentialId,
    connector::ConnectorId,
    gangway::Gangway,
    journey::{await_end, prove, settle_by_look},
    link::{Actor, AttemptId, LinkAttempt, Proof, Reason, State, TimelineEntry, TimelineEvent},
    middleware::departure::Departure,
    session::{ExternalId, SessionId},
    store::StoreError,
};

use super::{ApiProblem, HostKey, Query, query::whole_number};

/// An attempt as every answer of the API has it.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    id: AttemptId,
    state: State,
    reason: Option<Reason>,
    connector: ConnectorId,
    credential_id: Option<CredentialId>,
    replaces: Option<CredentialId>,
    proof: Option<Proof>,
    account: Option<String>,
    account_label: Option<String>,
    user: ShownUser,
    session_id: SessionId,
    reference: String,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    settled_at: Option<OffsetDateTime>,
    timeline: Vec<ShownStep>,
}

#[derive(Debug, Serialize)]
struct ShownUser {
    id: ExternalId,
}

#[derive(Debug, Serialize)]
struct ShownStep {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    event: TimelineEvent,
    actor: Option<Actor>,
}

/// How long the caller waits for the end of an attempt.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// In seconds.
    #[serde(default, deserialize_with = "seconds")]
    pub wait: u16,
}

fn seconds<'de, D: Deserializer<'de>>(reader: D) -> Result<u16, D::Error> {
    whole_number(reader, &(0..=60))
}

/// `GET /api/v1/link-attempts/{id}?wait=30`: where the attempt stands, and every step until now. An open attempt is
/// looked at once more if that can end it, and what it linked is tried if nobody could say yet that it works. With
/// `wait` the answer is held until the attempt has ended, that many seconds at the most.
///
/// # Errors
/// 404 when there is none of that id; 422 when `wait` is no number from 0 to 60.
pub async fn show(
    _: HostKey,
    gangway: web::Data<Gangway>,
    request: HttpRequest,
    id: web::Path<String>,
    Query(Wait { wait }): Query<Wait>,
) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("No link attempt has this id.");
    let id = AttemptId(id.parse().map_err(|_| missing())?);
    // On the heap, so that those who are held do not carry it.
    let attempt = Box::pin(looked_at(&gangway, id)).await?.ok_or_else(missing)?;
    if wait == 0 || attempt.state.is_end() {
        return Ok(HttpResponse::Ok().json(shown(&gangway, attempt).await?));
    }
    drop(attempt);
    let longest = Duration::from_secs(wait.into());
    let told = await_end(&gangway, id, longest, Departure::of(&request)).await?;
    let told = told.filter(|told| !told.attempt.user.is_pseudonym()).ok_or_else(missing)?;
    if told.attempt.state == State::Linked {
        let attempt = Box::pin(prove(&gangway, Actor::Host, told.attempt)).await?;
        return Ok(HttpResponse::Ok().json(shown(&gangway, attempt).await?));
    }
    Ok(HttpResponse::Ok().json(with_steps(&gangway, told.attempt, told.timeline)))
}

/// The attempt as it is after a look at the list.
async fn looked_at(gangway: &Gangway, id: AttemptId) -> Result<Option<LinkAttempt>, ApiProblem> {
    let found = gangway.store.attempt(id).await?;
    // What is left of a user who was erased is nobody's to read.
    let Some(attempt) = found.filter(|attempt| !attempt.user.is_pseudonym()) else { return Ok(None) };
    let attempt = if attempt.may_settle(gangway.clock.now()) {
        settle_by_look(gangway, Actor::Host, attempt).await?
    } else {
        attempt
    };
    Ok(Some(prove(gangway, Actor::Host, attempt).await?))
}

/// An attempt with every step until now.
pub(super) async fn shown(gangway: &Gangway, attempt: LinkAttempt) -> Result<Shown, StoreError> {
    let timeline = gangway.store.timeline(attempt.id).await?;
    Ok(with_steps(gangway, attempt, timeline))
}

/// An attempt with those steps.
pub(super) fn with_steps(gangway: &Gangway, attempt: LinkAttempt, timeline: Vec<TimelineEntry>) -> Shown {
    let label = gangway.account_label(&attempt.connector).filter(|_| attempt.account.is_some());
    let step = |TimelineEntry { at, event, actor }| ShownStep { at, event, actor };
    Shown {
        reference: attempt.id.reference().to_string(),
        id: attempt.id,
        state: attempt.state,
        reason: attempt.reason,
        connector: attempt.connector,
        credential_id: attempt.credential,
        replaces: attempt.replaces,
        proof: attempt.proof,
        account_label: label,
        account: attempt.account,
        user: ShownUser { id: attempt.user },
        session_id: attempt.session_id,
        created_at: attempt.began_at,
        settled_at: attempt.settled_at,
        timeline: timeline.into_iter().map(step).collect(),
    }
}
