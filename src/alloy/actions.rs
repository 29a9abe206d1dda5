//! One harmless action with a stored credential: the only way to see whether it works, and whose it is.

use serde_json::Value;

use super::{AlloyClient, AlloyError, Refusal, call::ActAs, wire};
use crate::domain::{
    connection::CredentialId,
    connector::{ConnectorId, Whoami},
    session::AlloyUserId,
    text,
};

/// What became of trying a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhoamiOutcome {
    /// It works, and this is the account's name, if it has one.
    Works(Option<String>),
    /// The provider, or Alloy for it, says that it does not.
    Refused,
}

/// In a code that speaks of a credential one of these words stands. `UNAUTHORIZED` and `FORBIDDEN` are left out: those
/// may as well be said of our own key, or of what our own account may do.
const OF_CREDENTIALS: &[&str] = &["AUTH", "AUTHENTICATION", "AUTHORIZATION", "CREDENTIAL", "CREDENTIALS", "TOKEN"];

impl AlloyClient {
    /// `POST /connectors/{connectorId}/actions/{actionId}/execute`, without any input.
    ///
    /// # Errors
    /// When it is not known whether the credential works: an outage, an action that is not there, an answer without
    /// the field. What the provider said is left out: it may repeat a key.
    pub async fn whoami(
        &self,
        whoami: &Whoami,
        user: &AlloyUserId,
        connector: &ConnectorId,
        credential: &CredentialId,
    ) -> Result<WhoamiOutcome, AlloyError> {
        let path = ["connectors", connector.as_str(), "actions", &whoami.action, "execute"];
        let body = wire::ExecuteAction { credential_id: credential.as_str() };
        match self.post_proxied(&path, ActAs::User(user), &body).await {
            Ok(answer) => read(&answer.read()?, &whoami.field),
            Err(AlloyError::Refused(refusal)) if is_of_the_credential(&refusal) => Ok(WhoamiOutcome::Refused),
            Err(AlloyError::Refused(refusal)) => Err(AlloyError::Refused(Refusal { message: None, ..refusal })),
            Err(error) => Err(error),
        }
    }
}

/// Whether the code says so: a status alone may speak of the call.
fn is_of_the_credential(refusal: &Refusal) -> bool {
    let mut words = refusal.code.iter().flat_map(|code| code.split('_'));
    matches!(refusal.status, 401 | 403 | 422 | 424) && words.any(|word| OF_CREDENTIALS.contains(&word))
}

/// What a good answer says; it may still be that of a failure.
fn read(answer: &wire::ActionExecuted, field: &str) -> Result<WhoamiOutcome, AlloyError> {
    if let Some(status) = failure(answer) {
        return match status {
            0 | 401 | 403 => Ok(WhoamiOutcome::Refused),
            _ => Err(AlloyError::Malformed("a failure that is not the credential's")),
        };
    }
    // Without the field it is not the answer that the operator expects: some providers say 200 to everything.
    let found = answer.response_data.as_ref().and_then(|data| data.pointer(&pointer(field)));
    let found = found.ok_or(AlloyError::Malformed("an answer without the field that whoami names"))?;
    let account = match found {
        Value::String(text) => Some(text::tidy(text, 120)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    Ok(WhoamiOutcome::Works(account.filter(|account| !account.is_empty())))
}

/// The status of a failure inside of a good answer, 0 where it has none.
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

/// `team.name` as RFC 6901 has it.
fn pointer(field: &str) -> String {
    field.split('.').map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

#[cfg(test)]
mod tests;
