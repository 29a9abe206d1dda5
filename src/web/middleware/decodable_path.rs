//! A path is text. The router decodes it leniently: it puts a replacement character for bytes that are no UTF-8, and
//! leaves incomplete percent-encodings as they are, so that two addresses could name one thing.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::{domain::text, web::problem::Problem};

/// Lets only a path through that can be decoded without loss.
///
/// # Errors
/// `NotFound`, and what the inner service fails with.
pub async fn decodable_path<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if !text::is_decodable(request.uri().path()) {
        return Err(Problem::NotFound.into());
    }
    next.call(request).await
}
