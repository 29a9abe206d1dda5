//! Completion: the host's server confirms which of its users is signed in to the browser that returned.

use actix_web::{HttpResponse, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    attempts::Attempts,
    domain::{
        attempt::{LinkAttempt, State},
        error::Error,
        session::{After, Display, ExternalId},
    },
    sessions::Sessions,
    web::{
        Site,
        return_url::with_outcome,
        routes::{self, api},
    },
};

use super::{ApiProblem, Body, HostKey, NoParameters, Query, attempts};

/// Who sits in front of the browser that came back.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Completion)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompletionRequest {
    /// The code that the browser brought to the return URL, as `gangway_completion`.
    #[schema(value_type = String, example = "Yq3…")]
    pub(crate) completion: SecretString,
    /// The host's id of the user who is signed in there.
    pub(crate) user_id: ExternalId,
}

/// The attempt, and where the browser goes on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Completed)]
struct CompletedBody {
    #[serde(flatten)]
    attempt: attempts::AttemptBody,
    /// Where your server sends the browser on.
    continue_url: String,
}

/// `POST /api/v1/link-attempts/complete`: redeems a code. A repeated request gets the same response.
#[utoipa::path(
    post,
    path = api::COMPLETE,
    operation_id = "completeLinkAttempt",
    tag = "Link attempts",
    summary = "Says who finished an attempt",
    description = "The user who began makes it `linked`; any other makes it `unverified`. Who asks again, because an answer \
                   was lost, gets the same one.",
    request_body = CompletionRequest,
    responses(
        (status = 200, description = "The attempt, which has ended", body = CompletedBody),
        (status = 404, description = "No attempt waits for this code"),
    )
)]
pub(crate) async fn complete(
    _: HostKey,
    site: web::Data<Site>,
    attempts: web::Data<Attempts>,
    sessions: web::Data<Sessions>,
    Query(NoParameters {}): Query<NoParameters>,
    Body(request): Body<CompletionRequest>,
) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("No link attempt waits for this code.");
    let completed = attempts.complete(request.completion.expose_secret(), &request.user_id).await?;
    let attempt = completed.ok_or_else(missing)?;
    let continue_url = continue_url(&site, &sessions, &attempt).await?;
    let attempt = attempts::load_attempt_body(&site, &attempts, attempt.id).await?.ok_or_else(missing)?;
    Ok(HttpResponse::Ok().json(CompletedBody { attempt, continue_url }))
}

/// The attempt's page if this is the user's own browser and the session stays open, or shows its pages in a window; else
/// the host's return URL without the code.
async fn continue_url(site: &Site, sessions: &Sessions, attempt: &LinkAttempt) -> Result<String, Error> {
    let session = sessions.find(attempt.session_id).await?;
    let own_browser = attempt.foreign_at().is_none();
    let stays = session.as_ref().is_some_and(|session| session.after == After::Stay);
    // The window that took the code to the host is closed by our page, at every end.
    let in_window = session.as_ref().is_some_and(|session| session.display != Display::Page);
    let our_page = own_browser && (in_window || attempt.state() == State::Linked && stays);
    Ok(match site.return_url(session.as_ref()) {
        Some(url) if !our_page => with_outcome(&url, attempt),
        _ => site.public(&routes::attempt(attempt.id)),
    })
}
