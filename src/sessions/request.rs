//! The host's request for a session, and its validation.

use std::{borrow::Cow, time::Duration};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;
use utoipa::ToSchema;

use super::Sessions;
use crate::domain::{
    connection::CredentialId,
    connector::ConnectorId,
    session::{After, AlloyUserId, ClientReference, ConnectSession, Display, EndUser, ExternalId, SessionId},
    text,
};

/// Maximum length of a user's name or email address, in characters.
const MAX_NAME: usize = 200;

// A field that is not given is not written: the digest of a request stays the same when a release adds a field. The
// comments of the fields are texts of the API document.
/// Whom a session is for, and what it may be used for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NewConnectSession)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionRequest {
    /// Whom it is for.
    pub user: RequestedUser,
    /// The only apps that it may link; none means all that are offered. Each must be in Alloy's catalogue.
    #[serde(default)]
    pub connectors: Vec<ConnectorId>,
    /// The app to go to at once; one of `connectors`, if there are any, and one that is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector: Option<ConnectorId>,
    /// The connection to make anew: one that the user has of `connector`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconnect: Option<CredentialId>,
    /// What the pages do after a link.
    #[serde(default)]
    pub after: After,
    /// Where the browser goes back to: one of `host.return_urls`, exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri", example = "https://app.acme.com/connections")]
    pub return_url: Option<String>,
    /// The language, as a BCP 47 tag; `pt_BR` is read as `pt-BR`. What is no tag, or no language of the pages, is passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "pt-BR")]
    pub locale: Option<String>,
    /// How many seconds the code lives, at most `session.start_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 600)]
    pub expires_in: Option<u64>,
    /// A reference of your own, such as the id of an order. It comes back, as it is, in this session, its attempts and
    /// their events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_reference: Option<ClientReference>,
}

/// One of your users.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NewUser)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestedUser {
    /// Your own id.
    pub id: ExternalId,
    /// What pages call them. It is tidied: hidden characters are removed, and what is longer than 200 characters is cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Jane Doe")]
    pub name: Option<String>,
    /// Their address, as pages show it; tidied like the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "jane@acme.com")]
    pub email: Option<String>,
    /// Alloy's id, if the host has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alloy_user_id: Option<AlloyUserId>,
}

#[derive(Debug, Error)]
#[error("{field}: {detail}")]
pub(crate) struct InvalidField {
    pub(crate) field: Cow<'static, str>,
    pub(crate) detail: String,
}

impl InvalidField {
    pub(crate) fn new(field: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self { field: field.into(), detail: detail.into() }
    }
}

impl Sessions {
    pub(super) fn validate(&self, id: SessionId, request: SessionRequest) -> Result<ConnectSession, InvalidField> {
        let now = self.clock.now();
        let longest = self.start_code_lifetime;
        let lifetime = request.expires_in.map_or(longest, Duration::from_secs);
        if lifetime.is_zero() || lifetime > longest {
            let detail = format!("A number of seconds from 1 to {}.", longest.as_secs());
            return Err(InvalidField::new("expires_in", detail));
        }
        let session = ConnectSession {
            id,
            user: valid_user(request.user)?,
            connectors: request.connectors,
            connector: request.connector,
            reconnect: request.reconnect,
            after: request.after,
            return_url: request.return_url.map(|url| registered(&self.return_urls, url)).transpose()?,
            locale: request.locale.as_deref().and_then(language_tag),
            created_at: now,
            code_expires_at: now + lifetime,
            redeemed_at: None,
            arrival: None,
            seen_at: None,
            ended_at: None,
            ended_by: None,
            parent: None,
            ends_at: None,
            client_reference: request.client_reference,
            display: Display::Page,
        };
        if session.reconnect.is_some() && session.connector.is_none() {
            return Err(InvalidField::new("reconnect", "Name its app in `connector` too."));
        }
        if session.connector.as_ref().is_some_and(|connector| !session.allows(connector)) {
            return Err(InvalidField::new("connector", "It is not one of `connectors`."));
        }
        Ok(session)
    }
}

fn valid_user(user: RequestedUser) -> Result<EndUser, InvalidField> {
    if user.id.is_pseudonym() {
        return Err(InvalidField::new("user.id", "This is the form of names that users get here who were erased."));
    }
    // Only shown, so that a blank at an end is no reason to refuse the session.
    let shown = |text: Option<String>| text.map(|text| text::tidy(&text, MAX_NAME)).filter(|text| !text.is_empty());
    let (name, email) = (shown(user.name), shown(user.email));
    Ok(EndUser { external_id: user.id, name, email, alloy_user_id: user.alloy_user_id })
}

/// Compares character by character. The slash at the end of an origin may be left out.
fn registered(all: &[Url], url: String) -> Result<String, InvalidField> {
    let is_origin = |known: &Url| known.has_host() && known.path() == "/";
    let same = |known: &Url| known.as_str() == url || (is_origin(known) && known.as_str() == format!("{url}/"));
    if all.iter().any(same) {
        Ok(url)
    } else {
        Err(InvalidField::new("return_url", "It must be one of `host.return_urls`, exactly."))
    }
}

/// Reads `pt-BR`, `pt_BR`, POSIX's `pt_BR.UTF-8` and the first of `pt-BR,pt;q=0.9`, without extensions (`-u-hc-h12`).
/// Returns `None` for any other text: a session does without it.
pub(crate) fn language_tag(raw: &str) -> Option<String> {
    let tag = raw.trim().split(['.', '@', ',', ';']).next()?.trim().replace('_', "-");
    let parts: Vec<&str> = tag.split('-').take_while(|part| part.len() != 1).collect();
    let fits = !parts.is_empty() && parts.iter().all(|part| text::url_safe(part, 8));
    Some(parts.join("-")).filter(|tag| fits && tag.len() <= 35)
}

#[cfg(test)]
mod tests;
