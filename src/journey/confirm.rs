//! Confirm: Alloy's list is the evidence. The response is delayed until the list shows the credential, so that most
//! users never see a waiting page.

use std::{future::pending, time::Duration};

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    attempts::{Attempts, Urgency},
    connections::Connections,
    domain::{
        attempt::{Actor, AttemptId, LinkAttempt, Observation, State},
        connection::CredentialId,
        session::{After, ExternalId},
    },
    runtime::metrics::Metrics,
    web::{
        Site,
        middleware::{departure::ClientGone, held::HeldRequests},
        pages::Phase,
        problem::Problem,
        request::{
            form_body::query_parameter,
            refusal::refusal,
            visitor::{Visitor, VisitorForm},
        },
        return_url::with_outcome,
        routes,
        views::{
            attempt_page::{attempt_page, is_checked_again, phase},
            frame::see_other,
            host_confirmation::to_complete,
        },
    },
};

/// Timeout for evidence before the waiting page is shown.
const HOLD: Duration = Duration::from_secs(3);
/// Maximum `wait` of a status request, in seconds.
const LONGEST_WAIT: u64 = 25;

pub(crate) async fn show(
    site: web::Data<Site>,
    attempts: web::Data<Attempts>,
    connections: web::Data<Connections>,
    mut visitor: Visitor,
    attempt: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let attempt = own(&attempts, &visitor, &attempt).await?;
    visitor.check_window(&site, &attempt).await?;
    let hold = if phase(&site, &attempt) == Phase::Waiting { HOLD } else { Duration::ZERO };
    let attempt = attempts
        .poll_until(attempt, hold, Urgency::AfterReturn, pending(), |attempt| is_decided(&site, &visitor, attempt))
        .await?;
    if let Some(gone) = disconnected(&connections, &attempt).await? {
        return Ok(see_other(routes::disconnect(&gone)));
    }
    let attempt = attempts.prove(Actor::User, attempt).await?;
    let return_url = site.return_url(Some(&visitor.session));
    // A frame leaves that to the window that came back.
    if let (Some(url), true) = (&return_url, is_completed_by(&visitor, &attempt) && !visitor.is_framed()) {
        visitor.record_away().await;
        return to_complete(&attempts, attempt, url).await;
    }
    if attempt.state() != State::Linked {
        let is_unverified = attempt.state() == State::Unverified;
        let is_deleted = is_unverified && attempts.is_deleted_within(attempt.id, Duration::ZERO).await?;
        return attempt_page(&site, &visitor, &attempt, &[], None, is_deleted).await;
    }
    if let Some(url) = return_url.filter(|_| visitor.session.after == After::Return && !visitor.has_window()) {
        return Ok(see_other(with_outcome(&url, &attempt)));
    }
    let earlier_account = attempts.earlier_account(&attempt).await?;
    let connections = connections.load(Actor::User, &visitor.session.user).await?.connected().unwrap_or_default();
    attempt_page(&site, &visitor, &attempt, &connections, earlier_account.as_deref(), false).await
}

/// Returns whether this browser completes the attempt: it began in its session, and no other browser returned.
fn is_completed_by(visitor: &Visitor, attempt: &LinkAttempt) -> bool {
    attempt.awaits_completion() && attempt.foreign_at().is_none() && attempt.session_id == visitor.session.id
}

/// Returns whether the attempt's page shows this visitor more than that the check is in progress.
fn is_decided(site: &Site, visitor: &Visitor, attempt: &LinkAttempt) -> bool {
    let has_ended = attempt.state().is_end() && !is_checked_again(site, attempt);
    has_ended || attempt.has_foreign_return() || is_completed_by(visitor, attempt)
}

