//! The way to Alloy: one pool of connections, and what is true of every call.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use reqwest::{
    Client, Method, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    redirect,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use thiserror::Error;
use time::OffsetDateTime;
use url::Url;

use super::{AlloyError, LinkRules, http_time};
use crate::{session::AlloyUserId, settings};

/// The largest answer that is read, in bytes.
const LARGEST: usize = 256 * 1024;
/// The largest catalogue that is read, in bytes.
pub(super) const LARGEST_CATALOGUE: usize = 4 * 1024 * 1024;

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until there is a connection.
    pub connect: Duration,
    /// Between two pieces of an answer, and before the first.
    pub read: Duration,
    /// In all.
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

/// For whom a call is made. Without the user's id a call runs as the owner of the API key, which would show one
/// tenant's connections to another: no call can be made without deciding.
#[derive(Clone, Copy)]
pub(super) enum Acting<'a> {
    /// The account: catalogue, metadata, users.
    Account,
    /// One user.
    User(&'a AlloyUserId),
}

/// Calls Alloy. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct AlloyClient {
    http: Client,
    base: Url,
    authorization: HeaderValue,
    version: HeaderValue,
    links: LinkRules,
}

impl AlloyClient {
    /// A client for these settings. It opens no connection yet.
    ///
    /// # Errors
    /// When a setting cannot be used, or TLS cannot be set up.
    pub fn new(alloy: &settings::Alloy, links: LinkRules, patience: Patience) -> Result<Self, Unusable> {
        if alloy.base_url.cannot_be_a_base() {
            return Err(Unusable::BaseUrl);
        }
        Ok(Self {
            http: http(patience).map_err(Unusable::Tls)?,
            base: alloy.base_url.clone(),
            authorization: bearer(&alloy.api_key)?,
            version: HeaderValue::from_str(&alloy.api_version).map_err(|_| Unusable::ApiVersion)?,
            links,
        })
    }

    pub(super) fn links(&self) -> &LinkRules {
        &self.links
    }

    pub(super) async fn get(&self, path: &[&str], acting: Acting<'_>) -> Result<Answer, AlloyError> {
        self.call(Method::GET, path, acting, None, LARGEST).await
    }

    pub(super) async fn get_large(&self, path: &[&str]) -> Result<Answer, AlloyError> {
        self.call(Method::GET, path, Acting::Account, None, LARGEST_CATALOGUE).await
    }

    pub(super) async fn post(
        &self,
        path: &[&str],
        acting: Acting<'_>,
        body: &impl Serialize,
    ) -> Result<Answer, AlloyError> {
        let body = serde_json::to_vec(body).map_err(|_| AlloyError::Nonsense("our own request"))?;
        self.call(Method::POST, path, acting, Some(body), LARGEST).await
    }

    pub(super) async fn delete(&self, path: &[&str], acting: Acting<'_>) -> Result<Answer, AlloyError> {
        self.call(Method::DELETE, path, acting, None, LARGEST).await
    }

    async fn call(
        &self,
        method: Method,
        path: &[&str],
        acting: Acting<'_>,
        body: Option<Vec<u8>>,
        largest: usize,
    ) -> Result<Answer, AlloyError> {
        let mut request = self
            .http
            .request(method, self.address(path))
            .header(AUTHORIZATION, self.authorization.clone())
            .header("x-api-version", self.version.clone());
        if let Acting::User(user) = acting {
            request = request.header("x-alloy-userid", user.as_str());
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = request.send().await.map_err(AlloyError::of_transport)?;
        let status = response.status();
        let answered_at = http_time::answered_at(response.headers());
        let retry_after = http_time::retry_after(response.headers());
        let body = body_of(response, largest).await;
        if status.is_success() {
            return Ok(Answer { body: body?, answered_at });
        }
        let error = AlloyError::of(status.as_u16(), &body.unwrap_or_default(), retry_after);
        if let AlloyError::KeyRefused(status) = error {
            tracing::error!(status, "Alloy refuses alloy.api_key: nobody can link anything until it is replaced");
        }
        Err(error)
    }

    /// The address of a call: every part is one path segment, whatever it holds.
    fn address(&self, path: &[&str]) -> Url {
        let mut address = self.base.clone();
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        address
    }
}

/// A good answer.
pub(super) struct Answer {
    body: Bytes,
    /// The vendor's own clock.
    pub(super) answered_at: Option<OffsetDateTime>,
}

impl Answer {
    /// Reads the body. The parser's own words are left out: they repeat what was in it.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, AlloyError> {
        serde_json::from_slice(&self.body).map_err(|_| AlloyError::Nonsense("a body that is not as documented"))
    }
}

/// An HTTP client that goes where it is told and nowhere else: no redirects, no proxy of the environment.
pub(super) fn http(patience: Patience) -> Result<Client, reqwest::Error> {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .retry(reqwest::retry::never())
        .connect_timeout(patience.connect)
        .read_timeout(patience.read)
        .timeout(patience.total)
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(64)
        .user_agent(concat!("gangway/", env!("CARGO_PKG_VERSION")))
        .build()
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

fn bearer(key: &SecretString) -> Result<HeaderValue, Unusable> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).map_err(|_| Unusable::ApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
pub(super) mod tests;
