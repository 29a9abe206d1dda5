//! Every failure gets its own page, or its own problem document where the host's server asked: whatever raised it,
//! an inner middleware, the framework or a panic.

use std::panic::AssertUnwindSafe;

use actix_web::{
    Error, HttpResponse, ResponseError as _,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{self, ContentType, HeaderValue},
    middleware::Next,
    web,
};
use futures_util::FutureExt as _;

use crate::{
    gangway::Gangway, host_api, journey::problem_html, link::Reference, middleware::request_id::reference,
    middleware::security_headers::SecurityHeaders, problem::Problem, routes,
};

/// Where a failure is shown.
#[derive(Clone, Copy)]
struct Place {
    api: bool,
    reference: Reference,
}

/// Gives bare failures their page.
///
/// # Errors
/// What an inner middleware failed with, as a response that is complete already.
pub async fn problem_page<B: MessageBody + 'static>(
    gangway: web::Data<Gangway>,
    headers: web::Data<SecurityHeaders>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let place = Place { api: request.path().starts_with(routes::api::PREFIX), reference: reference(request.request()) };
    let problem = match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => return Ok(shown(&gangway, place, response)),
        Ok(Err(error)) => error.as_error::<Problem>().copied().unwrap_or_else(|| {
            let status = error.as_response_error().status_code();
            if status.is_server_error() {
                tracing::error!(%error, "a middleware failed");
            }
            Problem::of_status(status)
        }),
        Err(_) => {
            tracing::error!("a handler panicked");
            Problem::Internal
        }
    };
    // The request is lost by now, so no outer middleware can add to this response.
    let mut response = dressed(&gangway, place, problem, problem.error_response());
    headers.add_to(response.headers_mut());
    Err(InternalError::from_response(problem, response).into())
}

/// The response as it is, unless it is a failure without a body of ours.
fn shown<B>(gangway: &Gangway, place: Place, response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B>>
where
    B: MessageBody + 'static,
{
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let told = response.headers().get(header::CONTENT_TYPE).is_some_and(is_ours);
    if !failed || told {
        return response.map_into_left_body();
    }
    let known = response.response().extensions().get::<Problem>().copied();
    let problem = known.unwrap_or_else(|| Problem::of_status(response.status()));
    let (request, response) = response.into_parts();
    let mut bare = HttpResponse::new(response.status());
    for (name, value) in response.headers() {
        bare.headers_mut().append(name.clone(), value.clone());
    }
    ServiceResponse::new(request, dressed(gangway, place, problem, bare)).map_into_right_body()
}

fn is_ours(kind: &HeaderValue) -> bool {
    let kind = kind.as_bytes();
    kind.starts_with(b"text/html") || kind.starts_with(b"application/problem+json")
}

fn dressed(gangway: &Gangway, place: Place, problem: Problem, bare: HttpResponse) -> HttpResponse {
    let (kind, body) = if place.api {
        let problem = host_api::of_response(Some(problem), bare.status());
        (HeaderValue::from_static("application/problem+json"), problem.to_json(Some(place.reference.to_string())))
    } else {
        let html = ContentType::html().0;
        let kind = HeaderValue::from_str(html.as_ref()).unwrap_or(HeaderValue::from_static("text/html"));
        (kind, problem_html(gangway, problem, place.reference))
    };
    let mut response = bare.set_body(body).map_into_boxed_body();
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
