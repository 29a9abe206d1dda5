//! Link attempts: what the host's server asks for when a browser says that something was linked.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    attempts::Urgency,
    domain::{
        attempt::{Actor, AttemptId, LinkAttempt, Proof, Reason, State, TimelineEntry, TimelineEvent},
        connection::CredentialId,
        connector::ConnectorId,
        session::{ExternalId, SessionId},
    },
    gangway::Gangway,
    store::{StoreError, Told},
    web::{middleware::departure::Departure, routes::api},
};

use super::{ApiProblem, HostKey, Query, query::whole_number};

/// One try of one user to link one app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkAttempt)]
pub(super) struct Shown {
    /// Its id.
    id: AttemptId,
    /// Where it stands.
    state: State,
    /// Why it ended so; null while it is open.
    #[schema(required)]
    reason: Option<Reason>,
    /// The app.
    connector: ConnectorId,
    /// What it linked, or is about to.
    #[schema(required)]
    credential_id: Option<CredentialId>,
    /// The connection that it is to take the place of.
    #[schema(required)]
    replaces: Option<CredentialId>,
    /// What came of trying what it linked; null if nobody tried.
    #[schema(required)]
    proof: Option<Proof>,
    /// Whose account it linked, such as "Acme HQ".
    #[schema(required)]
    account: Option<String>,
    /// What people call an account there, such as "Workspace".
    #[schema(required)]
    account_label: Option<String>,
    /// Whose it is.
    user: ShownUser,
    /// The session in which it began.
    session_id: SessionId,
    /// The short form of its id that people read to each other.
    reference: String,
    /// When it began.
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// When it ended; null while it is open.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    settled_at: Option<OffsetDateTime>,
    /// Every step until now, in order.
    timeline: Vec<ShownStep>,
}

/// One of your users.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(super) struct ShownUser {
    /// Your own id.
    pub(super) id: ExternalId,
}

/// A step on an attempt's way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Step)]
struct ShownStep {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    /// What.
    event: TimelineEvent,
    /// Who caused it; null if it was kept before that was.
    #[schema(required)]
    actor: Option<Actor>,
}

/// How long the caller waits for the end of an attempt.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wait {
    /// For how many seconds the answer is held until the attempt has ended.
    #[param(minimum = 0, maximum = 60, default = 0, example = 30)]
    #[serde(default, deserialize_with = "seconds")]
    pub(crate) wait: u16,
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
#[utoipa::path(
    get,
    path = api::LINK_ATTEMPT,
    operation_id = "showLinkAttempt",
    tag = "Link attempts",
    summary = "One attempt, and every step until now",
    description = "An open attempt is looked at once more if that can end it. With `wait` the answer is held until it has \
                   ended, that many seconds at the most, and then tells how it stands.",
    params(("attempt" = AttemptId, Path, description = "Its id"), Wait),
    responses((status = 200, description = "The attempt", body = Shown))
)]
pub(crate) async fn show(
    _: HostKey,
    gangway: web::Data<Gangway>,
    request: HttpRequest,
    id: web::Path<String>,
    Query(Wait { wait }): Query<Wait>,
) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("No link attempt has this id.");
    let id = AttemptId(id.parse().map_err(|_| missing())?);
    // On the heap, so that those who are held do not carry it.
    let told = Box::pin(looked_at(&gangway, id)).await?.ok_or_else(missing)?;
    if wait == 0 || told.attempt.state().is_end() {
        return Ok(HttpResponse::Ok().json(with_steps(&gangway, told)));
    }
    drop(told);
    let longest = Duration::from_secs(wait.into());
    let told = gangway.attempts.await_end(id, longest, Departure::of(&request)).await?.filter(is_somebodys);
    let told = Box::pin(proved(&gangway, told.ok_or_else(missing)?)).await?;
    Ok(HttpResponse::Ok().json(with_steps(&gangway, told)))
}

/// What is left of a user who was erased is nobody's to read.
fn is_somebodys(told: &Told) -> bool {
    !told.attempt.user.is_pseudonym()
}

/// The attempt as it is after a look at the list, if that can settle it.
async fn looked_at(gangway: &Gangway, id: AttemptId) -> Result<Option<Told>, ApiProblem> {
    let Some(found) = gangway.attempts.with_timeline(id).await?.filter(is_somebodys) else { return Ok(None) };
    if !found.attempt.may_settle(gangway.clock.now()) {
        return Ok(Some(proved(gangway, found).await?));
    }
    let Told { attempt, timeline } = found;
    let before = attempt.version;
    let attempt = gangway.attempts.refresh(Actor::Host, attempt, Urgency::Normal).await?;
    Ok(Some(proved(gangway, since(gangway, before, attempt, timeline).await?).await?))
}

/// The attempt as it is once what it linked was tried, if nobody could say yet that it works.
async fn proved(gangway: &Gangway, Told { attempt, timeline }: Told) -> Result<Told, ApiProblem> {
    let before = attempt.version;
    let attempt = gangway.attempts.prove(Actor::Host, attempt).await?;
    Ok(since(gangway, before, attempt, timeline).await?)
}

/// The attempt with its steps, which are read again only if there are more since that version.
async fn since(
    gangway: &Gangway,
    before: i64,
    attempt: LinkAttempt,
    timeline: Vec<TimelineEntry>,
) -> Result<Told, StoreError> {
    let timeline = if attempt.version == before { timeline } else { gangway.store.timeline(attempt.id).await? };
    Ok(Told { attempt, timeline })
}

/// An attempt with every step until now.
pub(super) async fn shown(gangway: &Gangway, attempt: LinkAttempt) -> Result<Shown, StoreError> {
    let timeline = gangway.store.timeline(attempt.id).await?;
    Ok(with_steps(gangway, Told { attempt, timeline }))
}

/// An attempt with those steps.
pub(super) fn with_steps(gangway: &Gangway, Told { attempt, timeline }: Told) -> Shown {
    let label = gangway.site.account_label(&attempt.connector).filter(|_| attempt.account().is_some());
    let step = |TimelineEntry { at, event, actor }| ShownStep { at, event, actor };
    Shown {
        reference: attempt.id.reference().to_string(),
        id: attempt.id,
        state: attempt.state(),
        reason: attempt.reason(),
        connector: attempt.connector.clone(),
        credential_id: attempt.credential().cloned(),
        replaces: attempt.replaces.clone(),
        proof: attempt.proof(),
        account_label: label,
        account: attempt.account().map(str::to_owned),
        user: ShownUser { id: attempt.user.clone() },
        session_id: attempt.session_id,
        created_at: attempt.began_at,
        settled_at: attempt.settled_at(),
        timeline: timeline.into_iter().map(step).collect(),
    }
}
