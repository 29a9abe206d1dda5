//! Creates, lists and deletes credentials.

use super::{
    AlloyClient, AlloyError, AuthorizationUrl, Refusal,
    call::{ActAs, Call},
    convert,
    credential_list::{MAX_LIST_BODY, entries},
    response::AlloyResponse,
    wire,
};
use crate::domain::{
    connection::{CredentialId, Listing},
    connector::{AuthenticationType, ConnectorId},
    form::FormValues,
    session::AlloyUserId,
};

/// Input for a new credential. Contains a secret: no `Debug`.
#[derive(Clone, Copy)]
pub struct NewCredential<'a> {
    /// The app.
    pub connector: &'a ConnectorId,
    /// The owner.
    pub user: &'a AlloyUserId,
    /// The authentication method.
    pub authentication_type: &'a AuthenticationType,
    /// One of the host's own OAuth apps.
    pub auth_config_id: Option<&'a str>,
    /// Return address of the browser. Contains the attempt's state: a secret.
    pub redirect_uri: Option<&'a str>,
    /// The form values.
    pub answers: &'a FormValues,
}

/// Outcome of a creation.
#[derive(Debug, Clone)]
pub enum Created {
    /// Nothing is stored until the user authorizes it.
    Authorize(AuthorizationUrl),
    /// The key is stored; it may not work.
    Saved(CredentialId),
}

impl AlloyClient {
    /// `POST /connectors/{connectorId}/credentials`. Returns an error if there is no usable response; for a key, see
    /// [`AlloyError::may_have_succeeded`], because each call stores another one.
    pub async fn create_credential(&self, new: NewCredential<'_>) -> Result<Created, AlloyError> {
        let path = ["connectors", new.connector.as_str(), "credentials"];
        let body = wire::CreateCredential {
            user_id: new.user.as_str(),
            authentication_type: new.authentication_type.as_str(),
            auth_config_id: new.auth_config_id,
            redirect_uri: new.redirect_uri,
            data: new.answers.data(),
        };
        // Nothing exists until the user authorizes it, but each call with a key stores another one.
        let idempotent = new.redirect_uri.is_some();
        let call = Call { idempotent, ..Call::post(&path, ActAs::User(new.user), &body)? };
        let answer = self.call(call).await;
        let answer = answer.map_err(|error| hide(error, new.answers))?;
        let created: wire::CredentialCreated = answer.read()?;
        match (created.oauth_url, created.credential_id) {
            (Some(url), None) => Ok(Created::Authorize(AuthorizationUrl::check(&url, self.links())?)),
            (None, Some(id)) => match CredentialId::parse(id) {
                Ok(id) => Ok(Created::Saved(id)),
                Err(_) => Err(AlloyError::Malformed("a credential id of another form")),
            },
            (Some(_), Some(_)) => Err(AlloyError::Malformed("both a link and a credential")),
            (None, None) => Err(AlloyError::Malformed("neither a link nor a credential")),
        }
    }

    /// `DELETE /users/{userId}/credentials/{credentialId}`; after a 404, whose meaning is undocumented, the connector's
    /// endpoint. A missing credential counts as deleted. Returns the last error; the call may be repeated.
    pub async fn delete_credential(
        &self,
        user: &AlloyUserId,
        connector: &ConnectorId,
        credential: &CredentialId,
    ) -> Result<(), AlloyError> {
        let (act_as, id) = (ActAs::User(user), credential.as_str());
        let is_missing = |error: &AlloyError| matches!(error, AlloyError::Refused(Refusal { status: 404, .. }));
        let was_missing = match self.call(Call::delete(&["users", user.as_str(), "credentials", id], act_as)).await {
            Ok(_) => return Ok(()),
            Err(AlloyError::NotServed) => false,
            Err(error) if is_missing(&error) => true,
            Err(error) => return Err(error),
        };
        match self.call(Call::delete(&["connectors", connector.as_str(), "credentials", id], act_as)).await {
            Err(AlloyError::NotServed) if was_missing => Ok(()),
            Err(error) if !is_missing(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// `GET /users/{userId}/credentials`. If that is not served or too large, and an app is given, lists those of the
    /// app. The `known` ids of all apps identify a credential's app. Returns an error if there is no usable response.
    pub async fn listing(
        &self,
        user: &AlloyUserId,
        known: &[ConnectorId],
        one: Option<&ConnectorId>,
    ) -> Result<Listing, AlloyError> {
        let of_user = self.call(list(&["users", user.as_str(), "credentials"], user)).await;
        let answer = match (of_user, one) {
            (Err(error @ (AlloyError::NotServed | AlloyError::TooLarge)), Some(one)) => {
                let of_app = self.listing_of_app(user, known, one).await;
                return of_app.map_err(|own| if own == AlloyError::NotServed { error } else { own });
            }
            (answer, _) => answer?,
        };
        let known: Vec<ConnectorId> = known.iter().chain(one).cloned().collect();
        listed(&answer, &known)
    }

    /// `GET /connectors/{connectorId}/credentials`. Returns an error if there is no usable response.
    pub async fn listing_of_app(
        &self,
        user: &AlloyUserId,
        known: &[ConnectorId],
        app: &ConnectorId,
    ) -> Result<Listing, AlloyError> {
        let answer = self.call(list(&["connectors", app.as_str(), "credentials"], user)).await?;
        let known: Vec<ConnectorId> = known.iter().chain([app]).cloned().collect();
        listed(&answer, &known)
    }

    /// The list, or the beginning of a too large one, and whether it is complete. Fails without a usable response.
    pub async fn listing_or_beginning(
        &self,
        user: &AlloyUserId,
        known: &[ConnectorId],
    ) -> Result<(Listing, bool), AlloyError> {
        let path = ["users", user.as_str(), "credentials"];
        let answer = self.call(Call { truncate: true, ..list(&path, user) }).await?;
        Ok((listed(&answer, known)?, answer.whole))
    }
}

fn list<'a>(path: &'a [&'a str], user: &'a AlloyUserId) -> Call<'a> {
    Call { max_body: MAX_LIST_BODY, ..Call::get(path, ActAs::User(user)) }
}

fn listed(answer: &AlloyResponse, known: &[ConnectorId]) -> Result<Listing, AlloyError> {
    let credentials = entries(&answer.body, answer.whole, "credentials", |entry| convert::credential(entry, known))?;
    Ok(Listing { credentials, answered_at: answer.answered_at })
}

/// Redacts the form values, and drops a text that was cut, because it may end in the beginning of a key.
fn hide(error: AlloyError, answers: &FormValues) -> AlloyError {
    let hide = |text: String| (!text.ends_with('…')).then(|| answers.redact(&text));
    match error {
        AlloyError::Refused(Refusal { status, code, message }) => {
            AlloyError::Refused(Refusal { status, code: code.and_then(hide), message: message.and_then(hide) })
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
