//! Alloy as an OAuth client: pending authorization requests and code exchange (RFC 6749 section 4.1, RFC 7636).

use std::{
    collections::HashMap,
    io,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use url::form_urlencoded;

use super::{clock::new_secret, link_token::Link};

const LIFETIME: time::Duration = time::Duration::hours(1);

/// A pending authorization request.
#[derive(Debug, Clone)]
pub(super) struct RoundTrip {
    pub(super) link: Link,
    pub(super) verifier: String,
    until: OffsetDateTime,
}

/// The provider's token response, as far as it is used.
#[derive(Debug, Deserialize)]
pub(super) struct Granted {
    /// Name of the account, such as "Jane's Slack".
    pub(super) account: String,
}

pub(super) struct RoundTrips {
    open: Mutex<HashMap<String, RoundTrip>>,
    http: reqwest::Client,
    token_endpoint: String,
}

impl RoundTrips {
    /// `token_endpoint` is the URL up to the connector's id.
    pub(super) fn new(token_endpoint: &str) -> io::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(10))
            .build()
            .map_err(io::Error::other)?;
        Ok(Self { open: Mutex::default(), http, token_endpoint: token_endpoint.to_owned() })
    }

    /// Begins a request; returns its `state` and code challenge (S256).
    pub(super) fn begin(&self, link: Link, now: OffsetDateTime) -> (String, String) {
        let (state, verifier) = (new_secret(), new_secret());
        let challenge = challenge(&verifier);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, trip| trip.until > now);
        open.insert(state.clone(), RoundTrip { link, verifier, until: now + LIFETIME });
        (state, challenge)
    }

    /// Takes the pending request of that `state`.
    pub(super) fn end(&self, state: &str, now: OffsetDateTime) -> Option<RoundTrip> {
        let trip = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(state)?;
        (trip.until > now).then_some(trip)
    }

    /// Exchanges the code; `None` if the provider refuses.
    pub(super) async fn exchange(
        &self,
        trip: &RoundTrip,
        code: &str,
        client_id: &str,
        redirect_uri: &str,
    ) -> Option<Granted> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("code_verifier", &trip.verifier)
            .finish();
        let answer = self
            .http
            .post(format!("{}/{}/token", self.token_endpoint, trip.link.claims.connector_id))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status);
        match answer {
            Ok(answer) => answer.json().await.ok(),
            Err(error) => {
                tracing::debug!(error = %error.without_url(), "the provider refused a code");
                None
            }
        }
    }
}

/// The code challenge of a verifier, by S256 (RFC 7636 section 4.2).
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}
