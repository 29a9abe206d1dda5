//! What the API answers, before anything breaks it.

use actix_web::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

/// A status and a body.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: StatusCode,
    /// The body's media type.
    pub(super) media_type: &'static str,
    /// The body.
    pub(super) body: Bytes,
    /// `Retry-After`, in seconds.
    pub(super) retry_after: Option<u64>,
    /// `Location`
    pub(super) location: Option<String>,
}

impl Answer {
    /// JSON with status 200.
    pub(super) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// JSON that is ready.
    pub(super) fn ready(body: Bytes) -> Self {
        Self {
            status: StatusCode::OK,
            media_type: "application/json; charset=utf-8",
            body,
            retry_after: None,
            location: None,
        }
    }

    /// JSON with another status.
    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        Self { status, ..Self::ready(body.to_string().into()) }
    }

    /// An HTML page.
    pub(super) fn html(status: StatusCode, body: String) -> Self {
        Self { status, media_type: "text/html; charset=utf-8", ..Self::ready(body.into()) }
    }

    /// What a path answers that nobody serves, with this version of the API.
    pub(super) fn cannot(method: &str, path: &str) -> Self {
        let path = path.replace('&', "&amp;").replace('<', "&lt;");
        let body = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Error</title></head>\
             <body><pre>Cannot {method} {path}</pre></body></html>\n"
        );
        Self::html(StatusCode::NOT_FOUND, body)
    }
}

/// A failure of the API, in one of the shapes that it uses.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    /// The status.
    pub(super) status: StatusCode,
    /// `INVALID_INPUT`, …
    pub(super) code: &'static str,
    /// A sentence.
    pub(super) message: String,
    /// What in particular.
    pub(super) details: Vec<String>,
    /// Whether it is always `{"code","message"}`.
    pub(super) flat: bool,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: Vec::new(), flat: false }
    }

    /// 400: the request is wrong.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_INPUT", message)
    }

    /// 404: there is no such thing.
    pub(super) fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// 409: there is such a thing already.
    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "ALREADY_EXISTS", message)
    }

    /// 404: the connector cannot be signed in to in that way. Seen in the flat form only.
    pub(super) fn no_such_authentication() -> Self {
        let message = "The connector does not support this authentication type";
        Self { flat: true, ..Self::not_found("AUTHENTICATION_NOT_FOUND", message) }
    }

    /// The answer, in the flat envelope if that is asked for.
    pub(super) fn into_answer(self, flat: bool) -> Answer {
        let body = if flat || self.flat {
            json!({"code": self.code, "message": self.message})
        } else {
            json!({"error": {
                "source": "CONNECTIVITY_API",
                "code": self.code,
                "message": self.message,
                "details": self.details,
            }})
        };
        Answer::json(self.status, &body)
    }
}
