//! Open in another browser: a new start link for the same user.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    domain::{connection::CredentialId, connector::ConnectorId, session::StartCode},
    sessions::{CreatedSession, Sessions},
    web::{
        Site,
        problem::Problem,
        request::{in_app_browser::open_in_browser_page, visitor::VisitorForm},
        routes::{self, ConnectOptions},
    },
};

/// `POST /session/browser`: a start link for the app of the page.
pub(crate) async fn open(
    site: web::Data<Site>,
    sessions: web::Data<Sessions>,
    request: HttpRequest,
    VisitorForm { visitor, body }: VisitorForm,
) -> Result<HttpResponse, Problem> {
    let here = &visitor.session;
    let connector = body.get("connector").and_then(|id| ConnectorId::parse(id).ok());
    let connector = connector.filter(|connector| here.allows(connector)).or_else(|| here.connector.clone());
    let replaces = body.get("replaces").and_then(|id| CredentialId::parse(id).ok());
    let options = ConnectOptions {
        method: body.get("method"),
        replaces: replaces.as_ref(),
        another: body.get("another").is_some(),
    };
    let back_url = connector
        .as_ref()
        .map_or_else(|| routes::CONNECTORS.to_owned(), |connector| routes::connector_with(connector, options));
    let path = |code: &StartCode| match connector {
        Some(_) => routes::start_with(code, options),
        None => routes::start(code),
    };
    let CreatedSession { session, code, .. } =
        sessions.create_for_another_browser(here, connector.clone(), replaces.clone()).await?;
    tracing::info!(session = %session.id, from = %here.id, "a link for another browser");
    open_in_browser_page(&site, &request, &visitor.locale, here, &path(&code), back_url)
}
