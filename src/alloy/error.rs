//! Errors of calls to Alloy, read from the many formats of its error bodies.

use std::{fmt, time::Duration};

use serde_json::Value;
use thiserror::Error;

use super::{UnsafeLink, convert};
use crate::{
    domain::{error, text},
    runtime::net::innermost,
};

/// A refusal in the vendor's words, for the log only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status, 400 to 499.
    pub status: u16,
    /// The vendor's code, such as `INVALID_INPUT`.
    pub code: Option<String>,
    /// The vendor's message: tidied, cut, and without possible secrets.
    pub message: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "status {}", self.status)?;
        if let Some(code) = &self.code {
            write!(out, ", {code}")?;
        }
        if let Some(message) = &self.message {
            write!(out, ": {message}")?;
        }
        Ok(())
    }
}

/// Errors of a call to Alloy. Their texts contain no URL and no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AlloyError {
    /// The call does not exist: an older Alloy, or a wrong `alloy.api_version`.
    #[error("Alloy does not serve this call")]
    NotServed,
    /// `alloy.api_key` is refused (401, 403).
    #[error("Alloy refuses alloy.api_key with status {0}")]
    KeyRefused(u16),
    /// Another 4xx.
    #[error("Alloy refuses the call: {0}")]
    Refused(Refusal),
    /// Too many calls (429).
    #[error("Alloy asks us to slow down")]
    RateLimited {
        /// Requested wait, at most five minutes.
        retry_after: Option<Duration>,
    },
    /// No connection, a timeout, or a 5xx.
    #[error("Alloy is not available: {cause}")]
    Unavailable {
        /// The cause.
        cause: String,
        /// The 5xx, if there was a response.
        status: Option<u16>,
        /// Whether Alloy may have executed the call nevertheless.
        may_have_succeeded: bool,
    },
    /// The response is too large.
    #[error("Alloy's answer is too large")]
    TooLarge,
    /// The response was not read, because too many long ones are being read.
    #[error("too many long answers of Alloy are being read")]
    NoRoom,
    /// The response is unusable.
    #[error("Alloy answers nonsense: {0}")]
    Malformed(&'static str),
    /// The returned user has another name.
    #[error("Alloy answers with a user of another name")]
    ForeignUser,
    /// The authorization URL is unsafe.
    #[error("Alloy gives a link that no browser may be sent to: {0}")]
    UnsafeLink(#[from] UnsafeLink),
}

/// Maximum wait; a longer one is shortened.
pub(super) const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);

impl From<AlloyError> for error::Error {
    fn from(error: AlloyError) -> Self {
        Self::Upstream(error.to_string())
    }
}

impl AlloyError {
    /// Whether Alloy may have executed the call. A key must not be sent again then; it may be in the user's list.
    pub fn may_have_succeeded(&self) -> bool {
        match self {
            Self::NotServed | Self::KeyRefused(_) | Self::Refused(_) | Self::RateLimited { .. } => false,
            Self::Unavailable { may_have_succeeded, .. } => *may_have_succeeded,
            Self::TooLarge | Self::NoRoom | Self::Malformed(_) | Self::ForeignUser | Self::UnsafeLink(_) => true,
        }
    }

    pub(super) fn not_sent(cause: &str) -> Self {
        Self::Unavailable { cause: cause.to_owned(), status: None, may_have_succeeded: false }
    }

    pub(crate) fn from_response(status: u16, body: &[u8], retry_after: Option<Duration>) -> Self {
        let said = ErrorBody::read(body);
        match status {
            401 | 403 => Self::KeyRefused(status),
            405 | 501 => Self::NotServed,
            404 if said.no_such_route => Self::NotServed,
            429 => Self::RateLimited { retry_after: retry_after.map(|wait| wait.min(MAX_RETRY_AFTER)) },
            400..=499 => Self::Refused(Refusal { status, code: said.code, message: said.message }),
            500..=599 => {
                Self::Unavailable { cause: format!("status {status}"), status: Some(status), may_have_succeeded: true }
            }
            300..=399 => Self::Malformed("a redirect"),
            _ => Self::Malformed("an odd status"),
        }
    }

