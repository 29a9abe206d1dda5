//! The window of the host's page in which a request's page is shown: its pages are counted, because only they know when
//! the user leaves it.

use actix_web::{
    HttpMessage as _, HttpRequest,
    http::{Method, header},
};

use crate::{
    domain::{
        error::Error,
        session::{ConnectSession, Display, StartCode},
    },
    sessions::Sessions,
    web::{
        Site,
        middleware::security_headers::Framing,
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
    if is_framed {
        Framing::permit(request);
    }
    is_framed
}

/// Counts the page of this request in the window of its session, for all views of this request.
pub(crate) async fn count_page(site: &Site, sessions: &Sessions, request: &HttpRequest, session: &ConnectSession) {
    let is_framed = permit_frame(site, request, session.display);
    if session.display == Display::Page || !shows_page(request) {
        return;
    }
    let token = site.form_tokens.issue(Bound::Session(session.id));
    let close = Form::new(routes::WINDOW_CLOSE).with("form_token", token);
    // The frame is the window that the user leaves or not. The one that it opened is not counted.
    let is_beside = session.display == Display::Frame && !is_framed;
    let page = if is_beside { None } else { logged(sessions.page_served(session).await) };
    show_in(site, request, page, is_framed, if is_beside { close.with(BESIDE_FRAME, "1") } else { close });
}

/// The window of a start page, before the session.
pub(crate) fn before_session(site: &Site, request: &HttpRequest, code: &StartCode, display: Display) {
    let is_framed = permit_frame(site, request, display);
    if display == Display::Page {
        return;
    }
    let close = Form::new(routes::WINDOW_CLOSE)
        .with("code", code.expose())
        .with(routes::DISPLAY, display.to_string())
        .with("form_token", site.form_tokens.issue(Bound::Code(code)));
    let is_beside = display == Display::Frame && !is_framed;
    show_in(site, request, None, is_framed, if is_beside { close.with(BESIDE_FRAME, "1") } else { close });
}

/// Form field of a window that a frame opened: closing it does not close the frame.
pub(crate) const BESIDE_FRAME: &str = "beside_frame";

fn show_in(site: &Site, request: &HttpRequest, page: Option<u64>, is_framed: bool, close: Form) {
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
