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
        middleware::{departure::ClientGone, security_headers::Framing},
        pages::{Form, Window},
        routes,
    },
};

use super::{form_token::Bound, locale::RequestLocale};

/// Where the host's page shows ours; in a tab of its own by default, and where the settings allow no frame.
pub(crate) fn display(site: &Site, named: Option<&str>) -> Display {
    let display = named.and_then(|name| name.parse().ok()).unwrap_or_default();
    if display == Display::Frame && !site.frames {
        site.frame_refused.call_once(|| {
            tracing::warn!(
                "display=frame without host.frames is treated as display=page: browsers show no frame of us"
            );
        });
        return Display::Page;
    }
    display
}

/// Whether the response is shown in the frame itself. A form in it opens a window for what no frame can show, such as a
/// provider's page; there the same session goes on as in a pop-up. Browsers without Fetch Metadata do not say which.
fn is_framed(site: &Site, request: &HttpRequest, display: Display) -> bool {
    display == Display::Frame && site.frames && header(request, "sec-fetch-dest") != "document"
}

/// Lets pages of `host.origins` show the response, if it is shown in the frame of its session or start page.
pub(crate) fn permit_frame(site: &Site, request: &HttpRequest, display: Display) -> bool {
    let is_framed = is_framed(site, request, display);
    // Not a picture or a script, which any page of the same site can request with the cookie.
    if is_framed && matches!(header(request, "sec-fetch-dest"), "" | "iframe" | "frame") {
        Framing::permit(request);
    }
    is_framed
}

/// What this request may show in the window of a session, for all views of this request.
#[derive(Clone)]
struct Shown {
    session: ConnectSession,
    page: RequestedPage,
    /// The frame is the window that the user leaves or not. The one that it opened is not counted.
    is_beside: bool,
}

fn shown(request: &HttpRequest) -> Option<Shown> {
    request.extensions().get::<Shown>().cloned()
}

/// The page of this request gets a number in the window of its session.
pub(crate) async fn request_page(site: &Site, sessions: &Sessions, request: &HttpRequest, session: &ConnectSession) {
    let is_framed = permit_frame(site, request, session.display);
    if session.display == Display::Page || !shows_page(request) {
        return;
    }
    let close = Form::new(routes::WINDOW_CLOSE).with("form_token", token(site, session));
    show(site, sessions, request, (session.clone(), is_framed), close).await;
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
    let is_framed = permit_frame(site, request, display);
    if display == Display::Page {
        return;
    }
    let close = Form::new(routes::WINDOW_CLOSE)
        .with("code", code.expose())
        .with(routes::DISPLAY, display.to_string())
        .with("form_token", site.form_tokens.issue(Bound::Code(code)));
    show(site, sessions, request, (ConnectSession { display, ..session.clone() }, is_framed), close).await;
}

async fn show(
    site: &Site,
    sessions: &Sessions,
    request: &HttpRequest,
    (session, is_framed): (ConnectSession, bool),
    close: Form,
) {
    let page = sessions.request_page(&session).await;
    let is_beside = session.display == Display::Frame && !is_framed;
    let close = if is_beside { close.with(BESIDE_FRAME, "1") } else { close };
    show_in(site, request, (!is_beside).then_some(page.number), is_framed, close);
    request.extensions_mut().insert(Shown { session, page, is_beside });
}

/// The page is about the attempt. If that is not one of the session's, it is shown in another window than the
/// session's, and says nothing about that one.
pub(crate) async fn is_about(
    site: &Site,
    sessions: &Sessions,
    request: &HttpRequest,
    attempt: &LinkAttempt,
) -> Result<(), Error> {
    let Some(Shown { session, .. }) = shown(request) else { return Ok(()) };
    if !sessions.has_attempt(&session, attempt).await? {
        ignore_page(request);
        let is_framed = permit_frame(site, request, session.display);
        let close = Form::new(routes::WINDOW_CLOSE).with("form_token", token(site, &session));
        show_in(site, request, None, is_framed, close.with(BESIDE_FRAME, "1"));
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
    let response = next.call(request).await?;
    let (request, is_page) = (response.request(), !response.status().is_redirection());
    let has_gone = ClientGone::of(request).now_or_never().is_some();
    if let Some(Shown { session, page, .. }) = shown(request).filter(|shown| is_page && !has_gone && !shown.is_beside) {
        logged(sessions.page_answered(&session, page).await);
    }
    Ok(response)
}

/// The browser is redirected to a provider, or to the host.
pub(crate) async fn record_redirect(sessions: &Sessions, request: &HttpRequest) {
    if let Some(Shown { session, page, .. }) = shown(request) {
        logged(sessions.window_away(&session, page).await);
    }
}

/// The page of this request says how an attempt ended.
pub(crate) async fn record_end(sessions: &Sessions, request: &HttpRequest) {
    if let Some(Shown { session, .. }) = shown(request) {
        logged(sessions.end_shown(&session).await);
    }
}

fn token(site: &Site, session: &ConnectSession) -> String {
    site.form_tokens.issue(Bound::Session(session.id))
}

/// Form field of a page in another window than that of its session, such as one that a frame opened: closing it closes
/// only that one.
pub(crate) const BESIDE_FRAME: &str = "beside_frame";

fn show_in(site: &Site, request: &HttpRequest, page: Option<i64>, is_framed: bool, close: Form) {
    let origins = is_framed.then(|| site.frame_origins());
    let window = Window { page, left_url: routes::WINDOW_LEFT.to_owned(), close, origins };
    let mut locale = RequestLocale::here(request);
    locale.window = Some(window);
    request.extensions_mut().insert(locale);
}

/// A window's state never fails a page.
pub(crate) fn logged<T>(result: Result<T, Error>) -> Option<T> {
    result.inspect_err(|error| tracing::warn!(%error, "the state of a window could not be written")).ok()
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Whether the browser shows the response. Requests of our own scripts leave the page where it is.
fn shows_page(request: &HttpRequest) -> bool {
    let by_script = match header(request, "sec-fetch-mode") {
        "navigate" => false,
        // Browsers without Fetch Metadata.
        "" => {
            let by_script = [routes::ATTEMPT_STATUS, routes::OPENED];
            let is_asked = request.match_pattern().is_some_and(|route| by_script.contains(&route.as_str()));
            is_asked || header(request, header::ACCEPT.as_str()).starts_with("application/json")
        }
        _ => true,
    };
    let ahead = header(request, "sec-purpose").contains("prefetch") || request.method() == Method::HEAD;
    !by_script && !ahead
}
