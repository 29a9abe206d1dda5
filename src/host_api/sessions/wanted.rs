//! What the host asks for with a session, and whether it can be had.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::{
    domain::{
        connection::CredentialId,
        connector::ConnectorId,
        session::{After, AlloyUserId, ConnectSession, EndUser, ExternalId, SessionId, StartCode},
        text,
    },
    gangway::Gangway,
    host_api::ApiProblem,
    web::problem::Problem,
};

/// The longest name or address of a user, in characters.
const LONGEST_NAME: usize = 200;

// What is left out is not written either, so that a request is the same one after a field was added here.
/// Whom a session is for, and what it may be used for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NewConnectSession)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Whom it is for.
    pub user: WantedUser,
    /// The only apps that it may link; none means all that are offered.
    #[serde(default)]
    pub connectors: Vec<ConnectorId>,
    /// The app to go to at once; one of `connectors`, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connector: Option<ConnectorId>,
    /// The connection to make anew, one of `connector`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconnect: Option<CredentialId>,
    /// What the pages do after a link.
    #[serde(default)]
    pub after: After,
    /// Where the browser goes back to: one of `host.return_urls`, exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri", example = "https://app.acme.com/connections")]
    pub return_url: Option<String>,
    /// The language, as a BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = r"^[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*$", max_length = 35, example = "pt-BR")]
    pub locale: Option<String>,
    /// How many seconds the code lives, at most `session.start_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, example = 600)]
    pub expires_in: Option<u64>,
}

/// One of your users.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = NewUser)]
#[serde(deny_unknown_fields)]
pub struct WantedUser {
    /// Your own id.
    pub id: ExternalId,
    /// What pages call them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "printable", min_length = 1, max_length = 200, example = "Jane Doe")]
    pub name: Option<String>,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "printable", min_length = 1, max_length = 200, example = "jane@acme.com")]
    pub email: Option<String>,
    /// Alloy's id, if the host has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alloy_user_id: Option<AlloyUserId>,
}

/// A session that is not kept yet, with its start code.
pub(in crate::host_api) async fn prepare(
    gangway: &Gangway,
    id: SessionId,
    wanted: Wanted,
) -> Result<(ConnectSession, StartCode), ApiProblem> {
    let now = gangway.clock.now();
    let longest = gangway.settings.session.start_code;
    let lives = wanted.expires_in.map_or(longest, Duration::from_secs);
    if lives.is_zero() || lives > longest {
        let wanted = format!("A number of seconds from 1 to {}.", longest.as_secs());
        return Err(ApiProblem::field("expires_in", wanted));
    }
    let session = ConnectSession {
        id,
        user: known_user(gangway, wanted.user).await?,
        connectors: wanted.connectors,
        connector: wanted.connector,
        reconnect: wanted.reconnect,
        after: wanted.after,
        return_url: wanted.return_url.map(|url| registered(&gangway.settings.host.return_urls, url)).transpose()?,
        locale: wanted.locale.map(language_tag).transpose()?,
        created_at: now,
        code_expires_at: now + lives,
        redeemed_at: None,
        arrival: None,
        seen_at: None,
        ended_at: None,
        ended_by: None,
        parent: None,
        ends_at: None,
    };
    if session.reconnect.is_some() && session.connector.is_none() {
        return Err(ApiProblem::field("reconnect", "Name its app in `connector` too."));
    }
    let outside = session.connector.as_ref().is_some_and(|connector| !session.allows(connector));
    if outside {
        return Err(ApiProblem::field("connector", "It is not one of `connectors`."));
    }
    let code = gangway.start_code(session.id).ok_or(Problem::Internal)?;
    Ok((session, code))
}

async fn known_user(gangway: &Gangway, wanted: WantedUser) -> Result<EndUser, ApiProblem> {
    if wanted.id.is_pseudonym() {
        return Err(ApiProblem::field("user.id", "This is the form of names that users get here who were erased."));
    }
    for (field, value) in [("user.name", &wanted.name), ("user.email", &wanted.email)] {
        if value.as_ref().is_some_and(|value| !text::printable(value, 1, LONGEST_NAME)) {
            let detail = format!("1 to {LONGEST_NAME} printable characters without spaces at the ends.");
            return Err(ApiProblem::field(field, detail));
        }
    }
    if let Some(given) = &wanted.alloy_user_id {
        let now = gangway.clock.now();
        let is_new = gangway.store.alloy_user(&wanted.id).await?.is_none();
        if is_new && gangway.store.alloy_user_is_taken(&wanted.id, given).await? {
            tracing::info!(alloy_user = %given, "the host gave a user the Alloy user that another of its users has");
        }
        if gangway.store.remember_alloy_user(&wanted.id, given, now).await? != *given {
            let detail = "This user is known under another Alloy user id already.";
            return Err(ApiProblem::field("user.alloy_user_id", detail));
        }
    }
    // A name of which nothing is seen is no name.
    let seen = |name: Option<String>| name.filter(|name| text::is_visible(name));
    let (name, email) = (seen(wanted.name), seen(wanted.email));
    Ok(EndUser { external_id: wanted.id, name, email, alloy_user_id: wanted.alloy_user_id })
}

/// Only an address that is registered, character by character, is one that a browser may be sent to. The settings write
/// `https://app.acme.com` with a slash at its end, which nobody has to know.
pub(super) fn registered(all: &[Url], url: String) -> Result<String, ApiProblem> {
    let same = |known: &Url| known.as_str() == url || (known.path() == "/" && known.as_str() == format!("{url}/"));
    if all.iter().any(same) {
        Ok(url)
    } else {
        Err(ApiProblem::field("return_url", "It must be one of `host.return_urls`, exactly."))
    }
}

fn language_tag(tag: String) -> Result<String, ApiProblem> {
    let fits = tag.len() <= 35 && tag.split('-').all(|part| text::url_safe(part, 8) && !part.contains('_'));
    if fits { Ok(tag) } else { Err(ApiProblem::field("locale", "A language tag such as `en` or `pt-BR`.")) }
}
