//! Going on in another browser: a fresh link for the same user.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    domain::{
        clock::time_sorted_uuid,
        connection::CredentialId,
        connector::ConnectorId,
        session::{ConnectSession, SessionId},
    },
    gangway::Gangway,
    web::{problem::Problem, routes},
};

use crate::web::request::{form_body::Posted, in_app_browser::way_out, visitor::Visitor};

/// `POST /session/browser`: a fresh link for the same user, for the app whose page it came from. It lives no longer than
/// the session it is made of, and ends with it.
///
/// # Errors
/// `StaleForm` when the form is not this session's.
pub(crate) async fn open(
    gangway: web::Data<Gangway>,
    request: HttpRequest,
    visitor: Visitor,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    visitor.check(&gangway, &posted)?;
    let now = gangway.clock.now();
    let here = &visitor.session;
    let connector = posted.get("connector").and_then(|id| ConnectorId::parse(id).ok());
    let connector = connector.filter(|connector| here.allows(connector)).or_else(|| here.connector.clone());
    let replaces = posted.get("replaces").and_then(|id| CredentialId::parse(id).ok());
    let last = here.redeemed_at.map(|at| at + gangway.site.lifetime.absolute);
    let ends_at = here.ends_at.into_iter().chain(last).min();
    let lives = time::Duration::try_from(gangway.settings.session.start_code).unwrap_or(time::Duration::MAX);
    let session = ConnectSession {
        id: SessionId(time_sorted_uuid(&*gangway.clock, &*gangway.entropy)),
        reconnect: replaces.filter(|_| connector.is_some()),
        connector,
        created_at: now,
        code_expires_at: ends_at.map_or(now + lives, |ends_at| ends_at.min(now + lives)),
        redeemed_at: None,
        arrival: None,
        seen_at: None,
        ended_at: None,
        ended_by: None,
        parent: here.parent.or(Some(here.id)),
        ends_at,
        ..here.clone()
    };
    let code = gangway.start_code(session.id).ok_or(Problem::Internal)?;
    gangway.store.insert_session(&session, &code.digest()).await?;
    tracing::info!(session = %session.id, from = %here.id, "a link for another browser");
    let back_url = session.connector.as_ref().map_or_else(|| routes::CONNECTORS.to_owned(), routes::connector);
    way_out(&gangway.site, &request, &visitor.reader, here, &code, back_url)
}
