//! Serving what does not change while we run: our own files, and the host's colour and logo.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
    web,
};

use crate::{assets, gangway::Gangway, pages::brand, problem::Problem};

/// The name holds a hash of the content, so it may be kept for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// The host may change these; an hour old is good enough.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// `GET /static/{file}`: one of our own files.
///
/// # Errors
/// `NotFound` for any other name.
pub async fn file(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let asset = assets::find(&name).ok_or(Problem::NotFound)?;
    Ok(served(&asset.mime, FOR_EVER).body(asset.bytes.clone()))
}

/// `GET /brand/color.css`: the stylesheet of `brand.color`.
///
/// # Errors
/// `NotFound` without that setting.
pub async fn color(gangway: web::Data<Gangway>) -> Result<HttpResponse, Problem> {
    let color = gangway.settings.brand.color.as_deref();
    let css = color.and_then(brand::css).ok_or(Problem::NotFound)?;
    Ok(served("text/css; charset=utf-8", AN_HOUR).body(css))
}

/// `GET /brand/logo`: the file of `brand.logo`.
///
/// # Errors
/// `NotFound` without that setting, or when the file is neither SVG nor PNG.
pub async fn logo(gangway: web::Data<Gangway>) -> Result<HttpResponse, Problem> {
    let path = gangway.settings.brand.logo.clone().ok_or(Problem::NotFound)?;
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => return Err(Problem::NotFound),
    };
    let bytes = tokio::fs::read(path).await.map_err(|error| {
        tracing::error!(%error, "brand.logo cannot be read");
        Problem::NotFound
    })?;
    Ok(served(kind, AN_HOUR).body(bytes))
}

/// A picture of the host's may be a document with scripts: under this policy nothing of it runs.
fn served(kind: &str, keep: HeaderValue) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, keep))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"));
    response
}