/// `GET /attempts/{attempt}/status?wait=20`: 200 once the page would change, 204 after at most `wait` seconds.
/// `?phase=waiting` comes from a page that has not yet asked what the user saw. Requests beyond
/// `limits.held_per_session` are answered at once.
pub(crate) async fn status(
    site: web::Data<Site>,
    attempts: web::Data<Attempts>,
    held: web::Data<HeldRequests<ExternalId>>,
    metrics: web::Data<Metrics>,
    request: HttpRequest,
    visitor: Visitor,
    attempt: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let attempt = own(&attempts, &visitor, &attempt).await?;
    let wait = query_parameter(&request, "wait").and_then(|wait| wait.parse().ok()).unwrap_or(0).min(LONGEST_WAIT);
    let asks_later = query_parameter(&request, "phase").as_deref() == Some("waiting");
    let is_framed = query_parameter(&request, routes::FRAMED).is_some();
    let is_news = |attempt: &LinkAttempt| {
        let is_awaited = is_framed && is_completed_by(&visitor, attempt);
        is_decided(&site, &visitor, attempt) && !is_awaited || asks_later && phase(&site, attempt) == Phase::Asking
    };
    let permit = held.permit(&attempt.user);
    let attempt = if wait > 0 && permit.is_none() {
        attempts.refresh_from_recent_listing(attempt).await?
    } else {
        let _held = metrics.hold();
        let (longest, gone) = (Duration::from_secs(wait), ClientGone::of(&request));
        attempts.poll_until(attempt, longest, Urgency::Normal, gone, is_news).await?
    };
    drop(permit);
    if !is_news(&attempt) {
        return Ok(HttpResponse::NoContent().finish());
    }
    Ok(HttpResponse::Ok().json(serde_json::json!({ "state": attempt.state() })))
}

/// `POST /attempts/{attempt}/answer`: what the user saw at the provider, or the fragment of the return, which only the
/// browser knows. Evidence in the list overrides both.
pub(crate) async fn answer(
    attempts: web::Data<Attempts>,
    attempt: web::Path<String>,
    VisitorForm { visitor, body }: VisitorForm,
) -> Result<HttpResponse, Problem> {
    let attempt = own(&attempts, &visitor, &attempt).await?;
    let observation = match body.get("fragment") {
        Some(fragment) => {
            let is_bound = attempt.binds_session(visitor.session.id, attempts.needs_completion(&visitor.session));
            let goes_on = is_bound && attempt.returned_at.is_some() && attempt.is_open();
            refusal(fragment).filter(|_| goes_on).map(|refusal| Observation::Returned { refusal: Some(refusal) })
        }
        None => {
            let answer = body.get("answer").and_then(|name| name.parse().ok()).ok_or(Problem::Malformed)?;
            Some(Observation::Answered(answer))
        }
    };
    let Some(observation) = observation else { return Ok(see_other(routes::attempt(attempt.id))) };
    let attempt = attempts.observe(Actor::User, attempt, &observation).await?;
    let attempt = attempts.settle_refusal(attempt).await?;
    let attempt = attempts.refresh(Actor::User, attempt, Urgency::AfterAnswer).await?;
    Ok(see_other(routes::attempt(attempt.id)))
}

async fn disconnected(connections: &Connections, attempt: &LinkAttempt) -> Result<Option<CredentialId>, Problem> {
    let linked = attempt.credential().filter(|_| attempt.state() == State::Linked);
    let Some(credential) = linked else { return Ok(None) };
    let disconnection = connections.find_disconnection(&attempt.user, credential).await?;
    Ok(disconnection.filter(|known| known.done_at.is_some()).map(|known| known.credential))
}

async fn own(attempts: &Attempts, visitor: &Visitor, id: &str) -> Result<LinkAttempt, Problem> {
    let id = AttemptId::parse(id).map_err(|_| Problem::NotFound)?;
    let attempt = attempts.find(id).await?.ok_or(Problem::NotFound)?;
    let session = &visitor.session;
    let own = attempt.user == session.user.external_id && session.allows(&attempt.connector);
    if own { Ok(attempt) } else { Err(Problem::NotFound) }
}
