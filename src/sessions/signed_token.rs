//! A token that the host signed becomes a session, once: the session's id is made of the token's, so that whoever posts
//! the token again comes to the same session and to a code that works once.

use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use uuid::Builder;

use crate::{
    domain::{
        error::Error,
        session::{SessionId, StartCode},
    },
    gangway::Gangway,
    host_api::{
        ApiProblem,
        sessions::{Wanted, WantedUser, make_as},
    },
    sessions::host_token::{Claims, Refused},
    web::problem::Problem,
};

/// The start code of the session that the token stands for.
///
/// # Errors
/// `PageExpired` when the token is not accepted, or says what the host's API would not take; `Store` when the host's
/// keys cannot be had.
pub(crate) async fn code_for(gangway: &Gangway, token: &SecretString) -> Result<StartCode, Problem> {
    let claims = gangway.host_tokens.accept(token).await.map_err(|refused| {
        tracing::warn!(%refused, "a token of the host was not accepted");
        if refused == Refused::NoKeys { Error::HostKeysUnavailable.into() } else { Problem::PageExpired }
    })?;
    let (id, user) = (session_id(&claims), claims.sub.clone());
    if gangway.store.session(id).await?.is_none()
        && let Err(problem) = make_as(gangway, id, wanted(claims)).await
        // Somebody else with the same token may have been faster.
        && gangway.store.session(id).await?.is_none()
    {
        return Err(not_made(&problem));
    }
    // A user who was erased does not come back by a token of before.
    let session = gangway.store.session(id).await?.ok_or(Problem::PageExpired)?;
    if session.user.external_id != user {
        tracing::warn!(session = %id, "the host gave the same `jti` to tokens of two users");
        return Err(Problem::PageExpired);
    }
    gangway.kept_start_code(id).await?.ok_or(Problem::PageExpired)
}

fn not_made(problem: &ApiProblem) -> Problem {
    if problem.is_callers_mistake() {
        tracing::warn!(%problem, "a token of the host asks for what cannot be");
        return Problem::PageExpired;
    }
    Error::StoreBusy(problem.to_string()).into()
}

/// An issuer's token ids are its own, so both are in it (RFC 7519 section 4.1.7).
fn session_id(claims: &Claims) -> SessionId {
    let digest = Sha256::new()
        .chain_update(b"gangway host token\0")
        .chain_update(claims.iss.as_bytes())
        .chain_update(b"\0")
        .chain_update(claims.jti.as_str().as_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, digested)| *byte = digested);
    SessionId(Builder::from_custom_bytes(bytes).into_uuid())
}

fn wanted(claims: Claims) -> Wanted {
    let Claims { sub, name, email, alloy_user_id, .. } = claims;
    Wanted {
        user: WantedUser { id: sub, name, email, alloy_user_id },
        connectors: claims.connectors,
        connector: claims.connector,
        reconnect: claims.reconnect,
        after: claims.after,
        return_url: claims.return_url,
        locale: claims.locale,
        expires_in: None,
    }
}
