//! Connect sessions: the host's permission for one of its users.

use std::time::Duration;

use actix_web::{HttpResponse, http::header, web};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::Url;

use crate::{
    clock::time_sorted_uuid,
    connection::CredentialId,
    connector::ConnectorId,
    gangway::Gangway,
    problem::Problem,
    routes,
    session::{After, AlloyUserId, ConnectSession, EndUser, EndedBy, ExternalId, SessionId, Standing, StartCode},
    text,
};

use super::{ApiProblem, Asked, Body, HostKey, Nothing, Query, once::make_once};

/// The longest name or address of a user, in characters.
const LONGEST_NAME: usize = 200;

/// What the host asks for (DESIGN, Host API). What is left out is not written either, so that a request is the same one
/// after a field was added here.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Whom it is for.
    pub user: WantedUser,
    /// The only apps that it may link.
    #[serde(default)]
    pub connectors: Vec<ConnectorId>,
    /// The app to go to at once.
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
    pub return_url: Option<String>,
    /// The language, as a BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// How many seconds the code lives, at most `session.start_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
}

/// The host's user.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedUser {
    /// The host's own id.
    pub id: ExternalId,
    /// What pages call them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Alloy's id, if the host has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alloy_user_id: Option<AlloyUserId>,
}

/// The answer to a new session. It holds the start code: no `Debug`.
#[derive(Serialize)]
pub struct Made {
    id: SessionId,
    url: String,
    start_code: String,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

/// A session as it stands.
#[derive(Debug, Serialize)]
struct Shown {
    id: SessionId,
    state: &'static str,
    user: ShownUser,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    redeemed_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    ended_at: Option<OffsetDateTime>,
}

#[derive(Debug, Serialize)]
struct ShownUser {
    id: ExternalId,
}

/// `POST /api/v1/connect-sessions`: 201 with the start code and the start link. With an `Idempotency-Key` the same again
/// gives the same answer, whatever became of the session.
///
/// # Errors
/// 422 when a field is not as it should be, or the key came with another body; 503 when the store does not answer.
pub async fn create(
    _: HostKey,
    gangway: web::Data<Gangway>,
    Query(Nothing {}): Query<Nothing>,
    Asked(key): Asked,
    Body(wanted): Body<Wanted>,
) -> Result<HttpResponse, ApiProblem> {
    let made = match key {
        Some(key) => make_once(&gangway, wanted, key).await?,
        None => make(&gangway, wanted).await?,
    };
    let location = format!("{}/{}", routes::api::CONNECT_SESSIONS, made.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(made))
}

/// Makes a session; `gangway session create` does the same without HTTP.
///
/// # Errors
/// As [`create`].
pub async fn make(gangway: &Gangway, wanted: Wanted) -> Result<Made, ApiProblem> {
    make_as(gangway, SessionId(time_sorted_uuid(&*gangway.clock, &*gangway.entropy)), wanted).await
}

/// The same under that id: for a token of the host, which stands for one session.
///
/// # Errors
/// As [`create`]; when there is one of that id already.
pub async fn make_as(gangway: &Gangway, id: SessionId, wanted: Wanted) -> Result<Made, ApiProblem> {
    let (session, code) = prepare(gangway, id, wanted).await?;
    gangway.store.insert_session(&session, &code.digest()).await?;
    Ok(Made::of(gangway, &session, &code))
}

/// A session that is not kept yet, with its start code.
pub(super) async fn prepare(
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

impl Made {
    /// The answer for that session.
    pub(super) fn of(gangway: &Gangway, session: &ConnectSession, code: &StartCode) -> Self {
        Self {
            id: session.id,
            url: gangway.public(&routes::start(code)),
            start_code: code.expose().to_owned(),
            expires_at: session.code_expires_at,
        }
    }

    /// The address to open in a browser; it holds the code.
    pub fn url(&self) -> &str {
        &self.url
    }
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
        if gangway.store.remember_alloy_user(&wanted.id, given, now).await? != *given {
            let detail = "This user is known under another Alloy user id already.";
            return Err(ApiProblem::field("user.alloy_user_id", detail));
        }
    }
    Ok(EndUser { external_id: wanted.id, name: wanted.name, email: wanted.email, alloy_user_id: wanted.alloy_user_id })
}

/// Only an address that is registered, character by character, is one that a browser may be sent to. The settings write
/// `https://app.acme.com` with a slash at its end, which nobody has to know.
fn registered(all: &[Url], url: String) -> Result<String, ApiProblem> {
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

/// `GET /api/v1/connect-sessions/{id}`: the session as it stands.
///
/// # Errors
/// 404 when there is none of that id.
pub async fn show(
    _: HostKey,
    gangway: web::Data<Gangway>,
    id: web::Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<HttpResponse, ApiProblem> {
    let session = find(&gangway, &id).await?;
    let state = match session.standing(gangway.lifetime(), gangway.clock.now()) {
        Standing::Waiting => "waiting",
        Standing::Live => "live",
        Standing::RanOut => "expired",
        Standing::Ended => "ended",
    };
    Ok(HttpResponse::Ok().json(Shown {
        id: session.id,
        state,
        user: ShownUser { id: session.user.external_id },
        created_at: session.created_at,
        redeemed_at: session.redeemed_at,
        ended_at: session.ended_at,
    }))
}

/// `DELETE /api/v1/connect-sessions/{id}`: ends it at once; 204, however often.
///
/// # Errors
/// 404 when there is none of that id.
pub async fn end(
    _: HostKey,
    gangway: web::Data<Gangway>,
    id: web::Path<String>,
    Query(Nothing {}): Query<Nothing>,
) -> Result<HttpResponse, ApiProblem> {
    let session = find(&gangway, &id).await?;
    gangway.store.end_session(session.id, EndedBy::Host, gangway.clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn find(gangway: &Gangway, id: &str) -> Result<ConnectSession, ApiProblem> {
    let missing = || ApiProblem::not_found("No session has this id.");
    let id = SessionId(id.parse().map_err(|_| missing())?);
    gangway.store.session(id).await?.ok_or_else(missing)
}

#[cfg(test)]
mod tests;
