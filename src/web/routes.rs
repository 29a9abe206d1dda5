//! Every URL, and the functions that build them.
#![expect(missing_docs, reason = "public for tests only; most names say it")]

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use time::OffsetDateTime;

use crate::domain::{
    attempt::AttemptId,
    clock::to_millis,
    connection::CredentialId,
    connector::ConnectorId,
    session::{Display, StartCode},
};

mod connect_options;
mod first_visit;

pub use connect_options::{ConnectOptions, another, connector_with, reconnect, start_in, start_with};
pub use first_visit::{first_visit, mark_first_visit, without_mark};

/// Characters that stay unencoded in a path segment (RFC 3986 section 2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Redirects to the catalogue.
pub const ROOT: &str = "/";
/// Arrive: whom the link is for, and the apps to choose from.
pub const START: &str = "/start";
/// Choose: the catalogue.
pub const CONNECTORS: &str = "/connectors";
/// One app: its form and its connections.
pub const CONNECTOR: &str = "/connectors/{connector}";
/// Start: begins an attempt.
pub const LINK: &str = "/connectors/{connector}/link";
pub const ICON: &str = "/icons/{connector}";
/// Callback: the browser returns from the provider.
pub const CALLBACK: &str = "/callback/{state}";
pub const CALLBACK_PREFIX: &str = "/callback/";
/// Confirm: the state of an attempt.
pub const ATTEMPT: &str = "/attempts/{attempt}";
/// Confirm, for a script: long poll for a change.
pub const ATTEMPT_STATUS: &str = "/attempts/{attempt}/status";
/// In a frame, for a script: the attempt that began in the window that a form opened.
pub const OPENED: &str = "/connectors/{connector}/opened";
/// Receives what the user saw at the provider.
pub const ATTEMPT_ANSWER: &str = "/attempts/{attempt}/answer";
/// Extend: more idle time.
pub const SESSION_EXTEND: &str = "/session/extend";
/// Creates a link for the user's own browser.
pub const SESSION_BROWSER: &str = "/session/browser";
/// Disconnect: confirmation and outcome.
pub const DISCONNECT: &str = "/connections/{credential}/disconnect";
/// Leave: ends the session.
pub const SESSION_END: &str = "/session/end";
/// Closes the window of the host's page; then the page that says that it can be closed.
pub const WINDOW_CLOSE: &str = "/window/close";
/// Receives that a page of the window was left, from its script.
pub const WINDOW_LEFT: &str = "/window/left";
/// Explains a problem type of the API (RFC 9457 `type`).
pub const PROBLEM: &str = "/problems/{kind}";
/// A static file, by name and hash.
pub const ASSET: &str = "/static/{file}";
/// The stylesheet with the host's colour, by its hash.
pub const STYLE: &str = "/brand/{hash}.css";
pub const LOGO: &str = "/brand/logo";
/// The script for the host's pages, and its types.
pub const EMBED_SCRIPT: &str = "/embed/v1.js";
pub const EMBED_TYPES: &str = "/embed/v1.d.ts";
/// The same for a frame.
pub const EMBED_FRAME_SCRIPT: &str = "/embed/frame-v1.js";
pub const EMBED_FRAME_TYPES: &str = "/embed/frame-v1.d.ts";
/// The outcome of a session, for a script of the host's page.
pub const EMBED_OUTCOME: &str = "/embed/outcome";

pub mod api {
    pub const PREFIX: &str = "/api/v1";
    pub const OPENAPI: &str = "/api/v1/openapi.json";
    pub const CONNECT_SESSIONS: &str = "/api/v1/connect-sessions";
    pub const CONNECT_SESSION: &str = "/api/v1/connect-sessions/{session}";
    pub const CONNECTORS: &str = "/api/v1/connectors";
    pub const COMPLETE: &str = "/api/v1/link-attempts/complete";
    pub const LINK_ATTEMPTS: &str = "/api/v1/link-attempts";
    pub const LINK_ATTEMPT: &str = "/api/v1/link-attempts/{attempt}";
    pub const USER: &str = "/api/v1/users/{user}";
    pub const CONNECTIONS: &str = "/api/v1/users/{user}/connections";
    pub const CONNECTION: &str = "/api/v1/users/{user}/connections/{credential}";
    pub const REFUSED: &str = "/api/v1/users/{user}/connections/{credential}/refused";
    pub const WEBHOOK_DELIVERIES: &str = "/api/v1/webhook-deliveries";
    pub const WEBHOOK_TEST: &str = "/api/v1/webhook-deliveries/test";
    pub const WEBHOOK_REPLAY: &str = "/api/v1/webhook-deliveries/{event}/replay";
}

