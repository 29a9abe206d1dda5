//! One root span per request, with the route's pattern and never the address itself: a path may hold a state, a query
//! a code.

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
};
use tracing::{Span, field::Empty};
use tracing_actix_web::{RequestId, RootSpanBuilder};

use crate::domain::attempt::Reference;

/// Builds the span of a request and writes its one line at the end.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let reference = reference(request.request());
        tracing::info_span!(
            "request",
            method = %request.method(),
            route = request.match_pattern().as_deref().unwrap_or("none"),
            reference = %reference,
            status = Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
        span.in_scope(|| tracing::info!("answered"));
    }
}

/// The number that a problem page shows, and under which the log has the request.
pub fn reference(request: &HttpRequest) -> Reference {
    let id = request.extensions().get::<RequestId>().map(|id| **id);
    Reference::of(id.unwrap_or_default())
}
