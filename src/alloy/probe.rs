//! Calls of `gangway check`: they show whether Alloy accepts the settings, and have no side effects.

use bytes::Bytes;
use reqwest::{Client, Method, StatusCode, header};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use url::Url;

use crate::{
    domain::connector::ConnectorId,
    runtime::net::{BodyError, body_of, check_client, failure_text},
};

/// Maximum size of a response, in bytes: catalogues are large.
const MAX_BODY: usize = 4 * 1024 * 1024;

#[derive(Deserialize)]
struct Metadata {
    metadata: Vec<AuthenticationMethod>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthenticationMethod {
    #[serde(default)]
    auth_config_required: bool,
}

pub(crate) struct AlloyProbe<'a> {
    client: Client,
    base_url: &'a Url,
    api_key: &'a SecretString,
    api_version: &'a str,
}

pub(crate) struct ProbeResponse {
    pub(crate) status: StatusCode,
    pub(crate) is_html: bool,
    pub(crate) date: Option<OffsetDateTime>,
    pub(crate) location: Option<String>,
    body: Bytes,
}

impl<'a> AlloyProbe<'a> {
    pub(crate) fn new(base_url: &'a Url, api_key: &'a SecretString, api_version: &'a str) -> Option<Self> {
        Some(Self { client: check_client()?, base_url, api_key, api_version })
    }

    pub(crate) async fn list_connectors(&self) -> Result<ProbeResponse, String> {
        self.call(Method::GET, "connectors").await
    }

    /// Without a user and a type the call creates nothing.
    pub(crate) async fn post_empty_credential(&self, connector: &str) -> Result<ProbeResponse, String> {
        self.call(Method::POST, &format!("connectors/{connector}/credentials")).await
    }

    /// Returns `false` if Alloy gives no usable response.
    pub(crate) async fn requires_auth_config(&self, connector: &ConnectorId) -> bool {
        let response = self.call(Method::GET, &format!("connectors/{connector}/credentials/metadata")).await;
        let metadata = response.ok().and_then(|response| serde_json::from_slice::<Metadata>(&response.body).ok());
        metadata.is_some_and(|Metadata { metadata: methods }| {
            !methods.is_empty() && methods.iter().all(|method| method.auth_config_required)
        })
    }

    async fn call(&self, method: Method, path: &str) -> Result<ProbeResponse, String> {
        let address = format!("{}/{path}", self.base_url.as_str().trim_end_matches('/'));
        let mut request = self
            .client
            .request(method.clone(), address)
            .bearer_auth(self.api_key.expose_secret())
            .header("x-api-version", self.api_version);
        if method == Method::POST {
            request = request.json(&json!({}));
        }
        let response = request.send().await.map_err(failure_text)?;
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let (status, location) = (response.status(), text(header::LOCATION));
        let is_html = text(header::CONTENT_TYPE).is_some_and(|kind| kind.contains("html"));
        let date = text(header::DATE).and_then(|date| OffsetDateTime::parse(&date, &Rfc2822).ok());
        let body = body_of(response, MAX_BODY).await.map_err(|error| match error {
            BodyError::TooLarge => "its answer does not end".to_owned(),
            BodyError::BrokeOff(error) => failure_text(error),
        })?;
        Ok(ProbeResponse { status, is_html, date, location, body })
    }
}

impl ProbeResponse {
    pub(crate) fn connector_ids(&self) -> Option<Vec<String>> {
        let list: Value = serde_json::from_slice(&self.body).ok()?;
        let entries = list.get("connectors")?.as_array()?;
        Some(entries.iter().filter_map(|entry| Some(entry.get("id")?.as_str()?.to_owned())).collect())
    }
}
