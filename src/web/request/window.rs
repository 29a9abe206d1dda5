//! The window of the host's page in which a request's page is shown: its pages are counted, because only they know when
//! the user leaves it.

use actix_web::{
    HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web,
};
use futures_util::FutureExt as _;

use crate::{
    domain::{
        attempt::LinkAttempt,
        error::Error,
        session::{ConnectSession, Display, StartCode},
    },
    sessions::{RequestedPage, Sessions},
    web::{
        Site,
        middleware::departure::ClientGone,
        pages::{Form, Window},
        routes,
    },
};

use super::{form_token::Bound, locale::RequestLocale};

/// Form field of a page that is shown in another window than that of the browser's session.
pub(crate) const OTHER: &str = "other_window";

/// Where the host's page shows ours; in a tab of its own by default.
pub(crate) fn display(named: Option<&str>) -> Display {
    named.and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// The window in which this request may show a page, for all views of this request.
struct Shown {
    session: ConnectSession,
    page: RequestedPage,
}

fn shown(request: &HttpRequest) -> Option<(ConnectSession, RequestedPage)> {
    request.extensions().get::<Shown>().map(|shown| (shown.session.clone(), shown.page))
}

/// The page of this request gets a number in the window of its session.
pub(crate) async fn request_page(site: &Site, sessions: &Sessions, request: &HttpRequest, session: &ConnectSession) {
    if session.display == Display::Page || !shows_page(request) {
        return;
    }
    let close = Form::new(routes::WINDOW_CLOSE).with("form_token", token(site, session));
    show(sessions, request, session.clone(), close).await;
}

/// The window of a start page, before the session.
pub(crate) async fn request_start(
    site: &Site,
    sessions: &Sessions,
    request: &HttpRequest,
    code: &StartCode,
    session: &ConnectSession,
    display: Display,
) {
    if display == Display::Page {
        return;
    }
    let close = Form::new(routes::WINDOW_CLOSE)
        .with("code", code.expose())
        .with(routes::DISPLAY, display.to_string())
        .with("form_token", site.form_tokens.issue(Bound::Code(code)));
    show(sessions, request, ConnectSession { display, ..session.clone() }, close).await;
}

async fn show(sessions: &Sessions, request: &HttpRequest, session: ConnectSession, close: Form) {
    let page = sessions.request_page(&session).await;
    show_in(request, Window { page: Some(page.number), left_url: routes::WINDOW_LEFT.to_owned(), close });
    request.extensions_mut().insert(Shown { session, page });
}

/// The page is about the attempt. If that is not one of the session's, it is shown in another window than the
/// session's, and says nothing about that one.
pub(crate) async fn is_about(
    site: &Site,
    sessions: &Sessions,
    request: &HttpRequest,
    attempt: &LinkAttempt,
) -> Result<(), Error> {
    let Some((session, _)) = shown(request) else { return Ok(()) };
    if !sessions.has_attempt(&session, attempt).await? {
        ignore_page(request);
        let close = Form::new(routes::WINDOW_CLOSE).with("form_token", token(site, &session)).with(OTHER, "1");
        show_in(request, Window { page: None, left_url: routes::WINDOW_LEFT.to_owned(), close });
    }
    Ok(())
}

/// The page of this request does not count.
pub(crate) fn ignore_page(request: &HttpRequest) {
    request.extensions_mut().remove::<Shown>();
}

/// Middleware that counts the page once it is answered, unless its browser has gone meanwhile. A redirect within our
/// pages is none.
pub(crate) async fn count_page<B: MessageBody>(
    sessions: web::Data<Sessions>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let of = request.request().clone();
    let response = next.call(request).await;
    let is_page = response.as_ref().map_or(true, |response| !response.status().is_redirection());
    let gone = ClientGone::of(&of).now_or_never().is_some();
    if let Some((session, page)) = shown(&of).filter(|_| is_page && !gone) {
        logged(sessions.page_answered(&session, page).await);
    }
    response
}

/// The browser is redirected to a provider, or to the host.
pub(crate) async fn record_redirect(sessions: &Sessions, request: &HttpRequest) {
    if let Some((session, page)) = shown(request) {
        logged(sessions.window_away(&session, page).await);
    }
}

/// The page of this request says how an attempt ended.
pub(crate) async fn record_end(sessions: &Sessions, request: &HttpRequest) {
    if let Some((session, _)) = shown(request) {
        logged(sessions.end_shown(&session).await);
    }
}

fn token(site: &Site, session: &ConnectSession) -> String {
    site.form_tokens.issue(Bound::Session(session.id))
}

fn show_in(request: &HttpRequest, window: Window) {
    let mut locale = RequestLocale::here(request);
    locale.window = Some(window);
    request.extensions_mut().insert(locale);
}

/// A window's state never fails a page.
fn logged<T>(result: Result<T, Error>) -> Option<T> {
    result.inspect_err(|error| tracing::warn!(%error, "the state of a window could not be written")).ok()
}

/// Whether the browser shows the response. Requests of our own scripts leave the page where it is.
fn shows_page(request: &HttpRequest) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let by_script = match header("sec-fetch-mode") {
        "navigate" => false,
        // Browsers without Fetch Metadata.
        "" => {
            let is_status = request.match_pattern().as_deref() == Some(routes::ATTEMPT_STATUS);
            is_status || header(header::ACCEPT.as_str()).starts_with("application/json")
        }
        _ => true,
    };
    let ahead = header("sec-purpose").contains("prefetch") || request.method() == Method::HEAD;
    !by_script && !ahead
}
