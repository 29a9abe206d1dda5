//! Extend: more idle time for the session.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ACCEPT, REFERER},
    web,
};
use url::Url;

use crate::{
    sessions::Sessions,
    web::{
        Site,
        problem::Problem,
        request::visitor::VisitorForm,
        routes,
        views::frame::{closing, see_other},
    },
};

/// `POST /session/extend`: up to the absolute end. Returns JSON to a script, and redirects a form to its page.
pub(crate) async fn extend(
    site: web::Data<Site>,
    sessions: web::Data<Sessions>,
    request: HttpRequest,
    VisitorForm { mut visitor, .. }: VisitorForm,
) -> Result<HttpResponse, Problem> {
    sessions.extend(&mut visitor.session).await?;
    let by_script =
        request.headers().get(ACCEPT).is_some_and(|kinds| kinds.as_bytes().starts_with(b"application/json"));
    if !by_script {
        return Ok(see_other(came_from(&site, &request)));
    }
    let closing = closing(&site, &visitor.locale, &visitor.session).ok_or(Problem::Internal)?;
    Ok(HttpResponse::Ok().json(serde_json::json!({
        "seconds": closing.seconds,
        "ends_at": closing.at.datetime,
        "last": closing.extend.is_none(),
    })))
}

fn came_from(site: &Site, request: &HttpRequest) -> String {
    let header = request.headers().get(REFERER).and_then(|value| value.to_str().ok());
    let page = header.and_then(|value| Url::parse(value).ok()).filter(|url| {
        url.origin().ascii_serialization() == site.origin() && url.path().starts_with(routes::CONNECTORS)
    });
    let path = page.map(|url| routes::page_of_form(url.path()).unwrap_or(url.path()).to_owned());
    path.unwrap_or_else(|| routes::CONNECTORS.to_owned())
}
