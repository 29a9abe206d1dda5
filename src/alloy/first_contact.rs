//! Calls of `gangway check --probe` and `--link`, which report what an account answers, field names included.

use serde_json::Value;

use super::{
    AlloyClient, AlloyError,
    call::{ActAs, Call},
    connectors::MAX_CATALOGUE_BODY,
    credential_list::MAX_LIST_BODY,
    users::{FoundUser, NameLookup},
    wire,
};
use crate::domain::{connection::CredentialId, connector::ConnectorId, session::AlloyUserId, text::printable};

/// A listed credential, as Alloy names its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListedForm {
    pub(crate) id: CredentialId,
    pub(crate) name: String,
    pub(crate) kind: String,
    /// Names of the entry's fields, without their values.
    pub(crate) fields: Vec<String>,
}

impl AlloyClient {
    /// `POST /users`. The answer may be of another user: [`Self::confirm`].
    pub(crate) async fn create_unconfirmed(&self, username: &str) -> Result<FoundUser, AlloyError> {
        self.create_user(username, Some("Gangway check")).await
    }

    /// Returns the id if Alloy's user of that id has exactly that name.
    pub(crate) async fn confirm(&self, found: FoundUser) -> Result<AlloyUserId, AlloyError> {
        self.verify_user(&found).await?;
        Ok(found.id)
    }

    /// The user of exactly that name. Returns `None` if Alloy answers that there is none.
    pub(crate) async fn user_named(&self, username: &str) -> Result<Option<AlloyUserId>, AlloyError> {
        match self.find_user(username).await {
            Ok(NameLookup::Found(found)) => Ok(Some(found.id)),
            Ok(NameLookup::Free) | Err(AlloyError::ForeignUser) => Ok(None),
            Ok(NameLookup::Unknown(error)) | Err(error) => Err(error),
        }
    }

    /// `GET /connectors/{id}/credentials/metadata`, every entry as it is.
    pub(crate) async fn metadata_entries(&self, connector: &ConnectorId) -> Result<Vec<Value>, AlloyError> {
        let path = ["connectors", connector.as_str(), "credentials", "metadata"];
        let call = Call { max_body: MAX_CATALOGUE_BODY, ..Call::get(&path, ActAs::Account) };
        Ok(self.call(call).await?.read::<wire::Metadata>()?.metadata)
    }

    /// The credentials of the user, or of the user at one app, in the forms in which they are listed.
    pub(crate) async fn listed_forms(
        &self,
        user: &AlloyUserId,
        app: Option<&ConnectorId>,
    ) -> Result<Vec<ListedForm>, AlloyError> {
        let path = match app {
            Some(app) => ["connectors", app.as_str(), "credentials"],
            None => ["users", user.as_str(), "credentials"],
        };
        let call = Call { max_body: MAX_LIST_BODY, ..Call::get(&path, ActAs::User(user)) };
        let body: Value = self.call(call).await?.read()?;
        let entries = body.get("data").or_else(|| body.get("credentials")).and_then(Value::as_array);
        let entries = entries.ok_or(AlloyError::Malformed("a list without data or credentials"))?;
        Ok(entries.iter().filter_map(listed_form).collect())
    }

    /// Deletes a credential by one call: the user's, or the app's. Returns the names in the answer.
    pub(crate) async fn delete_by(
        &self,
        user: &AlloyUserId,
        app: Option<&ConnectorId>,
        credential: &CredentialId,
    ) -> Result<Vec<String>, AlloyError> {
        let path = match app {
            Some(app) => ["connectors", app.as_str(), "credentials", credential.as_str()],
            None => ["users", user.as_str(), "credentials", credential.as_str()],
        };
        let answer = self.call(Call::delete(&path, ActAs::User(user))).await?;
        // 2xx with any body, or none, is a success.
        Ok(answer.read::<Value>().map(|body| names(&body)).unwrap_or_default())
    }

    /// Runs an action without input. Returns the names in the answer, nested ones with dots.
    pub(crate) async fn run_action(
        &self,
        user: &AlloyUserId,
        app: &ConnectorId,
        action: &str,
        credential: &CredentialId,
    ) -> Result<(Vec<String>, Vec<String>), AlloyError> {
        let path = ["connectors", app.as_str(), "actions", action, "execute"];
        let body = wire::ExecuteAction { credential_id: credential.as_str() };
        let call = Call { proxied: true, ..Call::post(&path, ActAs::User(user), &body)? };
        let answer: Value = self.call(call).await?.read()?;
        let data = answer.get("responseData").or_else(|| answer.get("result")).unwrap_or(&Value::Null);
        let mut texts = Vec::new();
        text_paths(data, "", 0, &mut texts);
        Ok((names(&answer), texts))
    }
}

fn listed_form(entry: &Value) -> Option<ListedForm> {
    let text = |name| entry.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(ListedForm {
        id: CredentialId::parse(entry.get("credentialId")?.as_str()?).ok()?,
        name: text("name").unwrap_or_default(),
        kind: text("type").unwrap_or_default(),
        fields: names(entry),
    })
}

/// Maximum number of names that are reported.
const MAX_NAMES: usize = 12;

/// A name of a field, and nothing that may be a value in its place.
pub(crate) fn is_field_name(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    printable(name, 1, 32)
        && digits <= 2
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

fn names(object: &Value) -> Vec<String> {
    let fields = object.as_object().into_iter().flatten().map(|(name, _)| name);
    fields.filter(|name| is_field_name(name)).take(MAX_NAMES).cloned().collect()
}

fn text_paths(value: &Value, above: &str, depth: usize, found: &mut Vec<String>) {
    let Some(object) = value.as_object().filter(|_| depth < 3) else { return };
    for (name, value) in object.iter().filter(|(name, _)| is_field_name(name) && !name.contains('.')) {
        if found.len() >= MAX_NAMES {
            return;
        }
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        if value.is_string() {
            found.push(path);
        } else {
            text_paths(value, &path, depth + 1, found);
        }
    }
}
