//! Request and response bodies of Alloy's API.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Connectors {
    pub(super) connectors: Vec<Value>,
}

#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) metadata: Vec<Value>,
}

/// May contain keys: no `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateCredential<'a> {
    pub(super) user_id: &'a str,
    pub(super) authentication_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) auth_config_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redirect_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Value>,
}

/// Has exactly one of both. It may contain the authorization URL: no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CredentialCreated {
    pub(super) oauth_url: Option<String>,
    pub(super) credential_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExecuteAction<'a> {
    pub(super) credential_id: &'a str,
}

/// Has `responseData`, or `success` and `result`. A failure may have a 2xx status.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActionExecuted {
    #[serde(alias = "result")]
    pub(super) response_data: Option<Value>,
    pub(super) success: Option<bool>,
    pub(super) status: Option<Value>,
    pub(super) error: Option<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateUser<'a> {
    pub(super) username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) full_name: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub(super) user_id: String,
    pub(super) username: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Deleted {
    pub(super) success: Option<bool>,
}
