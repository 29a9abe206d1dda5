//! A page is answered in time, however many calls to the vendor it takes.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};

use crate::{alloy::AlloyClient, web::routes};

/// These are held on purpose, as long as they are asked to: each of their looks has the time of a call.
const HELD: [&str; 2] = [routes::ATTEMPT_STATUS, routes::api::LINK_ATTEMPT];

/// Gives all calls that a request makes the time of one.
///
/// # Errors
/// What the inner service fails with.
pub async fn in_time(
    alloy: web::Data<AlloyClient>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.match_pattern().is_some_and(|pattern| HELD.contains(&pattern.as_str())) {
        return next.call(request).await;
    }
    alloy.with_request_deadline(next.call(request)).await
}
