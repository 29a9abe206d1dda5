//! Rejects paths that are not valid UTF-8 or have incomplete percent-encodings. The router decodes them leniently, so
//! that two URLs could name the same resource.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::{domain::text, web::problem::Problem};

/// Middleware that rejects paths that cannot be decoded without loss.
pub async fn decodable_path<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if !text::is_decodable(request.uri().path()) {
        return Err(Problem::NotFound.into());
    }
    next.call(request).await
}
