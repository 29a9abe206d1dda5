//! Callback: a browser returns from the provider. Its session decides what that proves; parameters are hints.

use std::{future::pending, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, StatusCode},
    web,
};

use crate::{
    attempts::{Attempts, Urgency},
    domain::{
        attempt::{Actor, LinkAttempt, Observation, State},
        keys::Digest,
        session::{Display, Standing},
    },
    sessions::Sessions,
    web::{
        Site,
        middleware::{rate_limit::RateLimits, request_id::reference},
        pages::{Cause, NotLinked},
        problem::Problem,
        request::{
            locale::RequestLocale,
            refusal::{refusal, standard_error},
            visitor::{known_session, session_of},
            window,
        },
        return_url::with_outcome,
        routes,
        views::{frame, host_confirmation},
    },
};

/// Timeout for the deletion of the credential before the page of a foreign return is shown.
const UNTIL_REMOVED: Duration = Duration::from_secs(3);

/// Timeout for the outcome when the browser's session is for other apps and goes on to the host.
const UNTIL_ENDED: Duration = Duration::from_secs(3);

/// Timeout for the further credential of a return to an attempt that has one.
const UNTIL_LISTED: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Own,
    /// It has a session of the user, but only the host can confirm the person.
    Claimed,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Return {
    Bound,
    /// The browser that awaits the host's confirmation, again.
    AwaitingHost,
    Foreign,
    /// Nothing shows that a person navigated here: a scanner, a prefetch or an image.
    Noise,
}

/// `GET /callback/{state}`: records the return and redirects to the attempt's page.
pub(crate) async fn arrive_back(
    site: web::Data<Site>,
    attempts: web::Data<Attempts>,
    sessions: web::Data<Sessions>,
    limits: web::Data<RateLimits>,
    request: HttpRequest,
    state: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let counted = limits.count(&request);
    // A provider that encodes the `?` leaves the parameters in the path.
    let (state, in_path) = state.split_once(|character: char| !is_of_state(character)).unwrap_or((state.as_str(), ""));
    if counted.is_ok()
        && let Some(session) = known_session(&sessions, &request).await?
    {
        window::request_page(&site, &sessions, &request, &session).await;
    }
    let digest = Digest::of(state.as_bytes());
    let Some(attempt) = attempts.find_by_state(&digest).await? else {
        return Err(counted.map_or_else(Problem::from, |_| Problem::UnknownReturn));
    };
    window::ignore_page_of_other_session(&site, &sessions, &request, &attempt).await?;
    let whose = whose(&attempts, &sessions, &request, &attempt).await?;
    let now = site.clock.now();
    let before_deadline = now < attempt.deadline;
    let kind = classify(&request, whose, host_confirmation::is_remembered(&request, attempt.id));
    // Another page can exhaust the rate limit of a victim's address; the victim's return must be recorded anyway.
    let must_count = kind == Return::Foreign && before_deadline && !attempt.has_recent_foreign_return(now);
    if !must_count {
        counted.map_err(Problem::from)?;
    }
    match kind {
        Return::Bound => {
            let parameters = format!("{in_path}&{}", request.query_string());
            let refused = refusal(&parameters);
            if let Some(reason) = refused {
                let code = standard_error(&parameters);
                tracing::info!(attempt = %attempt.id.logged(), %reason, code, "a return reported an error");
            }
            let has_credential = attempt.state() == State::Linked || attempt.is_open() && attempt.awaits_completion();
            let attempt = attempts.observe(Actor::User, attempt, &Observation::Returned { refusal: refused }).await?;
            let attempt = attempts.settle_refusal(attempt).await?;
            let attempt = if has_credential { attempts.follow_return(attempt, UNTIL_LISTED).await? } else { attempt };
            onwards(&site, &attempts, &sessions, &request, attempt, UNTIL_ENDED).await
        }
        Return::AwaitingHost => await_host(&site, &attempts, &sessions, attempt, &request).await,
        Return::Foreign => {
            tracing::warn!(attempt = %attempt.id.logged(), "a return came in another browser");
            let attempt = attempts.observe(Actor::User, attempt, &Observation::ReturnedElsewhere).await?;
            if !before_deadline {
                return Err(Problem::UnknownReturn);
            }
            if attempt.is_awaiting_host_confirmation() && !attempt.state().is_end() {
                host_confirmation::remember(&request, attempt.id)?;
                return await_host(&site, &attempts, &sessions, attempt, &request).await;
            }
            let attempt = attempts.refresh(Actor::User, attempt, Urgency::AfterForeignReturn).await?;
            elsewhere(&site, &attempts, &attempt, &request).await
        }
        Return::Noise if whose != Whose::Unknown => {
            onwards(&site, &attempts, &sessions, &request, attempt, Duration::ZERO).await
        }
        Return::Noise if before_deadline && !attempt.state().is_end() => {
            tracing::info!(attempt = %attempt.id.logged(), "a return without a person in front of it is ignored");
            elsewhere(&site, &attempts, &attempt, &request).await
        }
        // A foreign browser cannot tell an expired return from an unknown one.
        Return::Noise => Err(Problem::UnknownReturn),
    }
}

