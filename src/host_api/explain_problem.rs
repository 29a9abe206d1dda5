//! The page that explains a kind of problem, at the address in the problem's `type`.

use actix_web::{HttpResponse, http::StatusCode, web};

use crate::web::{Site, pages::Explained, problem::Problem, views::frame::answer};

use super::Kind;

/// `GET /problems/{kind}`.
pub(crate) async fn show(site: web::Data<Site>, kind: web::Path<String>) -> Result<HttpResponse, Problem> {
    let kind: Kind = kind.parse().map_err(|_| Problem::NotFound)?;
    let page = Explained {
        host: site.host_name.as_str().into(),
        style_url: site.style.url(),
        status: kind.status().as_u16(),
        kind: kind.name(),
        title: kind.title(),
        happened: kind.happened(),
        advice: kind.advice(),
    };
    answer(StatusCode::OK, &page)
}
