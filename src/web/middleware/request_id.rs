//! One root span per request. It has the route pattern, because a URL may hold a state or a code.

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
};
use tracing::{Span, field::Empty};
use tracing_actix_web::{RequestId, RootSpanBuilder};

use crate::{domain::attempt::Reference, web::routes};

const FREQUENT: [&str; 9] = [
    routes::ASSET,
    routes::STYLE,
    routes::LOGO,
    routes::ICON,
    routes::EMBED_SCRIPT,
    routes::EMBED_TYPES,
    routes::EMBED_FRAME_SCRIPT,
    routes::EMBED_FRAME_TYPES,
    routes::EMBED_OUTCOME,
];

/// Builds the span of a request and logs one line when it ends.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let reference = reference(request.request());
        tracing::info_span!(
            "request",
            method = %request.method(),
            route = request.match_pattern().as_deref().unwrap_or("none"),
            reference = %reference,
            attempt = Empty,
            status = Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
        // Each page loads several files, and each pop-up asks for its outcome again and again.
        if outcome.as_ref().is_ok_and(is_frequent) && !status.is_server_error() {
            span.in_scope(|| tracing::debug!("answered"));
        } else {
            span.in_scope(|| tracing::info!("answered"));
        }
    }
}

fn is_frequent<B>(response: &ServiceResponse<B>) -> bool {
    let pattern = response.request().match_pattern();
    pattern.is_some_and(|pattern| FREQUENT.contains(&pattern.as_str()))
}

/// The reference number on problem pages and in the log.
pub fn reference(request: &HttpRequest) -> Reference {
    let id = request.extensions().get::<RequestId>().map(|id| **id);
    Reference::of(id.unwrap_or_default())
}
