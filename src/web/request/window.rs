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
        pages::{Form, Window},
        routes,
    },
};

use super::{form_token::Bound, locale::RequestLocale};

/// Where the host's page shows ours; in a tab of its own by default.
pub(crate) fn display(named: Option<&str>) -> Display {
    named.and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// Counts the page of this request in the window of its session, for all views of this request.
pub(crate) async fn count_page(site: &Site, sessions: &Sessions, request: &HttpRequest, session: &ConnectSession) {
    if session.display == Display::Page || !shows_page(request) {
        return;
    }
    let number = sessions.page_served(session).await;
    let token = site.form_tokens.issue(Bound::Session(session.id));
    let window = Window {
        page: logged(number),
        left_url: routes::WINDOW_LEFT.to_owned(),
        close: Form::new(routes::WINDOW_CLOSE).with("form_token", token),
    };
    show_in(request, window);
}

/// The window of a start page, before the session.
pub(crate) fn before_session(site: &Site, request: &HttpRequest, code: &StartCode, display: Display) {
    if display == Display::Page {
        return;
    }
    let close = Form::new(routes::WINDOW_CLOSE)
        .with("code", code.expose())
        .with(routes::DISPLAY, display.to_string())
        .with("form_token", site.form_tokens.issue(Bound::Code(code)));
    show_in(request, Window { page: None, left_url: routes::WINDOW_LEFT.to_owned(), close });
}

fn show_in(request: &HttpRequest, window: Window) {
    let mut locale = RequestLocale::here(request);
    locale.window = Some(window);
    request.extensions_mut().insert(locale);
}

/// A window's state never fails a page.
pub(crate) fn logged<T>(result: Result<T, Error>) -> Option<T> {
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
