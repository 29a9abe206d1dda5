//! `Cross-Origin-Opener-Policy` on the providers' pages, as Microsoft, Stripe and others have it: it cuts a page off from
//! the window that opened it.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web,
};

use super::{fault::Fault, world::World};

/// Middleware that adds the header to everything under `/provider/` while [`Fault::ProviderCoop`] is on.
pub(super) async fn of_providers(
    world: web::Data<World>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let isolated =
        request.path().starts_with("/provider/") && world.faults.strikes(Fault::ProviderCoop, None).is_some();
    let mut response = next.call(request).await?;
    if isolated {
        let name = HeaderName::from_static("cross-origin-opener-policy");
        response.headers_mut().insert(name, HeaderValue::from_static("same-origin"));
    }
    Ok(response)
}
