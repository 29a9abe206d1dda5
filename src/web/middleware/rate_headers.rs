//! Adds `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (IETF draft) to responses of the host API.

use std::time::Duration;

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
};

/// The state of a limit after a request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Maximum number of requests at once.
    pub limit: u32,
    /// Requests that are still available.
    pub remaining: u32,
    /// Time until all requests are available again; after a refusal, until the next one is.
    pub reset: Duration,
}

impl Left {
    /// Seconds, rounded up; zero stays zero.
    pub fn seconds(&self) -> u64 {
        self.reset.as_secs() + u64::from(self.reset.subsec_nanos() > 0)
    }

    /// Stores it for the response to the request.
    pub fn tell(self, request: &HttpRequest) {
        request.extensions_mut().insert(self);
    }
}

pub(crate) async fn rate_headers<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    let left = response.request().extensions().get::<Left>().copied();
    if let Some(left) = left {
        let values = [
            ("ratelimit-limit", u64::from(left.limit)),
            ("ratelimit-remaining", left.remaining.into()),
            ("ratelimit-reset", left.seconds()),
        ];
        for (name, value) in values {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
    Ok(response)
}
