//! What is true of every call that goes out of here, before anything is said of Alloy: time limits, no redirects, no
//! proxy, and no more of an answer than is allowed.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use reqwest::{Client, ClientBuilder, Response, header::HeaderValue, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use super::{AlloyError, slots};

/// How long calls may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until there is a connection.
    pub connect: Duration,
    /// Between two pieces of an answer, and before the first.
    pub read: Duration,
    /// In all: one call with its repetitions, and all calls of one page together.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), read: Duration::from_secs(8), total: Duration::from_secs(10) }
    }
}

/// Settings with which no call can be made.
#[derive(Debug, Error)]
pub enum Unusable {
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

/// An HTTP client that goes where it is told and nowhere else: no redirects, no proxy of the environment. It repeats
/// nothing by itself: its own repetitions know no pause, no `Retry-After`, and nothing of a body that breaks off.
pub(super) fn http(patience: Patience) -> ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .retry(reqwest::retry::never())
        .connect_timeout(patience.connect)
        .read_timeout(patience.read)
        .timeout(patience.total)
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(slots::FOR_PAGES)
        .user_agent(concat!("gangway/", env!("CARGO_PKG_VERSION")))
}

/// The body, as long as it is not larger than allowed: nothing beyond that is kept in memory.
pub(super) async fn body_of(response: Response, largest: usize) -> Result<Bytes, AlloyError> {
    const TOO_LARGE: AlloyError = AlloyError::Nonsense("a body that is too large");
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    if announced > largest {
        return Err(TOO_LARGE);
    }
    let mut body = BytesMut::with_capacity(announced);
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(AlloyError::of_transport)?;
        if body.len() + piece.len() > largest {
            return Err(TOO_LARGE);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

pub(super) fn bearer(key: &SecretString) -> Result<HeaderValue, Unusable> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).map_err(|_| Unusable::ApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}
