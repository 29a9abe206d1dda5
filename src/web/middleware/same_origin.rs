//! CSRF protection: accepts changes only from our pages, by Fetch Metadata or, in older browsers, `Origin`.

use actix_web::{
    Error, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web,
};

use crate::web::{Site, problem::Problem, request::address::other_address};

/// The origin of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// One of our pages.
    Ourselves,
    /// A page of this other origin.
    Other(String),
    /// The request has no such header.
    Unknown,
}

/// Returns the origin of a request. If `Origin` and Fetch Metadata are both sent, they must agree.
pub fn sender(request: &HttpRequest, own_origin: &str) -> Sender {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let origin = text(header::ORIGIN.as_str());
    let site = text("sec-fetch-site");
    match (origin, site) {
        (Some(origin), Some("same-origin") | None) if origin == own_origin => Sender::Ourselves,
        (None, Some("same-origin")) => Sender::Ourselves,
        (Some(origin), Some("cross-site" | "same-site") | None) if origin != own_origin => {
            Sender::Other(origin.to_owned())
        }
        _ => Sender::Unknown,
    }
}

/// `Origin` of a form on a page with `Referrer-Policy: no-referrer` or, to another site, `same-origin`.
const HIDDEN_ORIGIN: &str = "null";

/// Why the page that posted a start code is not known as the host's, and the setting that changes it.
pub(crate) fn log_unknown_sender(request: &HttpRequest, own_origin: &str) {
    match sender(request, own_origin) {
        Sender::Other(origin) if origin == HIDDEN_ORIGIN => tracing::warn!(
            cure = "Referrer-Policy: strict-origin-when-cross-origin",
            "a start code was posted with `Origin: null`, so the user is asked first: the host's page needs that header"
        ),
        Sender::Other(_) => {
            tracing::warn!(
                "a start code was posted by a page whose origin is not in host.origins: the user is asked first"
            );
        }
        Sender::Ourselves | Sender::Unknown => {}
    }
}

/// Middleware that refuses every POST from another origin.
pub async fn same_origin(
    site: web::Data<Site>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let public_url = site.origin();
    if request.method().is_safe() || sender(request.request(), &public_url) == Sender::Ourselves {
        return next.call(request).await;
    }
    let opened_at = other_address(request.request(), &public_url);
    let origin = opened_at.as_deref().unwrap_or("another site");
    if opened_at.is_none() || site.address_warnings.is_due("form", origin, site.clock.now()) {
        tracing::warn!(origin, public_url, "a form that was not sent by a page at server.public_url is refused");
    }
    let is_own_page = opened_at.is_some();
    Err(if is_own_page { Problem::OtherAddress { public_url } } else { Problem::CrossSite }.into())
}
