//! Leave: the session is over, in this browser and on the server.

use actix_session::SessionExt as _;
use actix_web::{HttpRequest, HttpResponse, http::header, web};

use crate::{
    domain::session::EndedBy,
    gangway::Gangway,
    sessions::Sessions,
    web::{problem::Problem, routes},
};

use crate::web::request::{form_body::Posted, visitor::Visitor};

/// `POST /session/end`: ends the session and goes back to the host.
pub(crate) async fn end(
    gangway: web::Data<Gangway>,
    sessions: web::Data<Sessions>,
    request: HttpRequest,
    visitor: Visitor,
    posted: Posted,
) -> Result<HttpResponse, Problem> {
    visitor.check(&gangway, &posted)?;
    sessions.end(visitor.session.id, EndedBy::User).await?;
    request.get_session().purge();
    let onwards = gangway.site.return_url(Some(&visitor.session)).unwrap_or_else(|| routes::ROOT.to_owned());
    Ok(HttpResponse::SeeOther()
        // Not "cookies": that would sign the user out of the host's whole domain.
        .insert_header(("clear-site-data", "\"cache\""))
        .insert_header((header::LOCATION, onwards))
        .finish())
}
