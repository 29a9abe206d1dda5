//! App icons, served from our origin so that pages load nothing from third parties.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
    web,
};

use crate::{
    catalogue::Icons,
    web::{Site, problem::Problem},
};

/// `GET /icons/{connector}`, with a policy that disables scripts in SVG files. Returns `NotFound` if unknown.
pub async fn show(
    site: web::Data<Site>,
    icons: web::Data<Icons>,
    connector: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let connector = site.catalogue.connector(&connector).await?.ok_or(Problem::NotFound)?;
    let icon = icons.get(&connector).await;
    let policy = HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, icon.mime))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .body(icon.bytes))
}