/// Whether the path is meant for the host API, also with slashes too many, as a base URL that ends in one makes them.
fn is_api(path: &str) -> bool {
    let mut given = path.split('/').filter(|segment| !segment.is_empty());
    api::PREFIX.split('/').filter(|segment| !segment.is_empty()).all(|segment| given.next() == Some(segment))
}

/// Routes of the admin listener only.
pub mod admin {
    pub const HEALTH: &str = "/healthz";
    pub const READY: &str = "/readyz";
    pub const METRICS: &str = "/metrics";
}

/// The start page. No other URL carries a start code.
pub fn start(code: &StartCode) -> String {
    format!("{START}?code={}", segment(code.expose()))
}

/// The start page that offers the user's own browser.
pub fn start_elsewhere(start: &str) -> String {
    format!("{start}&{BROWSER}=1")
}

/// Query parameter that requests that page.
pub const BROWSER: &str = "browser";

/// Form field and query parameter for where the host's page shows ours.
pub const DISPLAY: &str = "display";

/// Query parameter of a start page after the redirect to the public URL, which happens once: a proxy that does not pass
/// on `Host` would repeat it for ever.
const AT_PUBLIC_URL: &str = "address=public";

/// The start page with that query, marked as redirected to the public URL. Returns `None` if it is marked already.
pub fn start_at_public_url(query: &str) -> Option<String> {
    let is_marked = query.split('&').any(|pair| pair == AT_PUBLIC_URL);
    (!is_marked).then(|| format!("{START}?{query}&{AT_PUBLIC_URL}"))
}

/// The path of a callback without the slashes that a proxy or a provider doubled or appended, also before an encoded
/// query. Returns `None` if there are none, or for any other path.
pub fn callback_without_slashes(path: &str) -> Option<String> {
    let rest = path.strip_prefix('/')?.trim_start_matches('/').strip_prefix("callback/")?.trim_start_matches('/');
    let (state, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let rest = rest.trim_start_matches('/');
    let is_query = |rest: &str| ["%3F", "%3f", "%26", "&"].iter().any(|mark| rest.starts_with(mark));
    if state.is_empty() || !(rest.is_empty() || is_query(rest)) {
        return None;
    }
    let tidy = format!("{CALLBACK_PREFIX}{state}{rest}");
    (tidy != path).then_some(tidy)
}

/// Query parameter for the language of a page.
pub const LANGUAGE: &str = "language";

/// The URL of a GET request in another language. Returns `None` for a callback, which must not be requested again, and
/// for a path that a browser would read as the address of another site.
pub fn in_language(path: &str, query: &str, tag: &str) -> Option<String> {
    let is_ours = path.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
    if path.starts_with(CALLBACK_PREFIX) || !is_ours {
        return None;
    }
    let key = format!("{LANGUAGE}=");
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&key));
    let pairs: Vec<&str> = kept.collect();
    let joint = if pairs.is_empty() { "" } else { "&" };
    Some(format!("{path}?{}{joint}{key}{tag}", pairs.join("&")))
}

/// Returns whether the path has a language. Files, icons and the host API have none.
pub fn is_read(path: &str) -> bool {
    !["/static/", "/brand/", "/icons/", "/embed/", "/problems/", api::PREFIX]
        .iter()
        .any(|unread| path.starts_with(unread))
}

/// Returns whether failures at the path are problem documents instead of pages.
pub fn is_for_programs(path: &str) -> bool {
    is_api(path) || path == EMBED_OUTCOME
}

pub fn problem(kind: &str) -> String {
    format!("/problems/{kind}")
}

/// The page of a form, by the path that the form is posted to. Returns `None` if the page has no URL of its own.
pub fn page_of_form(path: &str) -> Option<&str> {
    let asks_itself = path.starts_with("/connections/").then_some(path);
    path.strip_suffix("/link").filter(|page| page.starts_with(CONNECTORS)).or(asks_itself)
}

