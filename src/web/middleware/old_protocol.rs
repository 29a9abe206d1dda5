//! Responses to HTTP/1.0, which has no `Transfer-Encoding` (RFC 9112 section 6.1).

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Version, header},
    middleware::Next,
};

/// Middleware that leaves responses to such a request uncompressed: their length is then known.
pub async fn old_protocol<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if request.version() < Version::HTTP_11 {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    next.call(request).await
}
