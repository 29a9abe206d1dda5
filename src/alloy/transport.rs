//! What is true of every call to Alloy, before anything is said: time limits, and no more of an answer than is allowed.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{ClientBuilder, Response, header::HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use super::{AlloyError, resilience::slots};
use crate::runtime::net::{self, NoBody};

/// How long calls may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// Between two pieces of an answer, and before the first.
    pub read: Duration,
    /// In all: one call with its retries, and all calls of one page together.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), read: Duration::from_secs(8), total: Duration::from_secs(10) }
    }
}

/// Settings with which no call can be made.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The API key has characters that no header may have.
    #[error("alloy.api_key has characters that no HTTP header may have")]
    ApiKey,
    /// The version has.
    #[error("alloy.api_version has characters that no HTTP header may have")]
    ApiVersion,
    /// The base address cannot have a path.
    #[error("alloy.base_url is no http or https address")]
    BaseUrl,
    /// TLS cannot be set up on this machine.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[source] reqwest::Error),
}

/// The client for calls to Alloy, and to where its pictures are.
pub(crate) fn http(timeouts: Timeouts) -> ClientBuilder {
    net::client()
        .connect_timeout(timeouts.connect)
        .read_timeout(timeouts.read)
        .timeout(timeouts.total)
        .pool_max_idle_per_host(slots::PAGE_SLOTS)
}

/// The body, as long as it is not larger than allowed.
pub(crate) async fn body_of(response: Response, largest: usize) -> Result<Bytes, AlloyError> {
    net::body_of(response, largest).await.map_err(|error| match error {
        NoBody::TooLarge => AlloyError::TooLarge,
        NoBody::BrokeOff(error) => AlloyError::from_transport(error),
    })
}

pub(crate) fn bearer(key: &SecretString) -> Result<HeaderValue, SetupError> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).map_err(|_| SetupError::ApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}