    /// A provider's refusals have the same statuses: only the documented form of a 401 or 403 is about our key.
    pub(super) fn from_proxied_response(status: u16, body: &[u8], retry_after: Option<Duration>) -> Self {
        let ErrorBody { code, message, .. } = ErrorBody::read(body);
        let ours = message.as_deref() == Some("Invalid Authorization");
        match status {
            401 | 403 if !ours => Self::Refused(Refusal { status, code, message }),
            _ => Self::from_response(status, body, retry_after),
        }
    }

    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let may_have_succeeded = !error.is_connect() && !error.is_builder();
        let cause = if error.is_timeout() {
            "no answer in time".to_owned()
        } else {
            prose(&text::tidy(&innermost(&error).to_string(), 200))
        };
        Self::Unavailable { cause, status: None, may_have_succeeded }
    }
}

#[derive(Default)]
struct ErrorBody {
    code: Option<String>,
    message: Option<String>,
    /// The body is a page, empty, "Cannot GET …", or JSON of another form than the vendor's: no endpoint answered.
    no_such_route: bool,
}

impl ErrorBody {
    /// Reads `error.code` and `error.message`, then `code`, `message`, and `error` as a text.
    fn read(body: &[u8]) -> Self {
        let body = String::from_utf8_lossy(body);
        let body = body.trim();
        if body.is_empty() || body.starts_with('<') {
            return Self { no_such_route: true, ..Self::default() };
        }
        let (code, message) = match serde_json::from_str::<Value>(body) {
            Ok(Value::String(message)) => (None, Some(message)),
            Ok(json) => Self::fields(&json),
            Err(_) => (None, Some(body.to_owned())),
        };
        let is_foreign = code.is_none() && message.is_none();
        let no_such_route = is_foreign || message.as_deref().is_some_and(|message| message.starts_with("Cannot "));
        let code = code.filter(|code| is_code(code));
        let message = message.map(|message| prose(&text::tidy(&message, 200))).filter(|message| !message.is_empty());
        Self { code, message, no_such_route }
    }

    fn fields(json: &Value) -> (Option<String>, Option<String>) {
        let inner = json.get("error").filter(|error| error.is_object());
        let find = |name| inner.and_then(|inner| convert::text(inner, name)).or_else(|| convert::text(json, name));
        let code = find("code");
        let message = find("message").or_else(|| convert::text(json, "error"));
        (code.map(str::to_owned), message.map(str::to_owned))
    }
}

/// Keeps words of letters and small numbers only: an upstream may repeat our key or a URL with a state, even encoded.
fn prose(text: &str) -> String {
    let mut words: Vec<&str> = text.split(' ').map(|word| if is_plain(word) { word } else { LEFT_OUT }).collect();
    words.dedup_by(|next, word| next == word && *word == LEFT_OUT);
    words.join(" ")
}

const LEFT_OUT: &str = "(…)";

fn is_plain(word: &str) -> bool {
    let bare = word.trim_matches(|character: char| character.is_ascii_punctuation());
    // Field names are longer than most words: `authenticationType`, `data.shopName`.
    let letters = bare.len() <= 24 && bare.chars().all(|letter| letter.is_alphabetic() || letter == '.');
    let small_number = bare.len() <= 4 && bare.bytes().all(|digit| digit.is_ascii_digit());
    word.len() - bare.len() <= 4 && !word.contains("://") && (letters || small_number)
}

