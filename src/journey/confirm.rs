//! Confirm: the user's list is the evidence. Most people never see a waiting page, because the answer is held until the
//! list shows what came.

use std::{future::pending, time::Duration};

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    domain::{
        attempt::{Actor, AttemptId, LinkAttempt, Observation, State},
        connection::CredentialId,
        session::After,
    },
    gangway::Gangway,
    web::{middleware::departure::Departure, pages::Phase, problem::Problem, routes},
};

use super::hand_over::to_complete;
use crate::{
    attempts::Urgency,
    web::{
        request::{
            form_body::{Posted, asked},
            visitor::Visitor,
        },
        return_url::with_outcome,
        views::{
            attempt_page::{attempt_page, phase},
            frame::see_other,
        },
    },
};

/// How long the page is held while the list does not show anything yet, and nobody is to be asked.
const HOLD: Duration = Duration::from_secs(3);
/// How long a script's question is held at the most.
const LONGEST_WAIT: u64 = 25;

/// `GET /attempts/{attempt}`: where the attempt stands. Linked, another end, or still looking.
///
/// # Errors
/// `NotFound` for another user's attempt, and for one at an app that this session is not for, as for one that never was.
pub(crate) async fn show(
    gangway: web::Data<Gangway>,
    visitor: Visitor,
    attempt: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let attempt = own(&gangway, &visitor, &attempt).await?;
    let hold = if phase(&gangway.site, &attempt) == Phase::Waiting { HOLD } else { Duration::ZERO };
    let attempt = gangway
        .attempts
        .poll_until(attempt, hold, Urgency::AfterReturn, pending(), |attempt| is_decided(&visitor, attempt))
        .await?;
    if let Some(gone) = disconnected(&gangway, &attempt).await? {
        return Ok(see_other(routes::disconnect(&gone)));
    }
    let attempt = gangway.attempts.prove(Actor::User, attempt).await?;
    let return_url = gangway.site.return_url(Some(&visitor.session));
    if let (Some(url), true) = (&return_url, is_completed_by(&visitor, &attempt)) {
        return to_complete(&gangway, attempt, url).await;
    }
    if attempt.state() != State::Linked {
        return attempt_page(&gangway.site, &visitor, &attempt, &[]).await;
    }
    if let Some(url) = return_url.filter(|_| visitor.session.after == After::Return) {
        return Ok(see_other(with_outcome(&url, &attempt)));
    }
    let connections =
        gangway.connections.load(Actor::User, &visitor.session.user).await?.connected().unwrap_or_default();
    attempt_page(&gangway.site, &visitor, &attempt, &connections).await
}

/// Whether this browser takes the completion code to the host: the attempt began in its session, and no other browser
/// returned.
fn is_completed_by(visitor: &Visitor, attempt: &LinkAttempt) -> bool {
    attempt.awaits_completion() && attempt.foreign_at().is_none() && attempt.session_id == visitor.session.id
}

/// Whether the attempt's page shows more to this visitor than that we are checking.
fn is_decided(visitor: &Visitor, attempt: &LinkAttempt) -> bool {
    attempt.state().is_end() || attempt.has_foreign_return() || is_completed_by(visitor, attempt)
}

/// `GET /attempts/{attempt}/status?wait=20`: 204 as long as the page has nothing new to say, at most that many seconds;
/// else 200. `?phase=waiting` is from a page that has not asked yet what the user saw. Beyond `limits.held_per_session`
/// the answer comes at once.
///
/// # Errors
/// As [`show`].
pub(crate) async fn status(
    gangway: web::Data<Gangway>,
    request: HttpRequest,
    visitor: Visitor,
    attempt: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let attempt = own(&gangway, &visitor, &attempt).await?;
    let wait = asked(&request, "wait").and_then(|wait| wait.parse().ok()).unwrap_or(0).min(LONGEST_WAIT);
    let asks_later = asked(&request, "phase").as_deref() == Some("waiting");
    let is_news = |attempt: &LinkAttempt| {
        is_decided(&visitor, attempt) || asks_later && phase(&gangway.site, attempt) == Phase::Asking
    };
    let permit = gangway.held.permit(&attempt.user);
    let attempt = if wait > 0 && permit.is_none() {
        gangway.attempts.refresh_from_recent_listing(attempt).await?
    } else {
        let _held = gangway.metrics.hold();
        let (longest, gone) = (Duration::from_secs(wait), Departure::of(&request));
        gangway.attempts.poll_until(attempt, longest, Urgency::Normal, gone, is_news).await?
    };
    drop(permit);
    if !is_news(&attempt) {
        return Ok(HttpResponse::NoContent().finish());
    }
    Ok(HttpResponse::Ok().json(serde_json::json!({ "state": attempt.state() })))
}

/// `POST /attempts/{attempt}/answer`: what the user says that they saw. It decides only what the list does not show.
///
/// # Errors
/// As [`show`]; `StaleForm` when the form is not this session's.
pub(crate) async fn answer(
    gangway: web::Data<Gangway>,
    visitor: Visitor,
    attempt: web::Path<String>,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    visitor.check(&gangway, &posted)?;
    let attempt = own(&gangway, &visitor, &attempt).await?;
    let said = posted.get("answer").and_then(|name| name.parse().ok()).ok_or(Problem::Malformed)?;
    let attempt = gangway.attempts.observe(Actor::User, attempt, &Observation::Answered(said)).await?;
    let attempt = gangway.attempts.refresh(Actor::User, attempt, Urgency::AfterAnswer).await?;
    Ok(see_other(routes::attempt(attempt.id)))
}

/// What it linked, if that was disconnected since.
async fn disconnected(gangway: &Gangway, attempt: &LinkAttempt) -> Result<Option<CredentialId>, Problem> {
    let linked = attempt.credential().filter(|_| attempt.state() == State::Linked);
    let Some(credential) = linked else { return Ok(None) };
    let asked = gangway.store.disconnection(&attempt.user, credential).await?;
    Ok(asked.filter(|asked| asked.done_at.is_some()).map(|asked| asked.credential))
}

async fn own(gangway: &Gangway, visitor: &Visitor, id: &str) -> Result<LinkAttempt, Problem> {
    let id = AttemptId(id.parse().map_err(|_| Problem::NotFound)?);
    let attempt = gangway.store.attempt(id).await?.ok_or(Problem::NotFound)?;
    let session = &visitor.session;
    let own = attempt.user == session.user.external_id && session.allows(&attempt.connector);
    if own { Ok(attempt) } else { Err(Problem::NotFound) }
}
