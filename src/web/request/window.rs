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

/// Whether the browser says that it shows the response in a frame.
pub(crate) fn is_loaded_into_frame(site: &Site, request: &HttpRequest) -> bool {
    site.frames && header(request, "sec-fetch-dest") == "iframe"
}

/// Lets pages of `host.origins` show the response, if it is shown in the frame of its session or start page.
pub(crate) fn permit_frame(site: &Site, request: &HttpRequest, display: Display) -> bool {
    let is_framed = is_framed(site, request, display);
    // Not a picture or a script, which any page of the same site can request with the cookie.
    if is_framed && matches!(header(request, "sec-fetch-dest"), "" | "iframe" | "frame") {
        Framing::permit(request);
    } else {
        Framing::refuse(request);
    }
    is_framed
}

/// The page that this request may show in the window of a session, for all views of this request.
#[derive(Clone)]
struct WindowPage {
    session: ConnectSession,
    page: RequestedPage,
    /// The frame is the window that the user leaves or not. The one that it opened is not counted.
    is_opened_by_frame: bool,
}

fn window_page(request: &HttpRequest) -> Option<WindowPage> {
    request.extensions().get::<WindowPage>().cloned()
}

/// The page of this request gets a number in the window of its session.
pub(crate) async fn request_page(site: &Site, sessions: &Sessions, request: &HttpRequest, session: &ConnectSession) {
    let is_framed = permit_frame(site, request, session.display);
    if session.display == Display::Page || !is_navigation(request) {
        return;
    }
    let close = close_form(session.display).with("form_token", token(site, session));
    number_page(site, sessions, request, (session.clone(), is_framed), close).await;
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
    let close =
        close_form(display).with("code", code.expose()).with("form_token", site.form_tokens.issue(Bound::Code(code)));
    number_page(site, sessions, request, (ConnectSession { display, ..session.clone() }, is_framed), close).await;
}

async fn number_page(
    site: &Site,
    sessions: &Sessions,
    request: &HttpRequest,
    (session, is_framed): (ConnectSession, bool),
    close: Form,
) {
    let page = sessions.request_page(&session).await;
    let is_opened_by_frame = session.display == Display::Frame && !is_framed;
    let close = if is_opened_by_frame { close.with(UNRECORDED, "1") } else { close };
    let number = (!is_opened_by_frame).then_some(page.number);
    set_window(request, window(site, number, is_framed, close));
    request.extensions_mut().insert(WindowPage { session, page, is_opened_by_frame });
}

/// Ignores the page if it is about an attempt of another session than this browser's: then it is in another window.
pub(crate) async fn ignore_page_of_other_session(
    site: &Site,
    sessions: &Sessions,
    request: &HttpRequest,
    attempt: &LinkAttempt,
) -> Result<(), Error> {
    let Some(WindowPage { session, .. }) = window_page(request) else { return Ok(()) };
    if !sessions.has_attempt(&session, attempt).await? {
        show_unrecorded(site, request, session.display);
    }
    Ok(())
}

/// The page of this request does not count.
pub(crate) fn ignore_page(request: &HttpRequest) {
    request.extensions_mut().remove::<WindowPage>();
}

/// The page of this request is in a window of which no session is known, or another one than this browser's. Its user can
/// close it, and nothing is recorded. Returns whether it is shown in a frame.
pub(crate) fn show_unrecorded(site: &Site, request: &HttpRequest, display: Display) -> bool {
    ignore_page(request);
    let is_framed = permit_frame(site, request, display);
    if display != Display::Page {
        set_window(request, unrecorded(site, display, is_framed));
    }
    is_framed
}

/// The window of such a page.
pub(crate) fn unrecorded(site: &Site, display: Display, is_framed: bool) -> Window {
    window(site, None, is_framed, close_form(display).with(UNRECORDED, "1"))
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
    let counted = window_page(request).filter(|page| is_page && !has_gone && !page.is_opened_by_frame);
    if let Some(WindowPage { session, page, .. }) = counted {
        logged(sessions.page_answered(&session, page).await);
    }
    Ok(response)
}

/// The user goes on at a provider or at the host: in this window, or in one that the frame opened.
pub(crate) async fn record_away(sessions: &Sessions, request: &HttpRequest) {
    if let Some(WindowPage { session, page, .. }) = window_page(request) {
        logged(sessions.window_away(&session, page).await);
    }
}

/// The page of this request says how an attempt ended.
pub(crate) async fn record_end(sessions: &Sessions, request: &HttpRequest) {
    if let Some(WindowPage { session, .. }) = window_page(request) {
        logged(sessions.record_end(&session).await);
    }
}

fn token(site: &Site, session: &ConnectSession) -> String {
    site.form_tokens.issue(Bound::Session(session.id))
}

/// Form field of a page that is not recorded, such as one in a window that a frame opened: closing it closes only that
/// window.
pub(crate) const UNRECORDED: &str = "unrecorded";

fn close_form(display: Display) -> Form {
    Form::new(routes::WINDOW_CLOSE).with(routes::DISPLAY, display.to_string())
}

fn window(site: &Site, page: Option<i64>, is_framed: bool, close: Form) -> Window {
    let origins = is_framed.then(|| site.frame_origins());
    Window { page, left_url: routes::WINDOW_LEFT.to_owned(), close, origins }
}

fn set_window(request: &HttpRequest, window: Window) {
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
fn is_navigation(request: &HttpRequest) -> bool {
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
