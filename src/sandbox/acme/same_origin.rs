//! Protection of our forms against cross-site requests (CSRF).

use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::ORIGIN,
    middleware::Next,
    web::Data,
};

use super::webhook;

pub(crate) struct OwnOrigin(pub(crate) String);

/// Requires our own `Origin` for every method that is not safe.
pub(crate) async fn required(
    own: Data<OwnOrigin>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let is_own = request.headers().get(ORIGIN).is_some_and(|origin| origin.as_bytes() == own.0.as_bytes());
    // Webhooks come from no page; their signature is verified.
    if request.method().is_safe() || is_own || request.path() == webhook::PATH {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let words = format!("This form did not come from Acme Notes. Open {} and press the button there.", own.0);
    Ok(request.into_response(HttpResponse::Forbidden().content_type("text/plain; charset=utf-8").body(words)))
}
