//! Our own files, the stylesheet and the host's logo.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
    web,
};
use bytes::Bytes;

use crate::{
    domain::keys::Digest,
    web::{Site, assets, pages::brand, problem::Problem, routes},
};

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

/// Our stylesheet with the host's colour at its end: one request instead of two.
#[derive(Debug, Clone)]
pub struct Style {
    hash: String,
    css: Bytes,
}

impl Style {
    /// The stylesheet for that colour, `#rrggbb`; without one, or with another text, our own colours.
    pub fn of(color: Option<&str>) -> Self {
        let mut css = assets::named("app.css").map(|own| own.bytes.to_vec()).unwrap_or_default();
        css.extend(color.and_then(brand::css).unwrap_or_default().bytes());
        let hash = Digest::of(&css).to_text().chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        Self { hash, css: css.into() }
    }

    /// Its address, which changes with it.
    pub fn url(&self) -> String {
        routes::style(&self.hash)
    }
}

/// `GET /brand/{hash}.css`: the stylesheet of our pages.
///
/// # Errors
/// `NotFound` for another hash.
pub async fn style(site: web::Data<Site>, hash: web::Path<String>) -> Result<HttpResponse, Problem> {
    if *hash != site.style.hash {
        return Err(Problem::NotFound);
    }
    Ok(served("text/css; charset=utf-8", FOR_EVER).body(site.style.css.clone()))
}

/// `GET /brand/logo`: the file of `brand.logo`.
///
/// # Errors
/// `NotFound` without that setting, or when the file is neither SVG nor PNG.
pub async fn logo(site: web::Data<Site>) -> Result<HttpResponse, Problem> {
    let path = site.logo.clone().ok_or(Problem::NotFound)?;
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
