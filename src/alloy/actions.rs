//! Proves a credential by one harmless action: whether it works, and whose account it is.

use serde_json::Value;

use super::{
    AlloyClient, AlloyError, Refusal,
    call::{ActAs, Call},
    wire,
};
use crate::domain::{
    connection::CredentialId,
    connector::{ConnectorId, Whoami},
    session::AlloyUserId,
    text,
};

/// Outcome of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhoamiOutcome {
    /// The credential works. Holds the account's name, if it has one.
    Works(Option<String>),
    /// The provider, or Alloy for it, refuses the credential.
    Refused,
    /// The call failed, by an answer that does not say why.
    Unclear,
}

/// A code about a credential contains one of these words. `UNAUTHORIZED` and `FORBIDDEN` may be about our own key.
const OF_CREDENTIALS: &[&str] = &["AUTH", "AUTHENTICATION", "AUTHORIZATION", "CREDENTIAL", "CREDENTIALS", "TOKEN"];

impl AlloyClient {
    /// `POST /connectors/{connectorId}/actions/{actionId}/execute`, without input. Returns an error if the outcome is
    /// unknown, without the provider's message, which may repeat a key.
    pub async fn whoami(
        &self,
        whoami: &Whoami,
        user: &AlloyUserId,
        connector: &ConnectorId,
        credential: &CredentialId,
    ) -> Result<WhoamiOutcome, AlloyError> {
        let path = ["connectors", connector.as_str(), "actions", &whoami.action, "execute"];
        let body = wire::ExecuteAction { credential_id: credential.as_str() };
        let call = Call { proxied: true, ..Call::post(&path, ActAs::User(user), &body)? };
        match self.call(call).await {
            Ok(answer) => read(&answer.read()?, &whoami.field),
            Err(AlloyError::Refused(refusal)) if is_of_the_credential(&refusal) => Ok(WhoamiOutcome::Refused),
            Err(AlloyError::Refused(refusal)) => Err(AlloyError::Refused(Refusal { message: None, ..refusal })),
            Err(error) => Err(error),
        }
    }
}

fn is_of_the_credential(refusal: &Refusal) -> bool {
    let mut words = refusal.code.iter().flat_map(|code| code.split('_'));
    matches!(refusal.status, 401 | 403 | 422 | 424) && words.any(|word| OF_CREDENTIALS.contains(&word))
}

/// A 2xx response may still report a failure.
fn read(answer: &wire::ActionExecuted, field: &str) -> Result<WhoamiOutcome, AlloyError> {
    if let Some(status) = failure(answer) {
        return match status {
            401 => Ok(WhoamiOutcome::Refused),
            // Some providers answer 403 to too many calls.
            0 | 403 => Ok(WhoamiOutcome::Unclear),
            _ => Err(AlloyError::Malformed("a failure that is not the credential's")),
        };
    }
    // Some providers answer 200 to every request, so the field is required.
    let found = answer.response_data.as_ref().and_then(|data| data.pointer(&pointer(field)));
    let found = found.ok_or(AlloyError::Malformed("an answer without the field that whoami names"))?;
    let account = match found {
        Value::String(text) => Some(text::tidy(text, 120)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    Ok(WhoamiOutcome::Works(account.filter(|account| !account.is_empty())))
}

fn failure(answer: &wire::ActionExecuted) -> Option<u64> {
    let within = |value: &Value| value.get("status").or_else(|| value.get("statusCode")).and_then(Value::as_u64);
    let number = answer.status.as_ref().and_then(Value::as_u64);
    let number = number.or_else(|| within(answer.error.as_ref()?));
    let word = answer.status.as_ref().and_then(Value::as_str).map(str::to_ascii_lowercase);
    let failed = answer.success == Some(false)
        || number.is_some_and(|number| number >= 400)
        || matches!(word.as_deref(), Some("error" | "failed" | "failure"));
    failed.then(|| number.unwrap_or_default())
}

fn pointer(field: &str) -> String {
    field.split('.').map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

#[cfg(test)]
mod tests;
