//! HTTP settings of every call to Alloy: timeouts and the maximum size of a response.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{ClientBuilder, Response, header::HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use super::{AlloyError, resilience::slots};
use crate::runtime::net::{self, BodyError};

/// Timeouts for calls.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Timeout for the connection.
    pub connect: Duration,
    /// Timeout between two parts of a response, and before the first.
    pub read: Duration,
    /// Timeout for a call with its retries, and for all calls of one page.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), read: Duration::from_secs(8), total: Duration::from_secs(10) }
    }
}

/// Unusable settings.
#[derive(Debug, Error)]
pub enum SetupError {
    /// Invalid characters in the API key.
    #[error("alloy.api_key has characters that no HTTP header may have")]
    ApiKey,
    /// Invalid characters in the version.
    #[error("alloy.api_version has characters that no HTTP header may have")]
    ApiVersion,
    /// The base URL cannot have a path.
    #[error("alloy.base_url is no http or https address")]
    BaseUrl,
    /// TLS cannot be set up on this machine.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[source] reqwest::Error),
}

pub(crate) fn http(timeouts: Timeouts) -> ClientBuilder {
    net::client()
        .connect_timeout(timeouts.connect)
        .read_timeout(timeouts.read)
        .timeout(timeouts.total)
        .pool_max_idle_per_host(slots::PAGE_SLOTS)
}

pub(crate) async fn body_of(response: Response, largest: usize) -> Result<Bytes, AlloyError> {
    net::body_of(response, largest).await.map_err(|error| match error {
        BodyError::TooLarge => AlloyError::TooLarge,
        BodyError::BrokeOff(error) => AlloyError::from_transport(error),
    })
}

pub(crate) fn bearer(key: &SecretString) -> Result<HeaderValue, SetupError> {
    let mut value =
        HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).map_err(|_| SetupError::ApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}
