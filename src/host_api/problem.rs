//! Failures of the API, as RFC 9457 writes them.

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;
use thiserror::Error;

use crate::{link::Reference, problem::Problem, store::StoreError};

/// A failure that the host's server is told of. `kind` stays stable; the texts may change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{title}{}", listed(.errors))]
pub struct ApiProblem {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    errors: Vec<FieldError>,
    wait: Option<u64>,
}

/// One field that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct FieldError {
    /// Which, as a path such as `user.id`.
    pub field: String,
    /// What is wanted.
    pub detail: String,
}

fn listed(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!(" {}: {}", error.field, error.detail)).collect()
}

#[derive(Serialize)]
struct Wire<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    reference: String,
}

impl ApiProblem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str) -> Self {
        Self { status, kind, title, errors: Vec::new(), wait: None }
    }

    /// 401: no key, or none of the host's.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "The API key is missing or unknown.")
    }

    /// 404: nothing of that id.
    pub fn not_found(title: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", title)
    }

    /// 409: there is no `webhook.url`, so that nothing can be sent.
    pub fn no_receiver() -> Self {
        Self::new(StatusCode::CONFLICT, "no-receiver", "No webhook.url is set, so that no event can be sent.")
    }

    /// 422: a field is not as it should be.
    pub fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut problem =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-field", "A field is missing or not allowed.");
        problem.errors.push(FieldError { field: field.into(), detail: detail.into() });
        problem
    }

    /// 422: the `Idempotency-Key` was used for something else.
    pub fn key_reused() -> Self {
        let title = "This Idempotency-Key came with another body before.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused", title)
    }

    /// 503: Alloy does not answer, so nobody knows.
    pub fn upstream() -> Self {
        let title = "Alloy does not answer at the moment. Try again later.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "upstream-unavailable", title)
    }

    /// Whether whoever asked has to ask for something else, and not later.
    pub fn is_callers_mistake(&self) -> bool {
        self.status.is_client_error()
    }

    /// Its name: it stays the same, whatever the texts say.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The body, with the reference under which the log has the request.
    pub fn to_json(&self, reference: Reference) -> String {
        let wire = Wire {
            r#type: format!("urn:gangway:problem:{}", self.kind),
            title: self.title,
            status: self.status.as_u16(),
            errors: &self.errors,
            reference: reference.to_string(),
        };
        serde_json::to_string(&wire).unwrap_or_default()
    }
}

impl From<Problem> for ApiProblem {
    fn from(problem: Problem) -> Self {
        let (kind, title) = match problem {
            Problem::MethodNotAllowed(_) => ("method-not-allowed", "This address does not know that method."),
            Problem::TooMany { .. } => ("too-many-requests", "Too many requests. Wait as long as Retry-After says."),
            Problem::TooLarge => ("too-large", "The body is larger than 16 KiB."),
            Problem::AddressTooLong => ("address-too-long", "The address is longer than 4 KiB."),
            Problem::TooSlow => ("too-slow", "The body did not come within 8 seconds."),
            Problem::UnsupportedType => ("unsupported-type", "The body must be application/json."),
            Problem::Malformed => ("malformed", "The body is not valid JSON."),
            Problem::Upstream => return Self::upstream(),
            Problem::Store => ("store-unavailable", "The store does not answer at the moment. Try again later."),
            Problem::NotFound
            | Problem::UnknownReturn
            | Problem::PageExpired
            | Problem::SessionOver
            | Problem::NoCookie
            | Problem::StaleForm
            | Problem::CrossSite => ("not-found", "Nothing is at this address."),
            Problem::Internal => ("internal", "Something failed on our side."),
        };
        let wait = if let Problem::TooMany { seconds } = problem { Some(seconds) } else { None };
        Self { wait, ..Self::new(problem.status(), kind, title) }
    }
}

impl From<StoreError> for ApiProblem {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl ResponseError for ApiProblem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    /// The bare response: `middleware::problem_page` writes the document, with the reference.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(seconds) = self.wait {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(self.clone());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_field_is_named_in_words_for_the_command_line() {
        let problem = ApiProblem::field("user.name", "1 to 200 printable characters.");
        assert_eq!(problem.to_string(), "A field is missing or not allowed. user.name: 1 to 200 printable characters.");
    }
}
