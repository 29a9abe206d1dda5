//! The host's receiver: sends one request and reads the reply.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Client,
    dns::Resolve,
    header::{CONTENT_TYPE, HeaderValue, LOCATION},
};
use thiserror::Error;
use time::OffsetDateTime;
use tokio::time::{Instant, timeout};
use url::Url;
use uuid::Uuid;

use super::{Failure, signature::Signer};
use crate::{
    config,
    domain::keys::Digest,
    runtime::net::{PublicNames, SystemNames, body_of, client, http_time, is_private},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Timeout for a request, excluding the reply's body.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(15);
/// The reply's body is unused. A small one is read, so that the connection is reused.
const MAX_BODY: usize = 4 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(1);
/// Maximum pause granted to a receiver.
const MAX_PAUSE: Duration = Duration::from_hours(1);

#[derive(Debug, Error)]
pub(crate) enum Unusable {
    #[error("webhook.secrets: each is whsec_ and base64")]
    Secret,
    #[error("TLS cannot be set up: {0}")]
    Tls(#[source] reqwest::Error),
}

pub(crate) struct Receiver {
    url: Url,
    key: Digest,
    signer: Signer,
    http: Client,
    allow_private: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reply {
    pub status: Option<u16>,
    pub failure: Option<Failure>,
    pub duration: Duration,
    /// `Retry-After`, at most [`MAX_PAUSE`].
    pub retry_after: Option<Duration>,
}

impl Receiver {
    /// The name is resolved, and each address checked, for every connection.
    pub(crate) fn from_settings(settings: &config::Webhook) -> Result<Option<Self>, Unusable> {
        let receiver = |url| Self::with_resolver(url, settings, Arc::new(SystemNames));
        settings.url.as_ref().map(receiver).transpose()
    }

    fn with_resolver(url: &Url, settings: &config::Webhook, resolver: Arc<dyn Resolve>) -> Result<Self, Unusable> {
        let resolver = if settings.allow_private { resolver } else { Arc::new(PublicNames::new(resolver, false)) };
        let http = client().connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT).dns_resolver(resolver).build();
        Ok(Self {
            key: Digest::of(url.as_str().as_bytes()),
            url: url.clone(),
            signer: Signer::new(&settings.secrets).ok_or(Unusable::Secret)?,
            http: http.map_err(Unusable::Tls)?,
            allow_private: settings.allow_private,
        })
    }

    pub(crate) fn key(&self) -> &Digest {
        &self.key
    }

    /// Sends a request that is no event. Returns the address to which the receiver redirects, if it does.
    pub(crate) async fn reach(&self) -> Result<Option<Url>, Failure> {
        let request = self.http.head(self.url.clone()).send().await;
        let response = request.map_err(|error| Failure::of_transport(&error))?;
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let location = location.filter(|_| response.status().is_redirection());
        Ok(location.and_then(|location| self.url.join(location).ok()))
    }

    pub(super) async fn send(&self, id: Uuid, body: &str, now: OffsetDateTime) -> Reply {
        let began = Instant::now();
        let reply = |status, failure, retry_after| Reply { status, failure, duration: began.elapsed(), retry_after };
        if !self.allow_private && is_private(&self.url) {
            return reply(None, Some(Failure::PrivateAddress), None);
        }
        let (id, timestamp) = (id.to_string(), now.unix_timestamp());
        let request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header("webhook-signature", self.signer.sign(&id, timestamp, body))
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .body(body.to_owned());
        match request.send().await {
            Err(error) => reply(None, Some(Failure::of_transport(&error)), None),
            Ok(response) => {
                let status = response.status().as_u16();
                let pause = http_time::retry_after_by(now, response.headers()).map(|pause| pause.min(MAX_PAUSE));
                let reply = reply(Some(status), Failure::of_status(status), pause);
                // The status decides; errors while reading the body are ignored.
                let _ = timeout(BODY_TIMEOUT, body_of(response, MAX_BODY)).await;
                reply
            }
        }
    }
}

#[cfg(test)]
mod tests;
