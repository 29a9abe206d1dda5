//! Renders failures of handlers, middleware and the framework, and panics: as a page, or for programs as JSON.

use std::{panic::AssertUnwindSafe, sync::Arc};

use actix_web::{
    Error, HttpResponse, ResponseError as _,
    body::{EitherBody, MessageBody},
    dev::{Extensions, ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web,
};
use futures_util::FutureExt as _;

use crate::{
    domain::{attempt::Reference, session::Display},
    runtime::metrics::Metrics,
    web::{
        Site,
        middleware::{
            request_id::reference,
            security_headers::{Framing, SecurityHeaders},
        },
        problem::Problem,
        request::{locale::RequestLocale, window},
        routes,
        views::frame::problem_html,
    },
};

pub(crate) struct ProblemDocument {
    /// Stable name of its kind, also used as the metric's label for pages.
    pub(crate) kind: &'static str,
    /// What the document says. Problems of pages have no kind of their own, and may have another status.
    pub(crate) status: StatusCode,
    pub(crate) json: String,
}

/// Writes a problem document. Injected by the server, because the host API depends on this module.
pub(crate) type WriteDocument = fn(&Site, &Extensions, &Problem, Reference) -> ProblemDocument;

pub(crate) struct ProblemPages {
    pub(crate) site: Arc<Site>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) headers: web::Data<SecurityHeaders>,
    pub(crate) write_document: WriteDocument,
}

#[derive(Clone)]
struct FailedRequest {
    is_api: bool,
    accepts_json_only: bool,
    reference: Reference,
    locale: RequestLocale,
    is_loaded_into_frame: bool,
    framing: Framing,
}

impl FailedRequest {
    /// Where no handler knows the session, only the browser says that the page is in a frame.
    fn permit_frame(&self, site: &Site) -> RequestLocale {
        let mut locale = self.locale.clone();
        if self.is_loaded_into_frame && self.framing.permit_if_undecided() {
            locale.window.get_or_insert_with(|| window::unrecorded(site, Display::Frame, true));
        }
        locale
    }
}

/// Middleware that renders failures. Failures of inner middleware become complete responses.
pub(crate) async fn problem_page<B: MessageBody + 'static>(
    pages: web::Data<ProblemPages>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let failed = FailedRequest {
        is_api: routes::is_for_programs(request.path()),
        accepts_json_only: accepts_json_only(request.headers()),
        reference: reference(request.request()),
        locale: RequestLocale::here(request.request()),
        is_loaded_into_frame: window::is_loaded_into_frame(&pages.site, request.request()),
        framing: Framing::of(&request),
    };
    let problem = match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => return Ok(pages.fill(&failed, response)),
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
    // The request is lost at this point, so no outer middleware can add to this response.
    let mut response = pages.render(&failed, &problem, problem.error_response());
    pages.headers.add_to(response.headers_mut(), &failed.framing);
    Err(InternalError::from_response(problem, response).into())
}

/// Whether the client names JSON, and no HTML, among what it accepts: no browser does that for a page.
fn accepts_json_only(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    let types = accepted.flat_map(|value| value.split(',')).map(|one| one.split(';').next().unwrap_or_default().trim());
    let (mut json, mut html) = (false, false);
    for one in types {
        let one = one.to_ascii_lowercase();
        json |= matches!(one.as_str(), "application/json" | "application/problem+json");
        html |= matches!(one.as_str(), "text/html" | "application/xhtml+xml");
    }
    json && !html
}

