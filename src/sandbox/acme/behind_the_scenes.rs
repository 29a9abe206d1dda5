//! The drawer that shows an integrator the calls between this server, Gangway and Alloy.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use actix_web::web::Bytes;
use reqwest::{Method, Request, StatusCode};
use serde_json::Value;

use super::accounts::User;

/// Maximum number of calls for each user.
const MAX_CALLS: usize = 20;
/// Maximum length of a response, in characters.
const MAX_CHARACTERS: usize = 20_000;
/// Replaces each secret.
const MASK: &str = "••••••••";

/// The last calls for each user, the newest first.
#[derive(Default)]
pub(crate) struct Drawer(Mutex<HashMap<&'static str, VecDeque<Call>>>);

impl Drawer {
    pub(crate) fn add(&self, user: &User, call: Call) {
        let mut drawer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = drawer.entry(user.id).or_default();
        calls.push_front(call);
        calls.truncate(MAX_CALLS);
    }

    pub(crate) fn calls(&self, user: &User) -> Vec<Call> {
        let drawer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drawer.get(user.id).into_iter().flatten().cloned().collect()
    }
}

/// A call and its response, without API key, one-time codes and links.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) curl: String,
    /// `None` without a response.
    pub(crate) status: Option<u16>,
    pub(crate) answer: String,
    pub(crate) milliseconds: u128,
}

impl Call {
    /// Records a request. `key` is the name of the variable that stands for its API key.
    pub(crate) fn begin(request: &Request, key: &str) -> PendingCall {
        let call = Self {
            method: request.method().to_string(),
            path: request.url().path().to_owned(),
            curl: curl(request, key),
            status: None,
            answer: "No answer.".to_owned(),
            milliseconds: 0,
        };
        PendingCall { call, at: Instant::now() }
    }

    /// Records an event of Gangway that was accepted.
    pub(crate) fn received(path: &str, id: &str, body: &[u8]) -> Self {
        Self {
            method: "POST".to_owned(),
            path: path.to_owned(),
            curl: format!("webhook-id: {id}\n\n{}", readable(body)),
            status: Some(204),
            answer: "Gangway told this to Acme Notes, and its signature is right.".to_owned(),
            milliseconds: 0,
        }
    }

    pub(crate) fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

pub(crate) struct PendingCall {
    call: Call,
    at: Instant,
}

impl PendingCall {
    /// Records the response.
    pub(crate) fn end(mut self, answer: &Result<(StatusCode, Bytes), reqwest::Error>) -> Call {
        self.call.milliseconds = self.at.elapsed().as_millis();
        if let Ok((status, body)) = answer {
            self.call.status = Some(status.as_u16());
            self.call.answer = if *status == StatusCode::NO_CONTENT { String::new() } else { readable(body) };
        }
        self.call
    }
}

/// The request as a curl command, with the API key in a variable.
fn curl(request: &Request, key: &str) -> String {
    let verb = if request.method() == Method::GET { String::new() } else { format!("-X {} ", request.method()) };
    let mut lines = vec![format!("curl {verb}'{}'", request.url()), format!("-H \"Authorization: Bearer ${key}\"")];
    let own = request.headers().iter().filter(|(name, _)| name.as_str().starts_with("x-"));
    lines.extend(own.filter_map(|(name, value)| Some(format!("-H '{name}: {}'", value.to_str().ok()?))));
    if let Some(body) = request.body().and_then(|body| body.as_bytes()) {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d '{}'", readable(body).replace('\'', r"'\''")));
    }
    lines.join(" \\\n  ")
}

/// Indented JSON with its secrets masked. Other bodies are not shown, because they may hold secrets.
fn readable(body: &[u8]) -> String {
    let Ok(mut json) = serde_json::from_slice::<Value>(body) else {
        return format!("{} bytes that are no JSON.", body.len());
    };
    mask(&mut json);
    format!("{json:#}").chars().take(MAX_CHARACTERS).collect()
}

fn mask(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("start_code" | "url" | "watch" | "completion", value) => *value = MASK.into(),
                    (_, value) => mask(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shown_command_survives_a_quote_and_holds_no_key() {
        let request = reqwest::Client::new()
            .post("http://localhost:3000/api/v1/connect-sessions")
            .bearer_auth("the-key")
            .json(&serde_json::json!({"name": "Conan O'Brien"}))
            .build()
            .unwrap();
        let shown = curl(&request, "GANGWAY_API_KEY");
        assert!(shown.contains(r"O'\''Brien"), "{shown}");
        assert!(shown.contains("$GANGWAY_API_KEY") && !shown.contains("the-key"), "{shown}");
    }

    #[test]
    fn secrets_are_masked_at_any_depth() {
        let shown = readable(br#"{"a":[{"start_code":"sekret","url":"http://x/start?code=sekret","id":"kept"}]}"#);
        assert!(!shown.contains("sekret") && shown.contains("kept"), "{shown}");
    }
}