/// Whether the text has the form of the vendor's codes, such as `INVALID_INPUT`; anything else may be a secret.
fn is_code(text: &str) -> bool {
    text.len() <= 64
        && text
            .split('_')
            .all(|part| (1..=20).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &str) -> (Option<String>, Option<String>) {
        match AlloyError::from_response(400, body.as_bytes(), None) {
            AlloyError::Refused(Refusal { code, message, .. }) => (code, message),
            other => panic!("{other:?}"),
        }
    }

    fn said(code: &str, message: &str) -> (Option<String>, Option<String>) {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        (some(code), some(message))
    }

    #[test]
    fn every_documented_shape_is_understood_in_its_order() {
        assert_eq!(
            refusal(
                r#"{"error":{"source":"CONNECTIVITY_API","code":"INVALID_INPUT","message":"no","details":[]},"code":"X"}"#
            ),
            said("INVALID_INPUT", "no")
        );
        assert_eq!(
            refusal(r#"{"code":"AUTHENTICATION_NOT_FOUND","message":"none"}"#),
            said("AUTHENTICATION_NOT_FOUND", "none")
        );
        assert_eq!(refusal(r#"{"error":"Too Many Requests","message":"slow"}"#), said("", "slow"));
        assert_eq!(refusal(r#"{"error":"Bad Request"}"#), said("", "Bad Request"));
        assert_eq!(refusal(r#""userId must be a valid ID""#), said("", "userId must be a valid ID"));
        assert_eq!(refusal("userId must be a valid ID"), said("", "userId must be a valid ID"));
        assert_eq!(refusal("<html><title>Bad Request</title></html>"), said("", ""));
        assert_eq!(refusal(""), said("", ""));
        assert_eq!(refusal("[1,2]"), said("", ""));
    }

    #[test]
    fn a_route_that_is_not_there_is_told_from_a_thing_that_is_not_there() {
        for body in [
            "<pre>Cannot GET /connectors</pre>",
            r#"{"message":"Cannot GET /connectors","statusCode":404}"#,
            "",
            r#"{"type":"https://errors.test/#NO_PATH","title":"Route not resolved","status":404,"detail":"no such route"}"#,
            r#"{"detail":"Not Found"}"#,
            "[]",
        ] {
            assert_eq!(AlloyError::from_response(404, body.as_bytes(), None), AlloyError::NotServed, "{body}");
        }
        let missing = AlloyError::from_response(404, br#"{"code":"AUTHENTICATION_NOT_FOUND","message":"x"}"#, None);
        assert!(matches!(missing, AlloyError::Refused(Refusal { status: 404, .. })));
    }

    #[test]
    fn what_may_be_a_secret_does_not_get_into_the_message() {
        let (_, message) =
            refusal(r#"{"message":"redirectUri https://connect.acme.test/callback/SECRET is not allowed"}"#);
        assert_eq!(message.unwrap(), "redirectUri (…) is not allowed");
        // The beginning of an address, in a body that was cut.
        assert_eq!(refusal("\"https://").1.unwrap(), "(…)");
        for echoed in [
            r#"{"message":"no such key: sk_live_CANARY1"}"#,
            r#"{"error":{"code":"sk_live_CANARY1","message":"Bearer sk_live_CANARY1"}}"#,
            r#"{"error":{"code":"CANARY1","message":"c2tfbGl2ZV9DQU5BUlkx"}}"#,
            r#"{"redirectUri":"https:\/\/connect.acme.test\/callback\/CANARY1""#,
            "redirectUri=https%3A%2F%2Fconnect.acme.test%2Fcallback%2FCANARY1",
            "//connect.acme.test/callback/CANARY1 is not allowed",
            "<p>CANARY1</p>",
        ] {
            let (code, message) = refusal(echoed);
            let said = format!("{code:?} {message:?}");
            assert!(!said.contains("CANARY1") && !said.contains("c2tf"), "{echoed}: {said}");
        }
        assert_eq!(
            refusal("shopName must have at least 3 letters").1.unwrap(),
            "shopName must have at least 3 letters"
        );
    }

    #[test]
    fn only_what_alloy_cannot_have_done_is_said_to_be_not_done() {
        for status in [400, 401, 403, 404, 405, 409, 422, 429] {
            assert!(!AlloyError::from_response(status, b"{}", None).may_have_succeeded(), "{status}");
        }
        for status in [302, 500, 502, 503, 504] {
            assert!(AlloyError::from_response(status, b"", None).may_have_succeeded(), "{status}");
        }
    }

    #[test]
    fn an_absurd_wait_is_bounded() {
        let error = AlloyError::from_response(429, b"", Some(Duration::from_secs(u64::MAX)));
        assert_eq!(error, AlloyError::RateLimited { retry_after: Some(MAX_RETRY_AFTER) });
    }
}
