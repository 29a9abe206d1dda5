//! Every URL, and the functions that build them: the table of contents.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::{
    attempt::AttemptId,
    connection::CredentialId,
    connector::{AuthenticationType, ConnectorId},
    session::StartCode,
};

/// What stays as it is in a path segment (RFC 3986 section 2.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `/`, which leads to the choice.
pub const ROOT: &str = "/";
/// Arrive: whom this is for, and the apps to choose from.
pub const START: &str = "/start";
/// Choose: the catalogue.
pub const CONNECTORS: &str = "/connectors";
/// One app: what it is for, its form, its connections.
pub const CONNECTOR: &str = "/connectors/{connector}";
/// Start: the attempt begins.
pub const LINK: &str = "/connectors/{connector}/link";
/// An app's picture, served by us.
pub const ICON: &str = "/icons/{connector}";
/// Callback: the browser's return.
pub const CALLBACK: &str = "/callback/{state}";
/// How every return's path begins.
pub const CALLBACK_PREFIX: &str = "/callback/";
/// Confirm, and every end of the attempt.
pub const ATTEMPT: &str = "/attempts/{attempt}";
/// The same for a script: answers when something changed.
pub const ATTEMPT_STATUS: &str = "/attempts/{attempt}/status";
/// What the user says that they saw.
pub const ATTEMPT_ANSWER: &str = "/attempts/{attempt}/answer";
/// More time on the page.
pub const SESSION_EXTEND: &str = "/session/extend";
/// A fresh link for the same user, to open in a browser of its own.
pub const SESSION_BROWSER: &str = "/session/browser";
/// Disconnect: asks first, and tells what came of it.
pub const DISCONNECT: &str = "/connections/{credential}/disconnect";
/// Leave.
pub const SESSION_END: &str = "/session/end";
/// What a kind of problem of the API means: the `type` of RFC 9457.
pub const PROBLEM: &str = "/problems/{kind}";
/// Our own files, by name and hash.
pub const ASSET: &str = "/static/{file}";
/// Our stylesheet with the host's colour in it, by its hash.
pub const STYLE: &str = "/brand/{hash}.css";
/// The host's logo.
pub const LOGO: &str = "/brand/logo";

/// The host's API.
pub mod api {
    /// Where it begins.
    pub const PREFIX: &str = "/api/v1";
    /// Its own description.
    pub const OPENAPI: &str = "/api/v1/openapi.json";
    /// A session is made.
    pub const CONNECT_SESSIONS: &str = "/api/v1/connect-sessions";
    /// One session, to read and to end.
    pub const CONNECT_SESSION: &str = "/api/v1/connect-sessions/{session}";
    /// The code that a browser brought back is redeemed.
    pub const COMPLETE: &str = "/api/v1/link-attempts/complete";
    /// Attempts by the page.
    pub const LINK_ATTEMPTS: &str = "/api/v1/link-attempts";
    /// One attempt.
    pub const LINK_ATTEMPT: &str = "/api/v1/link-attempts/{attempt}";
    /// One user, to forget.
    pub const USER: &str = "/api/v1/users/{user}";
    /// What a user has connected.
    pub const CONNECTIONS: &str = "/api/v1/users/{user}/connections";
    /// One of them, to take away.
    pub const CONNECTION: &str = "/api/v1/users/{user}/connections/{credential}";
    /// What became of the host's events.
    pub const WEBHOOK_DELIVERIES: &str = "/api/v1/webhook-deliveries";
    /// An event is sent to try the receiver.
    pub const WEBHOOK_TEST: &str = "/api/v1/webhook-deliveries/test";
    /// An event is sent again.
    pub const WEBHOOK_REPLAY: &str = "/api/v1/webhook-deliveries/{event}/replay";
}

/// On the admin listener only.
pub mod admin {
    /// The process answers.
    pub const HEALTH: &str = "/healthz";
    /// The store can be reached, and we do not stop.
    pub const READY: &str = "/readyz";
    /// What was counted, for Prometheus.
    pub const METRICS: &str = "/metrics";
}

/// The start page with a code: the one address that carries one.
pub fn start(code: &StartCode) -> String {
    format!("{START}?code={}", segment(code.expose()))
}

/// The start page's way out of a browser that is built into another app.
pub fn start_elsewhere(code: &StartCode) -> String {
    format!("{}&{BROWSER}=1", start(code))
}

/// The query key that asks for that way out.
pub const BROWSER: &str = "browser";

/// The query key by which an address says in which language it is to be read.
pub const LANGUAGE: &str = "language";

/// The address of a page in another language, for a page that was asked for by GET at that path with that query;
/// `None` for a return, which must not be asked for once more.
pub fn in_language(path: &str, query: &str, tag: &str) -> Option<String> {
    if path.starts_with(CALLBACK_PREFIX) {
        return None;
    }
    let key = format!("{LANGUAGE}=");
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&key));
    let pairs: Vec<&str> = kept.collect();
    let joint = if pairs.is_empty() { "" } else { "&" };
    Some(format!("{path}?{}{joint}{key}{tag}", pairs.join("&")))
}

