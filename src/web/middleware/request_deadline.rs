//! One deadline for all Alloy calls of a page.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};

use crate::{alloy::AlloyClient, web::routes};

/// Long polls: each of their Alloy calls has its own timeout.
const HELD: [&str; 2] = [routes::ATTEMPT_STATUS, routes::api::LINK_ATTEMPT];

/// Middleware that limits all Alloy calls of a request to the timeout of one call.
pub async fn request_deadline(
    alloy: web::Data<AlloyClient>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.match_pattern().is_some_and(|pattern| HELD.contains(&pattern.as_str())) {
        return next.call(request).await;
    }
    alloy.with_request_deadline(next.call(request)).await
}
