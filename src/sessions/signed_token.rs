//! Sessions opened by a host token. Their id is derived from the token's: a repeated token opens the same session.

use secrecy::SecretString;
use thiserror::Error;

use super::{
    CreateError, RequestedUser, SessionRequest, Sessions,
    host_token::{Claims, Refused},
};
use crate::domain::{
    error::Error,
    keys::derived_uuid,
    session::{SessionId, StartCode},
};

#[derive(Debug, Error)]
pub(crate) enum TokenError {
    /// The reason is logged and not for the browser.
    #[error("the token is not accepted")]
    NotAccepted,
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Sessions {
    /// The first call for a token creates the session.
    pub(crate) async fn code_for_token(&self, token: &SecretString) -> Result<StartCode, TokenError> {
        let claims = self.host_tokens.accept(token).await.map_err(|refused| {
            tracing::warn!(%refused, "a token of the host was not accepted");
            if refused == Refused::NoKeys { Error::HostKeysUnavailable.into() } else { TokenError::NotAccepted }
        })?;
        let (id, user) = (session_id(&claims), claims.sub.clone());
        let mut session = self.find(id).await?;
        if session.is_none() {
            self.create_for_token(id, request(claims)).await.map_err(not_created)?;
            // A concurrent request may have created it. It stays missing if its user was erased.
            session = self.find(id).await?;
        }
        let session = session.ok_or(TokenError::NotAccepted)?;
        if session.user.external_id != user {
            tracing::warn!(session = %id, "the host gave the same `jti` to tokens of two users");
            return Err(TokenError::NotAccepted);
        }
        let stored = self.stored_secrets(id).await?;
        stored.map(|(code, _)| code).ok_or(TokenError::NotAccepted)
    }

    /// An app that is not offered is only logged: it is the user who holds the token, and can choose another app.
    async fn create_for_token(&self, id: SessionId, request: SessionRequest) -> Result<(), CreateError> {
        let session = self.validate(id, request)?;
        if let Err(refused) = self.check_connectors(&session).await {
            tracing::warn!(session = %id, %refused, "a token of the host names an app that cannot be linked");
        }
        self.store_new(session, None).await?;
        Ok(())
    }
}

fn not_created(error: CreateError) -> TokenError {
    match error {
        CreateError::Failed(error) => error.into(),
        refused => {
            tracing::warn!(%refused, "a token of the host asks for what cannot be");
            TokenError::NotAccepted
        }
    }
}

/// The id is derived from the issuer too, because token ids are unique per issuer (RFC 7519 section 4.1.7).
fn session_id(claims: &Claims) -> SessionId {
    SessionId::from_uuid(derived_uuid(&[
        b"gangway host token\0",
        claims.iss.as_bytes(),
        b"\0",
        claims.jti.0.as_bytes(),
    ]))
}

fn request(claims: Claims) -> SessionRequest {
    let Claims { sub, name, email, alloy_user_id, .. } = claims;
    SessionRequest {
        user: RequestedUser { id: sub, name, email, alloy_user_id },
        connectors: claims.connectors,
        connector: claims.connector,
        reconnect: claims.reconnect,
        after: claims.after,
        return_url: claims.return_url,
        locale: claims.locale,
        expires_in: None,
        client_reference: claims.client_reference,
    }
}
