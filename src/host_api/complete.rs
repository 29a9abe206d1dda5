//! Completion: the host's server says which of its users sits before the browser that came back.

use actix_web::{HttpResponse, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::{
        attempt::{LinkAttempt, State},
        session::{After, ExternalId},
    },
    gangway::Gangway,
    store::StoreError,
    web::{
        return_url::with_outcome,
        routes::{self, api},
    },
};

use super::{ApiProblem, Body, HostKey, Nothing, Query, attempts};

/// Who sits in front of the browser that came back.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Completion)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// The code that the browser brought to the return URL, as `gangway_completion`.
    #[schema(value_type = String, example = "Yq3…")]
    pub(crate) completion: SecretString,
    /// The host's id of the user who is signed in there.
    pub(crate) user_id: ExternalId,
}

/// The attempt, and where the browser goes on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Completed)]
struct Answer {
    #[serde(flatten)]
    attempt: attempts::Shown,
    /// Where your server sends the browser on.
    continue_url: String,
}

/// `POST /api/v1/link-attempts/complete`: redeems a code. The user who began makes it `linked`; any other makes it
/// `unverified`. Who asks again, because an answer was lost, gets the same one.
///
/// # Errors
/// 404 when no attempt waits for this code, any more or at all; 422 when a field is not as it should be.
#[utoipa::path(
    post,
    path = api::COMPLETE,
    operation_id = "completeLinkAttempt",
    tag = "Link attempts",
    summary = "Says who finished an attempt",
    description = "The user who began makes it `linked`; any other makes it `unverified`. Who asks again, because an answer \
                   was lost, gets the same one.",
    request_body = Wanted,
    responses(
        (status = 200, description = "The attempt, which has ended", body = Answer),
        (status = 404, description = "No attempt waits for this code"),
    )
)]
pub(crate) async fn complete(
    _: HostKey,
    gangway: web::Data<Gangway>,
    Query(Nothing {}): Query<Nothing>,
    Body(wanted): Body<Wanted>,
) -> Result<HttpResponse, ApiProblem> {
    let missing = || ApiProblem::not_found("No link attempt waits for this code.");
    let completed = gangway.attempts.complete(wanted.completion.expose_secret(), &wanted.user_id).await?;
    let attempt = completed.ok_or_else(missing)?;
    let continue_url = continue_url(&gangway, &attempt).await?;
    let attempt = attempts::shown(&gangway, attempt).await?;
    Ok(HttpResponse::Ok().json(Answer { attempt, continue_url }))
}

/// Where the host sends the browser on: to our page, if it is the user's own browser and there is a next app to offer;
/// else back to the host, without the code.
async fn continue_url(gangway: &Gangway, attempt: &LinkAttempt) -> Result<String, StoreError> {
    let session = gangway.store.session(attempt.session_id).await?;
    let own_browser = attempt.foreign_at().is_none();
    let stays = session.as_ref().is_some_and(|session| session.after == After::Stay);
    let our_page = attempt.state() == State::Linked && own_browser && stays;
    Ok(match gangway.site.return_url(session.as_ref()) {
        Some(url) if !our_page => with_outcome(&url, attempt),
        _ => gangway.site.public(&routes::attempt(attempt.id)),
    })
}