/// Redirects to the attempt's page. A session for other apps cannot show it: then redirects to the host with the
/// outcome, or to the session's apps if there is no return URL. A window is closed.
async fn onwards(
    site: &Site,
    attempts: &Attempts,
    sessions: &Sessions,
    request: &HttpRequest,
    attempt: LinkAttempt,
    longest: Duration,
) -> Result<HttpResponse, Problem> {
    let session = known_session(sessions, request).await?;
    if session.is_none_or(|session| session.allows(&attempt.connector)) {
        return Ok(frame::see_other(routes::attempt(attempt.id)));
    }
    let began_in = sessions.find(attempt.session_id).await?;
    if began_in.as_ref().is_some_and(|session| session.display != Display::Page) {
        return Ok(frame::see_other(routes::WINDOW_CLOSE));
    }
    let Some(return_url) = site.return_url(began_in.as_ref()) else {
        return Ok(frame::see_other(routes::CONNECTORS));
    };
    let is_decided = |attempt: &LinkAttempt| attempt.state().is_end() || attempt.has_foreign_return();
    let attempt = if longest.is_zero() {
        attempt
    } else {
        attempts.poll_until(attempt, longest, Urgency::AfterReturn, pending(), is_decided).await?
    };
    Ok(frame::see_other(with_outcome(&return_url, &attempt)))
}

/// Redirects to the host, where the same user may be signed in.
async fn await_host(
    site: &Site,
    attempts: &Attempts,
    sessions: &Sessions,
    attempt: LinkAttempt,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id = attempt.id;
    if let Some(response) = host_confirmation::confirm_at_host(
        site,
        attempts,
        sessions,
        attempt,
        &RequestLocale::here(request),
        request.path().to_owned(),
    )
    .await?
    {
        return Ok(response);
    }
    let attempt = attempts.find(id).await?.ok_or(Problem::UnknownReturn)?;
    elsewhere(site, attempts, &attempt, request).await
}

/// The page for a browser that did not begin the attempt. It reveals nothing about the user who did.
async fn elsewhere(
    site: &Site,
    attempts: &Attempts,
    attempt: &LinkAttempt,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let locale = RequestLocale::here(request);
    let connector = frame::connector_of(site, attempt).await;
    let connector = frame::in_words(&locale.language, &connector);
    let removed = attempt.state() == State::Unverified && attempts.is_deleted_within(attempt.id, UNTIL_REMOVED).await?;
    let page = NotLinked {
        frame: frame::bare_frame(site, &locale),
        app: frame::app(&connector),
        cause: if removed { Cause::NotKept } else { Cause::OtherBrowser },
        again_url: routes::CONNECTORS.to_owned(),
        choose_url: None,
        consent_name: connector.consent_name.as_ref().map(Into::into),
        revoke_url: connector.revoke_url.clone(),
        reference: reference(request).to_string(),
    };
    frame::answer(StatusCode::FORBIDDEN, &page.page())
}

/// If the host has to confirm the person, a session of the user proves nothing, because start links can be forwarded.
/// Then only the live session in which the attempt began is bound.
async fn whose(
    attempts: &Attempts,
    sessions: &Sessions,
    request: &HttpRequest,
    attempt: &LinkAttempt,
) -> Result<Whose, Problem> {
    let Some((session, standing)) = session_of(sessions, request, &attempt.user).await? else {
        return Ok(Whose::Unknown);
    };
    let needs_completion = attempts.needs_completion(&session);
    let goes_on = standing == Standing::Live || !attempt.needs_completion;
    Ok(if attempt.binds_session(session.id, needs_completion) && goes_on { Whose::Own } else { Whose::Claimed })
}

fn classify(request: &HttpRequest, whose: Whose, is_remembered: bool) -> Return {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let prefetch = header("sec-purpose").contains("prefetch") || header("purpose").contains("prefetch");
    let (mode, into) = (header("sec-fetch-mode"), header("sec-fetch-dest"));
    // A page of the same site can open it in a frame, and the cookie goes along there.
    let framed = !matches!(into, "" | "document");
    // After a redirect without a referrer, Firefox reports `none` for a navigation from another site.
    let may_hide_its_site = header("user-agent").contains(" Firefox/");
    let comes_from_elsewhere = (mode, into) == ("navigate", "document")
        && match header("sec-fetch-site") {
            "cross-site" | "same-site" => true,
            "none" => may_hide_its_site,
            _ => false,
        };
    if request.method() == Method::HEAD || prefetch || framed || !matches!(mode, "" | "navigate") {
        Return::Noise
    } else if whose == Whose::Own {
        Return::Bound
    } else if is_remembered {
        Return::AwaitingHost
    } else if whose == Whose::Claimed || comes_from_elsewhere {
        Return::Foreign
    } else {
        Return::Noise
    }
}

/// The alphabet of a state (base64url).
fn is_of_state(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}
