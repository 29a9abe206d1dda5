//! An upstream that answers with what it was sent: our key, the state in the redirect address, what people typed.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

/// The statuses that a start is refused with, in turn.
pub(super) const STATUSES: [u16; 9] = [400, 401, 404, 409, 422, 429, 500, 302, 200];

/// How many ways there are to say what was sent.
pub(super) const WAYS: usize = 8;

/// Which status comes next, and in which way.
#[derive(Clone, Default)]
pub(super) struct EchoUpstream(Arc<AtomicUsize>);

impl EchoUpstream {
    /// Listens, and gives its address.
    pub(super) async fn start() -> (MockServer, Self) {
        let (server, echo) = (MockServer::start().await, Self::default());
        Mock::given(any()).respond_with(echo.clone()).mount(&server).await;
        (server, echo)
    }

    pub(super) fn says(&self, status: usize, way: usize) {
        self.0.store(status * WAYS + way, Ordering::SeqCst);
    }

    fn repeat(&self, request: &Request) -> ResponseTemplate {
        let number = self.0.load(Ordering::SeqCst);
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let key = request.headers["authorization"].to_str().unwrap().trim_start_matches("Bearer ");
        let redirect = body["redirectUri"].as_str().unwrap_or_default();
        let state = redirect.rsplit('/').next().unwrap_or_default();
        let typed = body["data"]["token"].as_str().unwrap_or_default();
        let all = format!("{key} {redirect} {typed}");
        let said = match number % WAYS {
            0 => json!({ "message": format!("{typed} is no such key: {key}") }).to_string(),
            1 => json!({ "error": { "code": key, "message": redirect } }).to_string(),
            2 => json!({ "code": state, "message": format!("token={typed}") }).to_string(),
            3 => format!("{{\"message\":\"{}\"", redirect.replace('/', "\\/")),
            4 => STANDARD.encode(all),
            5 => utf8_percent_encode(&all, NON_ALPHANUMERIC).to_string(),
            6 => format!("{typed}\r\n{{\"level\":\"INFO\",\"message\":\"forged {state}\"}}\u{1b}[31m"),
            _ => format!("<pre>Cannot POST {redirect} {key}</pre>"),
        };
        // What is no time is waited for a second: once is enough.
        let wait = if number.is_multiple_of(WAYS) { key } else { "0" };
        ResponseTemplate::new(STATUSES[number / WAYS % STATUSES.len()])
            .insert_header("location", format!("http://127.0.0.1:1/{state}").as_str())
            .insert_header("retry-after", wait)
            .set_body_string(said)
    }
}

impl Respond for EchoUpstream {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let way = |kind: &str, data: Value| {
            let properties = json!({ "userId": { "type": "string" }, "data": data });
            json!({ "metadata": [{ "authenticationType": kind, "inputSchema": { "properties": properties } }] })
        };
        let answer = match (request.method.as_str(), request.url.path()) {
            ("POST", "/users") => json!({ "userId": "5eba51a03fe9631316668514", "username": "gangway-jane" }),
            ("POST", _) => return self.repeat(request),
            (_, "/connectors") => json!({ "connectors": [{ "id": "slack" }, { "id": "shippo" }] }),
            (_, "/connectors/slack/credentials/metadata") => way("oauth2", json!({})),
            (_, "/connectors/shippo/credentials/metadata") => {
                way("bearer", json!({ "properties": { "token": { "type": "string" } } }))
            }
            _ => json!({ "data": [] }),
        };
        ResponseTemplate::new(200).set_body_json(answer)
    }
}
