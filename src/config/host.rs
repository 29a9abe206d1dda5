//! The host: its keys, addresses, receiver and brand.
#![expect(missing_docs, reason = "config/default.toml documents every setting")]

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::values;
use crate::runtime::net::{is_private_use, origin_of};

/// When the host must complete a link by its completion code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VerifyCompletion {
    Never,
    /// For sessions that arrived by link.
    Links,
    Always,
}

/// `host.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    pub name: String,
    #[serde(deserialize_with = "values::secrets")]
    pub api_keys: Vec<SecretString>,
    #[serde(deserialize_with = "values::urls")]
    pub origins: Vec<Url>,
    #[serde(deserialize_with = "values::return_urls")]
    pub return_urls: Vec<Url>,
    #[serde(deserialize_with = "values::flag")]
    pub frames: bool,
    pub verify_completion: VerifyCompletion,
    #[serde(deserialize_with = "values::optional_text")]
    pub token_issuer: Option<String>,
    #[serde(deserialize_with = "values::texts")]
    pub token_keys: Vec<String>,
    #[serde(deserialize_with = "values::optional_url")]
    pub token_jwks_url: Option<Url>,
}

impl Host {
    /// The URLs to which a browser itself may be sent back, without those that the system hands to an app.
    pub(crate) fn web_return_urls(&self) -> impl Iterator<Item = &Url> {
        self.return_urls.iter().filter(|url| !is_private_use(url))
    }

    /// An example of `host.return_urls` for a fix.
    pub fn likely_return_url(&self) -> String {
        let origin = self.origins.first().map_or_else(|| "https://app.example.com".to_owned(), origin_of);
        format!("{origin}/")
    }
}

/// `webhook.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    #[serde(deserialize_with = "values::optional_url")]
    pub url: Option<Url>,
    #[serde(deserialize_with = "values::secrets")]
    pub secrets: Vec<SecretString>,
    #[serde(deserialize_with = "values::flag")]
    pub allow_private: bool,
}

/// `brand.*`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    #[serde(deserialize_with = "values::optional_path")]
    pub logo: Option<PathBuf>,
    #[serde(deserialize_with = "values::optional_text")]
    pub color: Option<String>,
    #[serde(deserialize_with = "values::texts")]
    pub languages: Vec<String>,
    #[serde(deserialize_with = "values::optional_path")]
    pub phrases: Option<PathBuf>,
}
