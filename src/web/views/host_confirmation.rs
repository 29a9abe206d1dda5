//! A browser that returned without the user's session and awaits the host's confirmation, such as the phone on which
//! the user allowed access, or the default browser behind an app.

use std::{future::pending, time::Duration};

use actix_session::SessionExt as _;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use crate::{
    attempts::{Attempts, Urgency},
    domain::{
        attempt::{AttemptId, LinkAttempt, State},
        session::ConnectSession,
    },
    sessions::Sessions,
    web::{
        Site,
        pages::{self, Checking, Phase},
        problem::Problem,
        request::locale::RequestLocale,
        return_url::with_outcome,
        views::frame::{answer, app, bare_frame, connector_of, see_other},
    },
};

/// Entry of the browser's state: the attempt for which it returned.
const RETURNED_FOR: &str = "guest";
/// Timeout for evidence before the waiting page is shown, which has no script.
const HOLD: Duration = Duration::from_secs(6);

pub(crate) fn is_remembered(request: &HttpRequest, attempt: AttemptId) -> bool {
    matches!(request.get_session().get::<AttemptId>(RETURNED_FOR), Ok(Some(known)) if known == attempt)
}

pub(crate) fn remember(request: &HttpRequest, attempt: AttemptId) -> Result<(), Problem> {
    request.get_session().insert(RETURNED_FOR, attempt).map_err(|error| {
        tracing::error!(%error, "the browser's state could not be written");
        Problem::Internal
    })
}

/// Redirects to the host for its confirmation, or shows the waiting page. `None` if there is nothing to confirm.
pub(crate) async fn confirm_at_host(
    site: &Site,
    attempts: &Attempts,
    sessions: &Sessions,
    attempt: LinkAttempt,
    locale: &RequestLocale,
    callback_url: String,
) -> Result<Option<HttpResponse>, Problem> {
    let session = sessions.find(attempt.session_id).await?;
    let Some(return_url) = site.return_url(session.as_ref()) else { return Ok(None) };
    let attempt = attempts.poll_until(attempt, HOLD, Urgency::AfterReturn, pending(), is_decided).await?;
    if attempt.awaits_completion() && attempt.is_awaiting_host_confirmation() {
        return to_complete(attempts, attempt, &return_url).await.map(Some);
    }
    match attempt.state() {
        State::Pending if attempt.is_awaiting_host_confirmation() => {
            waiting(site, &attempt, locale, callback_url, session.as_ref()).await.map(Some)
        }
        State::Linked => Ok(Some(see_other(with_outcome(&return_url, &attempt)))),
        _ => Ok(None),
    }
}

fn is_decided(attempt: &LinkAttempt) -> bool {
    attempt.state().is_end() || attempt.has_foreign_return() || attempt.awaits_completion()
}

async fn waiting(
    site: &Site,
    attempt: &LinkAttempt,
    locale: &RequestLocale,
    callback_url: String,
    session: Option<&ConnectSession>,
) -> Result<HttpResponse, Problem> {
    let connector = connector_of(site, attempt).await;
    let page = Checking {
        frame: pages::Frame { return_url: site.return_url(session), ..bare_frame(site, locale) },
        app: app(&connector),
        phase: Phase::Waiting,
        again_url: callback_url,
        status_url: None,
        retry_url: None,
        answer: pages::Form::new(String::new()),
        reference: attempt.id.reference().to_string(),
    };
    answer(StatusCode::OK, &page)
}

/// Redirects to the host with a completion code.
pub(crate) async fn to_complete(
    attempts: &Attempts,
    attempt: LinkAttempt,
    return_url: &str,
) -> Result<HttpResponse, Problem> {
    let (attempt, code) = attempts.issue_completion(attempt).await?;
    let url = with_outcome(return_url, &attempt);
    let Some(code) = code else { return Ok(see_other(url)) };
    let separator = if url.contains('?') { '&' } else { '?' };
    Ok(see_other(format!("{url}{separator}gangway_completion={code}")))
}
