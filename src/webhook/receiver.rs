//! The host's receiver: one request, and its answer.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Client,
    dns::Resolve,
    header::{CONTENT_TYPE, HeaderValue},
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

/// Until there is a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long one try may take in all.
pub(super) const TOTAL: Duration = Duration::from_secs(15);
/// Nothing is done with an answer's body. A small one is read, so that the connection can be used again.
const BODY: usize = 4 * 1024;
/// How long that may take.
const BODY_TIME: Duration = Duration::from_secs(1);
/// A longer pause than this is not granted.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Settings with which nothing can be sent.
#[derive(Debug, Error)]
pub enum Unusable {
    /// A secret is not `whsec_` and base64.
    #[error("webhook.secrets: each is whsec_ and base64")]
    Secret,
    /// TLS cannot be set up on this machine.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[source] reqwest::Error),
}

/// Where events go.
#[derive(Debug)]
pub struct Receiver {
    url: Url,
    key: Digest,
    signer: Signer,
    http: Client,
    allow_private: bool,
}

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status, if there was an answer.
    pub status: Option<u16>,
    /// What went wrong; `None` if the event is delivered.
    pub failure: Option<Failure>,
    /// How long it took.
    pub took: Duration,
    /// How long it asks to be left alone, bounded.
    pub retry_after: Option<Duration>,
}

impl Receiver {
    /// The receiver of the settings. It is asked at the address that it has then: its name is looked up for each
    /// connection, and what is found is checked.
    pub(super) fn new(url: &Url, settings: &config::Webhook) -> Result<Self, Unusable> {
        Self::with_names(url, settings, Arc::new(SystemNames))
    }

    /// The same with another way of looking up names.
    fn with_names(url: &Url, settings: &config::Webhook, names: Arc<dyn Resolve>) -> Result<Self, Unusable> {
        let names = if settings.allow_private { names } else { Arc::new(PublicNames::new(names, false)) };
        let http = client().connect_timeout(CONNECT).timeout(TOTAL).dns_resolver(names).build();
        Ok(Self {
            key: Digest::of(url.as_str().as_bytes()),
            url: url.clone(),
            signer: Signer::new(&settings.secrets).ok_or(Unusable::Secret)?,
            http: http.map_err(Unusable::Tls)?,
            allow_private: settings.allow_private,
        })
    }

    /// By what the store knows it: another address is another receiver.
    pub fn key(&self) -> &Digest {
        &self.key
    }

    /// Why no event would get there, if none would. Nothing is sent but a question for the head of the address.
    pub async fn reach(&self) -> Option<Failure> {
        self.http.head(self.url.clone()).send().await.err().map(|error| Failure::of_transport(&error))
    }

    /// Sends an event, signed for this moment.
    pub(super) async fn send(&self, id: Uuid, body: &str, now: OffsetDateTime) -> Answer {
        let began = Instant::now();
        let answer = |status, failure, retry_after| Answer { status, failure, took: began.elapsed(), retry_after };
        if !self.allow_private && is_private(&self.url) {
            return answer(None, Some(Failure::PrivateAddress), None);
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
            Err(error) => answer(None, Some(Failure::of_transport(&error)), None),
            Ok(response) => {
                let status = response.status().as_u16();
                let wait = http_time::retry_after_by(now, response.headers()).map(|wait| wait.min(LONGEST_PAUSE));
                let answer = answer(Some(status), Failure::of_status(status), wait);
                // The status has said all: whatever becomes of the body, nothing follows from it.
                let _ = timeout(BODY_TIME, body_of(response, BODY)).await;
                answer
            }
        }
    }
}

#[cfg(test)]
mod tests;
