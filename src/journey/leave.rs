//! Leave: ends the session in this browser and on the server.

use actix_session::SessionExt as _;
use actix_web::{HttpRequest, HttpResponse, http::header, web};

use crate::{
    domain::session::EndedBy,
    sessions::Sessions,
    web::{
        Site,
        problem::Problem,
        request::{visitor::VisitorForm, window::logged},
        routes,
    },
};

/// `POST /session/end`: ends the session and redirects to the host; in a window, to the page that closes it.
pub(crate) async fn end(
    site: web::Data<Site>,
    sessions: web::Data<Sessions>,
    request: HttpRequest,
    VisitorForm { visitor, .. }: VisitorForm,
) -> Result<HttpResponse, Problem> {
    sessions.end(visitor.session.id, EndedBy::User).await?;
    request.get_session().purge();
    let onwards = if visitor.has_window() {
        logged(sessions.window_closed(&visitor.session).await);
        routes::WINDOW_CLOSE.to_owned()
    } else {
        site.return_url(Some(&visitor.session)).unwrap_or_else(|| routes::ROOT.to_owned())
    };
    Ok(HttpResponse::SeeOther()
        // Not "cookies": that would sign the user out of the host's whole domain.
        .insert_header(("clear-site-data", "\"cache\""))
        .insert_header((header::LOCATION, onwards))
        .finish())
}
