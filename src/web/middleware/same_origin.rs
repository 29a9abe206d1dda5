//! A change is asked for by our own pages only. Fetch Metadata says where a request comes from; older browsers send
//! `Origin`; a request with neither is refused.

use actix_web::{
    Error, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web,
};

use crate::web::{Site, problem::Problem};

/// From where a request was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// One of our own pages.
    Ourselves,
    /// A page of that other origin.
    Other(String),
    /// The request does not say.
    Unknown,
}

/// From where this request was sent. Where both are there, `Origin` and Fetch Metadata have to say the same.
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

/// Refuses every POST that none of our pages sent.
pub async fn same_origin(
    site: web::Data<Site>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let changes = !request.method().is_safe();
    if changes && sender(request.request(), &site.origin()) != Sender::Ourselves {
        return Err(Problem::CrossSite.into());
    }
    next.call(request).await
}
