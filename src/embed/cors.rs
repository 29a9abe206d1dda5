//! CORS for scripts of `host.origins`, and for no others. Cookies are never involved.

use actix_web::{
    Error, HttpResponse, ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web,
};

use crate::{
    domain::text,
    host_api::{ApiProblem, Kind},
    web::Site,
};

/// Seconds for which a browser may keep the answer to a preflight request. Chromium keeps none longer.
const PREFLIGHT_LIFETIME: u32 = 7200;

/// Maximum length of an origin in the log, in characters.
const LONGEST_LOGGED: usize = 100;

/// Middleware. A request without `Origin` comes from a server; one of another origin is refused.
pub(crate) async fn cors<B: MessageBody + 'static>(
    site: web::Data<Site>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let origin = single_value(request.headers(), &header::ORIGIN);
    let is_host = origin.as_ref().is_ok_and(|origin| origin.as_ref().is_some_and(|origin| is_known(&site, origin)));
    let mut response = match origin {
        Ok(None) => next.call(request).await?.map_into_boxed_body(),
        _ if !is_host => {
            warn(&site, origin.as_ref().ok().and_then(Option::as_ref));
            request.into_response(ApiProblem::from(Kind::OriginNotAllowed).error_response())
        }
        _ if request.method() == Method::OPTIONS => request.into_response(preflight()),
        _ => next.call(request).await?.map_into_boxed_body(),
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Ok(Some(origin)) = origin
        && is_host
    {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After"));
    }
    Ok(response)
}

/// The value of a header that may be sent once.
fn single_value(headers: &HeaderMap, name: &header::HeaderName) -> Result<Option<HeaderValue>, ()> {
    let mut all = headers.get_all(name);
    match (all.next(), all.next()) {
        (value, None) => Ok(value.cloned()),
        _ => Err(()),
    }
}

fn is_known(site: &Site, origin: &HeaderValue) -> bool {
    site.host_origins.iter().any(|known| known.origin().ascii_serialization().as_bytes() == origin.as_bytes())
}

fn warn(site: &Site, origin: Option<&HeaderValue>) {
    let origin = origin.and_then(|origin| origin.to_str().ok()).unwrap_or("unreadable");
    let origin = text::tidy(origin, LONGEST_LOGGED);
    if site.address_warnings.is_due("outcome", &origin, site.clock.now()) {
        tracing::warn!(origin, "the outcome of a session was requested by a page whose origin is not in host.origins");
    }
}

fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_LIFETIME))
        .finish()
}
