//! Every failure gets its own page, or its own problem document where the host's server asked: whatever raised it,
//! an inner middleware, the framework or a panic.

use std::panic::AssertUnwindSafe;

use actix_web::{
    Error, HttpResponse, ResponseError as _,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{self, HeaderValue},
    middleware::Next,
    web,
};
use futures_util::FutureExt as _;

use crate::{
    domain::attempt::Reference,
    gangway::Gangway,
    host_api::ApiProblem,
    web::{
        middleware::{request_id::reference, security_headers::SecurityHeaders},
        problem::Problem,
        request::locale::Reader,
        routes,
        views::frame::problem_html,
    },
};

/// Where a failure is shown.
struct Place {
    api: bool,
    reference: Reference,
    reader: Reader,
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
    let place = Place {
        api: request.path().starts_with(routes::api::PREFIX),
        reference: reference(request.request()),
        reader: Reader::here(request.request()),
    };
    let problem = match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => return Ok(shown(&gangway, &place, response)),
        Ok(Err(error)) => error.as_error::<Problem>().cloned().unwrap_or_else(|| {
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
    let mut response = dressed(&gangway, &place, &problem, &problem.clone().into(), problem.error_response());
    headers.add_to(response.headers_mut());
    Err(InternalError::from_response(problem, response).into())
}

/// The response as it is, unless it is a failure without a body of ours.
fn shown<B>(gangway: &Gangway, place: &Place, response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B>>
where
    B: MessageBody + 'static,
{
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let page = response.headers().get(header::CONTENT_TYPE).is_some_and(is_page);
    if !failed || page {
        return response.map_into_left_body();
    }
    let problem = response.response().extensions().get::<Problem>().cloned();
    let problem = problem.unwrap_or_else(|| Problem::of_status(response.status()));
    let told = response.response().extensions().get::<ApiProblem>().cloned().unwrap_or_else(|| problem.clone().into());
    // A session that was found on the way knows more of who reads.
    let place = Place { reader: Reader::here(response.request()), ..*place };
    let (request, response) = response.into_parts();
    let mut bare = HttpResponse::new(response.status());
    for (name, value) in response.headers() {
        bare.headers_mut().append(name.clone(), value.clone());
    }
    ServiceResponse::new(request, dressed(gangway, &place, &problem, &told, bare)).map_into_right_body()
}

/// Whether the response has a page of ours already: the same form with mistakes, an end that is a failure.
fn is_page(kind: &HeaderValue) -> bool {
    kind.as_bytes().starts_with(b"text/html")
}

/// The bare response with the problem as a page, or as a document for the host's server.
fn dressed(gangway: &Gangway, place: &Place, problem: &Problem, told: &ApiProblem, bare: HttpResponse) -> HttpResponse {
    gangway.metrics.problem(told.kind().name());
    let (kind, body) = if place.api {
        let address = gangway.public(&routes::problem(told.kind().name()));
        (HeaderValue::from_static("application/problem+json"), told.to_json(address, place.reference))
    } else {
        (
            HeaderValue::from_static("text/html; charset=utf-8"),
            problem_html(gangway, &place.reader, problem, place.reference),
        )
    };
    let mut response = bare.set_body(body).map_into_boxed_body();
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        http::StatusCode,
        middleware::{Compress, from_fn},
        test::{TestRequest, call_service, init_service, read_body},
    };

    use super::*;
    use crate::{config::Settings, server, web::middleware::security_headers::security_headers};

    async fn breaks() -> &'static str {
        panic!("canary of a panic")
    }

    #[actix_web::test]
    async fn a_panic_is_a_page_and_the_next_request_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let store = format!("sqlite://{}", folder.path().join("gangway.db").display());
        let variables = [("STORE__URL", store.as_str()), ("HOST__NAME", "Acme Notes")];
        let variables = variables.map(|(name, value)| (format!("GANGWAY__{name}"), value.to_owned()));
        let settings = Settings::load(None, variables.into_iter()).unwrap();
        let headers = web::Data::new(SecurityHeaders::new(&settings));
        let gangway = web::Data::new(server::gangway(settings, server::Outside::default()).await.unwrap());
        let app = App::new()
            .app_data(gangway)
            .app_data(headers)
            .route("/breaks", web::get().to(breaks))
            .route("/api/v1/breaks", web::get().to(breaks))
            .route("/works", web::get().to(|| async { "fine" }))
            .wrap(Compress::default())
            .wrap(from_fn(problem_page))
            .wrap(from_fn(security_headers));
        let app = init_service(app).await;
        for (path, kind, words) in [
            ("/breaks", "text/html; charset=utf-8", "Something went wrong on our side"),
            ("/api/v1/breaks", "application/problem+json", "/problems/internal"),
        ] {
            let Err(error) = actix_web::dev::Service::call(&app, TestRequest::get().uri(path).to_request()).await
            else {
                panic!("{path}: no failure")
            };
            let response = error.error_response();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), kind);
            assert_eq!(response.headers().get(header::CACHE_CONTROL).unwrap(), "no-store");
            assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY));
            let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
            let body = String::from_utf8_lossy(&body);
            assert!(body.contains(words) && body.contains("reference") && !body.contains("canary"), "{body}");
            let next = call_service(&app, TestRequest::get().uri("/works").to_request()).await;
            assert_eq!(read_body(next).await, "fine");
        }
    }
}