pub fn style(hash: &str) -> String {
    STYLE.replace("{hash}", hash)
}

pub fn connector(connector: &ConnectorId) -> String {
    format!("{CONNECTORS}/{}", segment(connector.as_str()))
}

pub fn category(name: &str) -> String {
    format!("{CONNECTORS}?category={}", segment(name))
}

pub fn link(connector: &ConnectorId) -> String {
    format!("{CONNECTORS}/{}/link", segment(connector.as_str()))
}

pub fn icon(connector: &ConnectorId) -> String {
    format!("/icons/{}", segment(connector.as_str()))
}

pub fn callback(state: &str) -> String {
    format!("/callback/{}", segment(state))
}

pub fn attempt(attempt: AttemptId) -> String {
    format!("/attempts/{attempt}")
}

/// The long poll of an attempt's page, up to 20 seconds. `phase` is what the page already shows.
pub fn attempt_status(attempt: AttemptId, phase: &str) -> String {
    format!("/attempts/{attempt}/status?wait=20&phase={phase}")
}

/// Query parameter of a status request from a frame, where the host's confirmation happens in another window.
pub const FRAMED: &str = "framed";

pub fn attempt_status_in_frame(attempt: AttemptId, phase: &str) -> String {
    format!("{}&{FRAMED}=1", attempt_status(attempt, phase))
}

/// Where a frame asks for an attempt that began since its page was rendered.
pub fn opened(connector: &ConnectorId, since: OffsetDateTime) -> String {
    format!("{CONNECTORS}/{}/opened?since={}", segment(connector.as_str()), to_millis(since))
}

/// The page of a closed window. Without a session it is told that it is shown in a frame.
pub fn window_closed(display: Display) -> String {
    if display == Display::Frame { format!("{WINDOW_CLOSE}?{DISPLAY}={display}") } else { WINDOW_CLOSE.to_owned() }
}

pub fn attempt_answer(attempt: AttemptId) -> String {
    format!("/attempts/{attempt}/answer")
}

/// The confirmation page of a disconnection, and later its outcome.
pub fn disconnect(credential: &CredentialId) -> String {
    format!("/connections/{}/disconnect", segment(credential.as_str()))
}

fn segment(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, SEGMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_link_keeps_path_and_query() {
        assert_eq!(in_language("/connectors", "", "de").as_deref(), Some("/connectors?language=de"));
        let again = in_language("/connectors", "q=sl&language=en&category=x", "ar");
        assert_eq!(again.as_deref(), Some("/connectors?q=sl&category=x&language=ar"));
        for path in ["/callback/secret", "//evil.example/x", "/\\evil.example", "evil.example"] {
            assert_eq!(in_language(path, "", "de"), None, "{path}");
        }
        assert_eq!(page_of_form("/connectors/slack/link"), Some("/connectors/slack"));
        assert_eq!(page_of_form("/attempts/1/answer"), None);
    }

    #[test]
    fn slashes_around_a_state_are_removed() {
        for path in ["/callback/s/", "/callback/s//", "/callback//s", "//callback/s", "///callback///s///"] {
            assert_eq!(callback_without_slashes(path).as_deref(), Some("/callback/s"), "{path}");
        }
        let encoded = callback_without_slashes("/callback/s/%3Ferror=access_denied");
        assert_eq!(encoded.as_deref(), Some("/callback/s%3Ferror=access_denied"));
        for other in
            ["/callback/s", "/callback/", "/callback//", "/callback", "/callback/s/t", "/callback/s/t/", "/connectors/"]
        {
            assert_eq!(callback_without_slashes(other), None, "{other}");
        }
    }

    #[test]
    fn paths_of_the_api_are_recognised_with_slashes_too_many() {
        for path in ["/api/v1", "//api/v1/users", "/api//v1/users", "///api///v1//"] {
            assert!(is_api(path), "{path}");
        }
        for path in ["/api", "/api/v2/users", "/connectors/api/v1", "/", "", "/apiv1"] {
            assert!(!is_api(path), "{path}");
        }
    }

    #[test]
    fn ids_cannot_leave_their_segment() {
        assert_eq!(segment("../a?b#c%d").to_string(), "..%2Fa%3Fb%23c%25d");
    }
}
