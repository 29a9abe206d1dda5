//! Responses of the API, before faults.

use actix_web::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) media_type: &'static str,
    pub(super) body: Bytes,
    /// `Retry-After`, in seconds.
    pub(super) retry_after: Option<u64>,
    pub(super) location: Option<String>,
}

impl Answer {
    /// JSON with status 200.
    pub(super) fn ok(body: &Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

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

    pub(super) fn html(status: StatusCode, body: String) -> Self {
        Self { status, media_type: "text/html; charset=utf-8", ..Self::ready(body.into()) }
    }

    /// The HTML 404 of an unknown path or version.
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
    pub(super) status: StatusCode,
    /// `INVALID_INPUT`, …
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) details: Vec<String>,
    /// Always the flat envelope `{"code","message"}`.
    pub(super) flat: bool,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: Vec::new(), flat: false }
    }

    /// 400.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "INVALID_INPUT", message)
    }

    /// 404.
    pub(super) fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// 409.
    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "ALREADY_EXISTS", message)
    }

    /// 404: unknown authentication type. Observed in the flat envelope only.
    pub(super) fn no_such_authentication() -> Self {
        let message = "The connector does not support this authentication type";
        Self { flat: true, ..Self::not_found("AUTHENTICATION_NOT_FOUND", message) }
    }

    /// The response, in the flat or nested envelope.
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
