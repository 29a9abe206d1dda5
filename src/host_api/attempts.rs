//! One link attempt: its state, and its timeline.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;
use utoipa::ToSchema;

use crate::{
    attempts::{Attempts, Urgency},
    domain::{
        attempt::{Actor, AttemptId, Proof, Reason, State, TimelineEntry, TimelineEvent},
        connection::CredentialId,
        connector::ConnectorId,
        error::Error,
        session::{AlloyUserId, ClientReference, ExternalId, SessionId},
    },
    store::AttemptWithTimeline,
    web::{Site, middleware::departure::ClientGone, routes::api},
};

use super::{ApiProblem, HostKey, Query, query::whole_number_up_to};

/// One try of one user to link one app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkAttempt)]
pub(super) struct AttemptBody {
    /// Its id.
    id: AttemptId,
    /// Alloy's id of the user. With `credential_id` your server uses what it linked; null where Alloy has no such user.
    #[schema(required)]
    alloy_user_id: Option<AlloyUserId>,
    /// The `client_reference` of its session; null if it has none.
    #[schema(required)]
    client_reference: Option<ClientReference>,
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
    /// The result of the last call that tested what it linked; null if there was none.
    #[schema(required)]
    proof: Option<Proof>,
    /// Whose account it linked, such as "Acme HQ".
    #[schema(required)]
    account: Option<String>,
    /// What people call an account there, such as "Workspace".
    #[schema(required)]
    account_label: Option<String>,
    /// Whose it is.
    user: UserBody,
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
    timeline: Vec<StepBody>,
}

/// One of your users.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(super) struct UserBody {
    /// Your own id.
    pub(super) id: ExternalId,
}

/// A step on an attempt's way.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Step)]
struct StepBody {
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
    /// For how many seconds the answer is held until the attempt has ended. More than 50 count as 50, which is less than
    /// most proxies wait for an answer.
    #[param(minimum = 0, maximum = 50, default = 0, example = 30)]
    #[serde(default, deserialize_with = "seconds")]
    pub(crate) wait: u16,
}

fn seconds<'de, D: Deserializer<'de>>(reader: D) -> Result<u16, D::Error> {
    whole_number_up_to(reader, MAX_WAIT)
}

/// Maximum `wait` in seconds: nginx, AWS and others give up on an answer after 60.
const MAX_WAIT: u16 = 50;

/// `GET /api/v1/link-attempts/{id}?wait=30`: the attempt with its timeline. An open attempt is refreshed, and an unproved
/// connection is proved. With `wait` the response is held until the attempt has ended, at most that many seconds, in which
/// the refresh and the proof are included.
#[utoipa::path(
    get,
    path = api::LINK_ATTEMPT,
    operation_id = "showLinkAttempt",
    tag = "Link attempts",
    summary = "One attempt, and every step until now",
    description = "An open attempt is looked at once more if that can end it. With `wait` the answer is held until it has \
                   ended, that many seconds at the most, and then tells how it stands.",
    params(("attempt" = AttemptId, Path, description = "Its id"), Wait),
    responses((status = 200, description = "The attempt", body = AttemptBody))
)]
pub(crate) async fn show(
    _: HostKey,
    site: web::Data<Site>,
    attempts: web::Data<Attempts>,
    request: HttpRequest,
    id: web::Path<String>,
    Query(Wait { wait }): Query<Wait>,
) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("No link attempt has this id.");
    let id = AttemptId::parse(&id).map_err(|_| missing())?;
    let found = attempts.with_timeline(id).await?.filter(is_not_erased).ok_or_else(missing)?;
    let may_settle = found.attempt.may_settle(site.clock.now());
    if wait == 0 {
        let found = Box::pin(updated(&attempts, found, may_settle)).await?;
        return Ok(HttpResponse::Ok().json(attempt_body(&site, found)));
    }
    let until = Instant::now() + Duration::from_secs(wait.into());
    let found = updated_until(until, &attempts, found, may_settle).await?.filter(is_not_erased).ok_or_else(missing)?;
    if found.attempt.state().is_end() {
        return Ok(HttpResponse::Ok().json(attempt_body(&site, found)));
    }
    drop(found);
    let found = attempts.await_end(id, until, ClientGone::of(&request)).await?.filter(is_not_erased);
    let found = updated_until(until, &attempts, found.ok_or_else(missing)?, false).await?;
    Ok(HttpResponse::Ok().json(attempt_body(&site, found.filter(is_not_erased).ok_or_else(missing)?)))
}

/// Like [`updated`], but answers at `until` with the stored state. The work then goes on, and a later request finds its
/// result: a task of its own also keeps held requests small.
async fn updated_until(
    until: Instant,
    attempts: &web::Data<Attempts>,
    found: AttemptWithTimeline,
    may_settle: bool,
) -> Result<Option<AttemptWithTimeline>, Error> {
    let id = found.attempt.id;
    let owned = Arc::clone(attempts);
    let work = async move { updated(&owned, found, may_settle).await };
    match timeout_at(until, tokio::spawn(work.in_current_span())).await {
        Ok(ended) => ended.unwrap_or(Err(Error::Internal("the refresh of an attempt panicked"))).map(Some),
        Err(_) => attempts.with_timeline_soon(id).await,
    }
}

/// Attempts of erased users are not readable.
fn is_not_erased(found: &AttemptWithTimeline) -> bool {
    !found.attempt.user.is_pseudonym()
}

/// The attempt, refreshed if Alloy's list can settle it, and after its connection is proved if it was unproved. The
/// timeline is read again only if the attempt changed.
async fn updated(
    attempts: &Attempts,
    found: AttemptWithTimeline,
    may_settle: bool,
) -> Result<AttemptWithTimeline, Error> {
    let AttemptWithTimeline { attempt, timeline, .. } = found;
    let before = attempt.version;
    let attempt = if may_settle { attempts.refresh(Actor::Host, attempt, Urgency::Normal).await? } else { attempt };
    let attempt = attempts.prove(Actor::Host, attempt).await?;
    let timeline = if attempt.version == before { timeline } else { attempts.timeline(attempt.id).await? };
    Ok(AttemptWithTimeline { attempt, timeline, ..found })
}

/// Returns `None` if its user was erased meanwhile.
pub(super) async fn load_attempt_body(
    site: &Site,
    attempts: &Attempts,
    id: AttemptId,
) -> Result<Option<AttemptBody>, Error> {
    let found = attempts.with_timeline(id).await?.filter(is_not_erased);
    Ok(found.map(|found| attempt_body(site, found)))
}

pub(super) fn attempt_body(site: &Site, found: AttemptWithTimeline) -> AttemptBody {
    let AttemptWithTimeline { attempt, timeline, alloy_user, client_reference } = found;
    let label = site.account_label(&attempt.connector).filter(|_| attempt.account().is_some());
    let step = |TimelineEntry { at, event, actor }| StepBody { at, event, actor };
    AttemptBody {
        reference: attempt.id.reference().to_string(),
        id: attempt.id,
        alloy_user_id: alloy_user,
        client_reference,
        state: attempt.state(),
        reason: attempt.reason(),
        connector: attempt.connector.clone(),
        credential_id: attempt.credential().cloned(),
        replaces: attempt.replaces.clone(),
        proof: attempt.proof(),
        account_label: label,
        account: attempt.account().map(str::to_owned),
        user: UserBody { id: attempt.user.clone() },
        session_id: attempt.session_id,
        created_at: attempt.began_at,
        settled_at: attempt.settled_at(),
        timeline: timeline.into_iter().map(step).collect(),
    }
}