/// Whether people read what is at that path in their language: files, pictures and the host's API have none.
pub fn is_read(path: &str) -> bool {
    !["/static/", "/brand/", "/icons/", "/problems/", api::PREFIX].iter().any(|unread| path.starts_with(unread))
}

/// What a kind of problem means.
pub fn problem(kind: &str) -> String {
    format!("/problems/{kind}")
}

/// The page to which a form of ours belongs that was posted there, if it has an address of its own.
pub fn page_of_form(path: &str) -> Option<&str> {
    let asks_itself = path.starts_with("/connections/").then_some(path);
    path.strip_suffix("/link").filter(|page| page.starts_with(CONNECTORS)).or(asks_itself)
}

/// The stylesheet of that hash.
pub fn style(hash: &str) -> String {
    STYLE.replace("{hash}", hash)
}

/// The query key by which an address says that the browser has just arrived.
pub const ARRIVED: &str = "arrived";

/// An address of ours, for a browser that has just arrived.
pub fn mark_first_visit(path: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{ARRIVED}=1")
}

/// The same URL without the mark, as [`mark_first_visit`] put it there; `None` where it is not.
pub fn without_mark(path: &str, query: &str) -> Option<String> {
    let mark = format!("{ARRIVED}=1");
    let marked = query.split('&').any(|pair| pair == mark);
    // Only these paths are marked. Others could be read as URLs of another site.
    let ours = path.strip_prefix(CONNECTORS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let kept: Vec<&str> = query.split('&').filter(|pair| *pair != mark).collect();
    let joint = if kept.is_empty() { "" } else { "?" };
    (marked && ours).then(|| format!("{path}{joint}{}", kept.join("&")))
}

/// One app's page.
pub fn connector(connector: &ConnectorId) -> String {
    format!("{CONNECTORS}/{}", segment(connector.as_str()))
}

/// One app's page, to make that connection anew.
pub fn reconnect(connector: &ConnectorId, replaces: &CredentialId) -> String {
    format!("{}?replaces={}", self::connector(connector), segment(replaces.as_str()))
}

/// One app's page in one way of signing in.
pub fn connector_by(connector: &ConnectorId, method: &AuthenticationType, replaces: Option<&CredentialId>) -> String {
    let replaces = replaces.map(|id| format!("&replaces={}", segment(id.as_str()))).unwrap_or_default();
    format!("{}?method={}{replaces}", self::connector(connector), segment(method.as_str()))
}

/// One app's page, past the accounts that are connected already.
pub fn another(connector: &ConnectorId) -> String {
    format!("{}?another=1", self::connector(connector))
}

/// The catalogue, narrowed to one category.
pub fn category(name: &str) -> String {
    format!("{CONNECTORS}?category={}", segment(name))
}

/// Where an app's form goes.
pub fn link(connector: &ConnectorId) -> String {
    format!("{CONNECTORS}/{}/link", segment(connector.as_str()))
}

/// An app's picture.
pub fn icon(connector: &ConnectorId) -> String {
    format!("/icons/{}", segment(connector.as_str()))
}

/// Where the provider sends the browser back to.
pub fn callback(state: &str) -> String {
    format!("/callback/{}", segment(state))
}

/// An attempt's page.
pub fn attempt(attempt: AttemptId) -> String {
    format!("/attempts/{attempt}")
}

/// An attempt's page, for a script: held up to 20 seconds. The page tells what it shows already.
pub fn attempt_status(attempt: AttemptId, phase: &str) -> String {
    format!("/attempts/{attempt}/status?wait=20&phase={phase}")
}

/// Where the user's answer goes.
pub fn attempt_answer(attempt: AttemptId) -> String {
    format!("/attempts/{attempt}/answer")
}

/// Where a connection is disconnected: the question, and afterwards what came of it.
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
    fn mark_of_first_visit_is_removed() {
        for address in ["/connectors", "/connectors/slack?replaces=67a3&another=1"] {
            let marked = mark_first_visit(address);
            let (path, query) = marked.split_once('?').unwrap();
            assert_eq!(without_mark(path, query).as_deref(), Some(address));
        }
        assert_eq!(without_mark("/connectors", "q=slack"), None);
        for path in ["//evil.example/x", "/\\evil.example", "/connectorsx", "/", "connectors"] {
            assert_eq!(without_mark(path, "arrived=1"), None, "{path}");
        }
    }

    #[test]
    fn language_link_keeps_path_and_query() {
        assert_eq!(in_language("/connectors", "", "de").as_deref(), Some("/connectors?language=de"));
        let again = in_language("/connectors", "q=sl&language=en&category=x", "ar");
        assert_eq!(again.as_deref(), Some("/connectors?q=sl&category=x&language=ar"));
        assert_eq!(in_language("/callback/secret", "", "de"), None);
        assert_eq!(page_of_form("/connectors/slack/link"), Some("/connectors/slack"));
        assert_eq!(page_of_form("/attempts/1/answer"), None);
    }

    #[test]
    fn ids_cannot_leave_their_segment() {
        assert_eq!(segment("../a?b#c%d").to_string(), "..%2Fa%3Fb%23c%25d");
    }
}
