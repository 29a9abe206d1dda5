//! Failures of the API, as problem documents (RFC 9457).

mod kind;

use actix_web::{
    HttpResponse, ResponseError,
    dev::Extensions,
    http::{StatusCode, header},
};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;

use crate::{
    domain::{attempt::Reference, error},
    store::StoreError,
    web::{
        Site,
        middleware::problem_page::ProblemDocument,
        problem::{Problem, log},
        routes,
    },
};

pub use kind::Kind;

/// A failure that is reported to the host's server. Its kind is stable; the texts may change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{}", .kind.title(), listed(.errors))]
pub(crate) struct ApiProblem {
    kind: Kind,
    detail: Option<&'static str>,
    errors: Vec<FieldError>,
    wait: Option<u64>,
    /// The cause, logged when the response is created.
    failure: Option<error::Error>,
}

/// One field that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct FieldError {
    /// Which, as a path such as `user.id`; or a query key, or a header.
    pub(crate) field: String,
    /// What is wanted.
    pub(crate) detail: String,
}

fn listed(errors: &[FieldError]) -> String {
    errors.iter().map(|error| format!(" {}: {}", error.field, error.detail)).collect()
}

/// A failure (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Wire<'a> {
    /// What kind of failure it is: an address that stays, with a page there that explains it.
    #[schema(format = "uri")]
    r#type: String,
    /// What happened, in a few words.
    title: &'a str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is particular to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<&'a str>,
    /// What is not as it should be, one by one.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    #[schema(required = false)]
    errors: &'a [FieldError],
    /// Under this the log has the request.
    reference: String,
}

impl From<Kind> for ApiProblem {
    fn from(kind: Kind) -> Self {
        Self { kind, detail: None, errors: Vec::new(), wait: None, failure: None }
    }
}

impl ApiProblem {
    /// 404: the id is unknown.
    pub(crate) fn not_found(detail: &'static str) -> Self {
        Self { detail: Some(detail), ..Kind::NotFound.into() }
    }

    /// 422: a field is invalid.
    pub(crate) fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let error = FieldError { field: field.into(), detail: detail.into() };
        Self { errors: vec![error], ..Kind::InvalidField.into() }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The body, with the URL that explains the problem, and the reference of the request in the log.
    pub(crate) fn to_json(&self, address: String, reference: Reference) -> String {
        let wire = Wire {
            r#type: address,
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: self.detail,
            errors: &self.errors,
            reference: reference.to_string(),
        };
        serde_json::to_string(&wire).unwrap_or_default()
    }
}

/// The problem document of a failed response, from the [`ApiProblem`] in its extensions or else from the problem.
pub(crate) fn problem_document(
    site: &Site,
    extensions: &Extensions,
    problem: &Problem,
    reference: Reference,
) -> ProblemDocument {
    let problem = extensions.get::<ApiProblem>().cloned().unwrap_or_else(|| problem.clone().into());
    let (kind, status) = (problem.kind.name(), problem.kind.status());
    ProblemDocument { kind, status, json: problem.to_json(site.public(&routes::problem(kind)), reference) }
}

impl From<Problem> for ApiProblem {
    fn from(problem: Problem) -> Self {
        let kind = match problem {
            Problem::MethodNotAllowed(_) => Kind::MethodNotAllowed,
            Problem::TooMany { seconds } => return Self { wait: Some(seconds), ..Kind::TooManyRequests.into() },
            Problem::TooLarge => Kind::TooLarge,
            Problem::AddressTooLong => Kind::AddressTooLong,
            Problem::TooSlow => Kind::TooSlow,
            Problem::UnsupportedType => Kind::UnsupportedType,
            Problem::Malformed => Kind::Malformed,
            Problem::ConnectionsUnknown => Kind::ConnectionsUnknown,
            Problem::UserConflict => Kind::UserConflict,
            Problem::NotFound
            | Problem::UnknownReturn
            | Problem::PageExpired
            | Problem::SessionOver
            | Problem::NoCookie
            | Problem::StaleForm
            | Problem::CrossSite
            | Problem::OtherAddress { .. } => Kind::NotFound,
            Problem::Failed(failure) => {
                let kind = kind_of(&failure);
                return Self { failure: Some(failure), ..kind.into() };
            }
            Problem::Internal => Kind::Internal,
        };
        kind.into()
    }
}

fn kind_of(failure: &error::Error) -> Kind {
    match failure {
        failure if failure.is_upstream() => Kind::UpstreamUnavailable,
        error::Error::StoreBusy(_) | error::Error::HostKeysUnavailable => Kind::StoreUnavailable,
        _ => Kind::Internal,
    }
}

impl From<error::Error> for ApiProblem {
    fn from(error: error::Error) -> Self {
        Problem::from(error).into()
    }
}

impl From<StoreError> for ApiProblem {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl ResponseError for ApiProblem {
    fn status_code(&self) -> StatusCode {
        self.kind.status()
    }

    /// The bare response: `middleware::problem_page` writes the document, with the reference.
    fn error_response(&self) -> HttpResponse {
        if let Some(failure) = &self.failure {
            log(failure);
        }
        let mut response = HttpResponse::build(self.kind.status());
        if self.kind.status() == StatusCode::UNAUTHORIZED {
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
