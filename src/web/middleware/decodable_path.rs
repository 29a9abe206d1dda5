//! A path is text. The router decodes it leniently: it puts a replacement character for bytes that are no UTF-8, and
//! leaves incomplete percent-encodings as they are, so that two addresses could name one thing.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::{domain::text, web::problem::Problem};

/// Refuses a path that cannot be decoded without loss.
pub async fn decodable_path<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if !text::is_decodable(request.uri().path()) {
        return Err(Problem::NotFound.into());
    }
    next.call(request).await
}
