//! The page that explains a kind of problem, at the address in the problem's `type`.

use actix_web::{HttpResponse, http::header::ContentType, web};

use crate::{
    web::Site,
    web::{
        pages::{Explained, Page as _},
        problem::Problem,
    },
};

use super::Kind;

/// `GET /problems/{kind}`.
pub(crate) async fn show(site: web::Data<Site>, kind: web::Path<String>) -> Result<HttpResponse, Problem> {
    let kind = Kind::from_name(&kind).ok_or(Problem::NotFound)?;
    let page = Explained {
        host: site.host_name.as_str().into(),
        style_url: site.style.url(),
        status: kind.status().as_u16(),
        kind: kind.name(),
        title: kind.title(),
        happened: kind.happened(),
        advice: kind.advice(),
    };
    let html = page.html().map_err(|error| {
        tracing::error!(%error, "a page could not be written");
        Problem::Internal
    })?;
    Ok(HttpResponse::Ok().content_type(ContentType::html()).body(html))
}
