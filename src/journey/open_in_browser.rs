//! Open in another browser: a new start link for the same user.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    domain::{connection::CredentialId, connector::ConnectorId},
    sessions::{CreatedSession, Sessions},
    web::{
        Site,
        problem::Problem,
        request::{in_app_browser::open_in_browser_page, visitor::VisitorForm},
        routes,
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
    let CreatedSession { session, code } = sessions.create_for_another_browser(here, connector, replaces).await?;
    tracing::info!(session = %session.id, from = %here.id, "a link for another browser");
    let back_url = session.connector.as_ref().map_or_else(|| routes::CONNECTORS.to_owned(), routes::connector);
    open_in_browser_page(&site, &request, &visitor.locale, here, &code, back_url)
}
