//! The calls of a host's server to Alloy, with what a user connected. Copy this file; only the drawer's two lines belong
//! to the demo.

use std::{sync::Arc, time::Duration};

use actix_web::web::Bytes;
use reqwest::{Client, StatusCode, header::RETRY_AFTER, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::{
    accounts::User,
    behind_the_scenes::{Call, Drawer},
    gangway::{Connection, at},
};

/// Alloy's user and the credential to use: both from Gangway, for the signed-in user. A call without
/// `x-alloy-userid` runs as the owner of the API key, who may reach other users' accounts. Therefore no call below can be
/// made without this.
pub(crate) struct Acting {
    alloy_user_id: String,
    credential_id: String,
}

impl Acting {
    /// `None` for a connection without the ids.
    pub(crate) fn with(connection: &Connection) -> Option<Self> {
        let alloy_user_id = connection.alloy_user_id.clone().filter(|id| !id.is_empty())?;
        Some(Self { alloy_user_id, credential_id: connection.credential_id.clone() })
    }
}

/// A failed action.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActionFailure {
    #[error("Alloy does not answer")]
    Unreachable(#[from] reqwest::Error),
    /// Report it to Gangway, and ask the user to connect again.
    #[error("the app no longer accepts the credential")]
    CredentialRefused,
    #[error("too many calls")]
    RateLimited {
        /// Delay before the next call, if the response names one.
        retry_after: Option<Duration>,
    },
    #[error("the action failed ({0})")]
    Failed(StatusCode),
}

pub(crate) struct Alloy {
    http: Client,
    base_url: Url,
    api_key: SecretString,
    drawer: Arc<Drawer>,
}

impl Alloy {
    pub(crate) fn new(base_url: Url, api_key: SecretString, drawer: Arc<Drawer>) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(30))
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { http, base_url, api_key, drawer })
    }

    /// Runs an action of a connector and returns the app's answer. Not repeated on a timeout: the action may have run.
    pub(crate) async fn execute(
        &self,
        user: &User,
        acting: &Acting,
        connector: &str,
        action: &str,
        input: &Value,
    ) -> Result<Value, ActionFailure> {
        let url = at(&self.base_url, &["connectors", connector, "actions", action, "execute"]);
        let request = self.http.post(url).bearer_auth(self.api_key.expose_secret());
        let request = request.header("x-api-version", "2025-09").header("x-alloy-userid", &acting.alloy_user_id);
        let request = request.json(&json!({"credentialId": acting.credential_id, "requestBody": input})).build()?;
        let call = Call::begin(&request, "ALLOY_API_KEY");
        let mut retry_after = None;
        let answer: Result<(StatusCode, Bytes), reqwest::Error> = async {
            let response = self.http.execute(request).await?;
            let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            retry_after = header.and_then(|value| value.parse().ok()).map(Duration::from_secs);
            Ok((response.status(), response.bytes().await?))
        }
        .await;
        self.drawer.add(user, call.end(&answer));
        let (status, body) = answer?;
        let body = serde_json::from_slice(&body).unwrap_or_default();
        understood(status, retry_after, body).inspect_err(|failure| tracing::warn!(%failure, "an action failed"))
    }
}

/// The app's answer in `responseData` or `result`, or the failure.
fn understood(status: StatusCode, retry_after: Option<Duration>, mut body: Value) -> Result<Value, ActionFailure> {
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(ActionFailure::RateLimited { retry_after });
    }
    if refuses_credential(status, &body) {
        return Err(ActionFailure::CredentialRefused);
    }
    let data = ["responseData", "result"].into_iter().find_map(|name| body.get_mut(name).map(Value::take));
    match data {
        Some(data) if status.is_success() && data.get("ok") != Some(&json!(false)) => Ok(data),
        _ => Err(ActionFailure::Failed(status)),
    }
}

/// Alloy does not document what a removed access looks like: an error about the credential, or the app's own error in a
/// successful response. An error about our own API key has no code.
fn refuses_credential(status: StatusCode, body: &Value) -> bool {
    let text = |at: &str| body.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let code = [text("/error/code"), text("/code")].concat().to_ascii_uppercase();
    let of_credential = ["AUTH", "CREDENTIAL", "TOKEN"].iter().any(|word| code.contains(word));
    let apps_own = [text("/responseData/error"), text("/result/error")].concat();
    let of_app = matches!(apps_own.as_str(), "token_revoked" | "token_expired" | "account_inactive" | "invalid_auth");
    (matches!(status.as_u16(), 401 | 403 | 422 | 424) && of_credential) || of_app
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(status: u16, body: Value) -> Result<Value, ActionFailure> {
        understood(StatusCode::from_u16(status).unwrap(), None, body)
    }

    #[test]
    fn both_forms_of_an_answer_are_read() {
        for body in [json!({"responseData": {"ok": true, "ts": "1"}}), json!({"success": true, "result": {"ts": "1"}})]
        {
            assert_eq!(outcome(200, body).unwrap()["ts"], "1");
        }
        for body in [json!({"success": false}), json!({"responseData": {"ok": false, "error": "no_text"}}), json!(null)]
        {
            assert!(matches!(outcome(200, body), Err(ActionFailure::Failed(_))));
        }
    }

    #[test]
    fn refused_credential_is_recognised_in_every_form() {
        let coded = json!({"error": {"code": "AUTHENTICATION_FAILED"}});
        let flat = json!({"code": "CREDENTIAL_REVOKED"});
        let own = json!({"responseData": {"ok": false, "error": "token_revoked"}});
        for (status, body) in [(401, coded.clone()), (403, flat), (424, coded), (200, own)] {
            assert!(matches!(outcome(status, body), Err(ActionFailure::CredentialRefused)), "{status}");
        }
        let own_key = json!({"message": "Invalid Authorization"});
        assert!(matches!(outcome(401, own_key), Err(ActionFailure::Failed(_))), "that is our API key");
        let unknown = json!({"error": {"code": "CREDENTIAL_NOT_FOUND"}});
        assert!(matches!(outcome(404, unknown), Err(ActionFailure::Failed(_))));
    }
}
