//! The one endpoint that we cannot do without, and the list that proves what came of it.

use super::{
    AlloyClient, AlloyError, AuthorizationUrl, Refusal, call::ActAs, convert, credential_list::entries,
    response::AlloyResponse, wire,
};
use crate::domain::{
    connection::{CredentialId, Listing},
    connector::{AuthenticationType, ConnectorId},
    form::FormValues,
    session::AlloyUserId,
};

/// What a credential is made of. It holds a state: no `Debug`.
#[derive(Clone, Copy)]
pub struct NewCredential<'a> {
    /// For which app.
    pub connector: &'a ConnectorId,
    /// For whom.
    pub user: &'a AlloyUserId,
    /// How the app is signed in to.
    pub authentication_type: &'a AuthenticationType,
    /// Which of the host's own OAuth apps to use.
    pub auth_config_id: Option<&'a str>,
    /// Where the browser is to come back to. It holds the attempt's state: a secret.
    pub redirect_uri: Option<&'a str>,
    /// What the person answered.
    pub answers: &'a FormValues,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Created {
    /// Nothing is stored yet: the person has to allow it there first.
    Authorize(AuthorizationUrl),
    /// The key is stored; whether it works is not known.
    Saved(CredentialId),
}

impl AlloyClient {
    /// `POST /connectors/{connectorId}/credentials`. The answer says what happened, not the type that was asked for.
    ///
    /// # Errors
    /// When there is no usable answer. For a key, see [`AlloyError::may_have_succeeded`]: each call stores one more.
    pub async fn create_credential(&self, new: NewCredential<'_>) -> Result<Created, AlloyError> {
        let path = ["connectors", new.connector.as_str(), "credentials"];
        let body = wire::CreateCredential {
            user_id: new.user.as_str(),
            authentication_type: new.authentication_type.as_str(),
            auth_config_id: new.auth_config_id,
            redirect_uri: new.redirect_uri,
            data: new.answers.data(),
        };
        // Until the person allows it there, nothing exists; but each call with a key stores one more.
        let idempotent = new.redirect_uri.is_some();
        let answer = self.post(&path, ActAs::User(new.user), &body, idempotent).await;
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

    /// `DELETE /users/{userId}/credentials/{credentialId}`; after a 404, whose meaning is not documented,
    /// `DELETE /connectors/{connectorId}/credentials/{credentialId}` too. A missing credential counts as deleted.
    ///
    /// # Errors
    /// Returns the last error if neither call deleted the credential or reported it missing. The call may be repeated.
    pub async fn delete_credential(
        &self,
        user: &AlloyUserId,
        connector: &ConnectorId,
        credential: &CredentialId,
    ) -> Result<(), AlloyError> {
        let (act_as, id) = (ActAs::User(user), credential.as_str());
        let is_missing = |error: &AlloyError| matches!(error, AlloyError::Refused(Refusal { status: 404, .. }));
        let was_missing = match self.delete(&["users", user.as_str(), "credentials", id], act_as).await {
            Ok(_) => return Ok(()),
            Err(AlloyError::NotServed) => false,
            Err(error) if is_missing(&error) => true,
            Err(error) => return Err(error),
        };
        match self.delete(&["connectors", connector.as_str(), "credentials", id], act_as).await {
            Err(AlloyError::NotServed) if was_missing => Ok(()),
            Err(error) if !is_missing(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// All that the user has, in one call (`GET /users/{userId}/credentials`). Where that is not served or too large, and
    /// one app is asked for, that app's own list (`GET /connectors/{connectorId}/credentials`). `known` are the ids of all
    /// apps: they tell which app a credential belongs to.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn listing(
        &self,
        user: &AlloyUserId,
        known: &[ConnectorId],
        one: Option<&ConnectorId>,
    ) -> Result<Listing, AlloyError> {
        let of_user = self.get_list(&["users", user.as_str(), "credentials"], user, false).await;
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

    /// What the user has of one app (`GET /connectors/{connectorId}/credentials`).
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn listing_of_app(
        &self,
        user: &AlloyUserId,
        known: &[ConnectorId],
        app: &ConnectorId,
    ) -> Result<Listing, AlloyError> {
        let answer = self.get_list(&["connectors", app.as_str(), "credentials"], user, false).await?;
        let known: Vec<ConnectorId> = known.iter().chain([app]).cloned().collect();
        listed(&answer, &known)
    }

    /// All that the user has, or the beginning of it where the list is too large to be read; whether it is all. The
    /// beginning says nothing of the rest.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn listing_or_beginning(
        &self,
        user: &AlloyUserId,
        known: &[ConnectorId],
    ) -> Result<(Listing, bool), AlloyError> {
        let answer = self.get_list(&["users", user.as_str(), "credentials"], user, true).await?;
        Ok((listed(&answer, known)?, answer.whole))
    }
}

fn listed(answer: &AlloyResponse, known: &[ConnectorId]) -> Result<Listing, AlloyError> {
    let credentials = entries(&answer.body, answer.whole, "credentials", |entry| convert::credential(entry, known))?;
    Ok(Listing { credentials, answered_at: answer.answered_at })
}

/// The vendor's message may repeat what was sent: a key must not get into a log that way, nor the beginning of one in
/// a message that was cut.
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
