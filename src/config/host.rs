//! The product that embeds us: its keys, its addresses, its looks, and where it hears of events.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::values;
use crate::runtime::net::origin_of;

/// When the host must complete a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VerifyCompletion {
    /// Never.
    Never,
    /// For sessions that arrived by link.
    Links,
    /// Always.
    Always,
}

/// `host.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// `host.name`, as pages call it.
    pub name: String,
    /// `host.api_keys`: plain, or `sha256:` and 64 hexadecimal digits.
    #[serde(deserialize_with = "values::secrets")]
    pub api_keys: Vec<SecretString>,
    /// `host.origins`: whose pages may post a start code (`https://app.acme.com`).
    #[serde(deserialize_with = "values::urls")]
    pub origins: Vec<Url>,
    /// `host.return_urls`: the exact addresses to which a browser may be sent back; the first is the default.
    #[serde(deserialize_with = "values::urls")]
    pub return_urls: Vec<Url>,
    /// `host.verify_completion`
    pub verify_completion: VerifyCompletion,
    /// `host.token_issuer`: the `iss` of the tokens that the host signs; none means that it signs none.
    #[serde(deserialize_with = "values::optional_text")]
    pub token_issuer: Option<String>,
    /// `host.token_keys`: public keys in PEM.
    #[serde(deserialize_with = "values::texts")]
    pub token_keys: Vec<String>,
    /// `host.token_jwks_url`: where the host publishes its keys.
    #[serde(deserialize_with = "values::optional_url")]
    pub token_jwks_url: Option<Url>,
}

impl Host {
    /// A guess at `host.return_urls`, for the line to write where there is none.
    pub fn likely_return_url(&self) -> String {
        let origin = self.origins.first().map_or_else(|| "https://app.example.com".to_owned(), origin_of);
        format!("{origin}/")
    }
}

/// `webhook.*`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// `webhook.url`; none means that nothing is sent.
    #[serde(deserialize_with = "values::optional_url")]
    pub url: Option<Url>,
    /// `webhook.secrets`: `whsec_…`
    #[serde(deserialize_with = "values::secrets")]
    pub secrets: Vec<SecretString>,
    /// `webhook.allow_private`: whether the receiver may have a private address.
    #[serde(deserialize_with = "values::flag")]
    pub allow_private: bool,
}

/// `brand.*`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// `brand.logo`: a file (SVG or PNG) that we serve.
    #[serde(deserialize_with = "values::optional_path")]
    pub logo: Option<PathBuf>,
    /// `brand.color`: `#rrggbb`.
    #[serde(deserialize_with = "values::optional_text")]
    pub color: Option<String>,
    /// `brand.languages`: tags (`en`, `de`); the first is spoken to those who understand none. Empty means all.
    #[serde(deserialize_with = "values::texts")]
    pub languages: Vec<String>,
    /// `brand.phrases`: a folder of the host's own phrases, a file for each language (`de.ftl`).
    #[serde(deserialize_with = "values::optional_path")]
    pub phrases: Option<PathBuf>,
}
