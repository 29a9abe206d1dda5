//! Tells the host's server with every answer how many requests it has left, so that it need not find out by a refusal:
//! `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`, as the IETF's draft on RateLimit header fields has them
//! and as clients know them.

use std::time::Duration;

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
};

/// What is left of a limit after a request was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// So many requests at once, at the most.
    pub limit: u32,
    /// So many more now.
    pub remaining: u32,
    /// In that time all of them again; after a refusal, the next one.
    pub reset: Duration,
}

impl Left {
    /// Seconds, rounded up; zero stays zero.
    pub fn seconds(&self) -> u64 {
        self.reset.as_secs() + u64::from(self.reset.subsec_nanos() > 0)
    }

    /// Keeps it for the answer to that request.
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