impl ProblemPages {
    /// Renders the page of a failed response, unless it has one already, such as a form with errors.
    fn fill<B>(&self, failed: &FailedRequest, response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B>>
    where
        B: MessageBody + 'static,
    {
        let status = response.status();
        let is_page = |kind: &HeaderValue| kind.as_bytes().starts_with(b"text/html");
        let has_page = response.headers().get(header::CONTENT_TYPE).is_some_and(is_page);
        if !(status.is_client_error() || status.is_server_error()) || has_page {
            return response.map_into_left_body();
        }
        let problem = response.response().extensions().get::<Problem>().cloned();
        let problem = problem.unwrap_or_else(|| Problem::of_status(status));
        // The handler may have loaded the session, and with it the language.
        let failed = FailedRequest { locale: RequestLocale::here(response.request()), ..failed.clone() };
        let (request, response) = response.into_parts();
        ServiceResponse::new(request, self.render(&failed, &problem, response.drop_body().map_into_boxed_body()))
            .map_into_right_body()
    }

    fn render(&self, failed: &FailedRequest, problem: &Problem, response: HttpResponse) -> HttpResponse {
        let document = (self.write_document)(&self.site, &response.extensions(), problem, failed.reference);
        self.metrics.problem(document.kind);
        let is_json = failed.is_api || failed.accepts_json_only && document.status == response.status();
        let (kind, body) = if is_json {
            ("application/problem+json", document.json)
        } else {
            let html = problem_html(&self.site, &failed.permit_frame(&self.site), problem, failed.reference);
            ("text/html; charset=utf-8", html)
        };
        let mut response = response.set_body(body).map_into_boxed_body();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        middleware::{Compress, from_fn},
        test::{TestRequest, call_service, init_service, read_body},
    };

    use super::*;
    use crate::{config::Settings, server, web::middleware::security_headers::security_headers};

    async fn breaks() -> &'static str {
        panic!("canary of a panic")
    }

    #[actix_web::test]
    async fn panic_becomes_page_and_next_request_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let store = format!("sqlite://{}", folder.path().join("gangway.db").display());
        let variables = [("STORE__URL", store.as_str()), ("HOST__NAME", "Acme Notes"), ("HOST__FRAMES", "true")];
        let variables = variables.map(|(name, value)| (format!("GANGWAY__{name}"), value.to_owned()));
        let settings = Settings::load(None, variables.into_iter()).unwrap();
        let headers = web::Data::new(SecurityHeaders::new(&settings));
        let gangway = server::services(settings, server::Environment::default()).await.unwrap();
        let pages = ProblemPages {
            site: gangway.site,
            metrics: gangway.metrics,
            headers: headers.clone(),
            write_document: |_, _, _, reference| ProblemDocument {
                kind: "internal",
                status: StatusCode::INTERNAL_SERVER_ERROR,
                json: format!("problem document with reference {reference}"),
            },
        };
        let app = App::new()
            .app_data(web::Data::new(pages))
            .app_data(headers)
            .route("/breaks", web::get().to(breaks))
            .route("/api/v1/breaks", web::get().to(breaks))
            .route("/works", web::get().to(|| async { "fine" }))
            .wrap(Compress::default())
            .wrap(from_fn(problem_page))
            .wrap(from_fn(security_headers));
        let app = init_service(app).await;
        for (path, dest, kind, words) in [
            ("/breaks", "document", "text/html; charset=utf-8", "Something went wrong on our side"),
            ("/breaks", "iframe", "text/html; charset=utf-8", "Something went wrong on our side"),
            ("/api/v1/breaks", "iframe", "application/problem+json", "problem document"),
        ] {
            let request = TestRequest::get().uri(path).insert_header(("sec-fetch-dest", dest)).to_request();
            let Err(error) = actix_web::dev::Service::call(&app, request).await else { panic!("{path}: no failure") };
            let response = error.error_response();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
            assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), kind);
            assert_eq!(response.headers().get(header::CACHE_CONTROL).unwrap(), "no-store");
            let policy = response.headers().get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap().to_owned();
            let is_framed = dest == "iframe" && kind.starts_with("text/html");
            assert_eq!(policy.contains("frame-ancestors 'none'"), !is_framed, "{path} {dest}: {policy}");
            assert_eq!(response.headers().contains_key(header::X_FRAME_OPTIONS), !is_framed, "{path} {dest}");
            let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
            let body = String::from_utf8_lossy(&body);
            assert!(body.contains(words) && body.contains("reference") && !body.contains("canary"), "{body}");
            let next = call_service(&app, TestRequest::get().uri("/works").to_request()).await;
            assert_eq!(read_body(next).await, "fine");
        }
    }
}
