//! Request metrics.

use std::time::Instant;

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};

use crate::runtime::metrics::Metrics;

/// Middleware that counts requests by route pattern, because a path may hold a secret.
pub async fn measured<B: MessageBody + 'static>(
    metrics: web::Data<Metrics>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let began = Instant::now();
    let (route, method) = (request.match_pattern(), request.method().clone());
    let answer = next.call(request).await;
    let status = match &answer {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    metrics.request(route.as_deref().unwrap_or("none"), method.as_str(), status.as_u16(), began.elapsed());
    answer
}
