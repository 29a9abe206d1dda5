//! Handlers for static files, the stylesheet, the host's logo and the icons of apps.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
    web,
};

use crate::{
    catalogue::Icons,
    domain::connector::ConnectorId,
    web::{Site, assets, problem::Problem},
};

/// The name holds a hash of the content, so it can be cached without limit.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For icons of apps, which rarely change.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// The host may replace these files; a delay of an hour is acceptable.
pub(crate) const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// Which pages may load a file.
pub(crate) const RESOURCE_POLICY: &str = "cross-origin-resource-policy";

/// `GET /static/{file}`. Returns `NotFound` for an unknown name.
pub async fn file(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let asset = assets::find(&name).ok_or(Problem::NotFound)?;
    Ok(served(&asset.mime, FOR_EVER).body(asset.bytes.clone()))
}

/// `GET /brand/{hash}.css`. Returns `NotFound` for another hash.
pub async fn style(site: web::Data<Site>, hash: web::Path<String>) -> Result<HttpResponse, Problem> {
    if *hash != site.style.hash {
        return Err(Problem::NotFound);
    }
    Ok(served("text/css; charset=utf-8", FOR_EVER).body(site.style.css.clone()))
}

/// `GET /brand/logo`: `brand.logo`. Returns `NotFound` if it is not set, or neither SVG nor PNG.
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

/// `GET /icons/{connector}`, served from our origin so that pages load nothing from third parties, and for the host's
/// own pages. An app that is not offered has one too: connections name it. Returns `NotFound` for an unknown app.
pub async fn icon(
    site: web::Data<Site>,
    icons: web::Data<Icons>,
    connector: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = ConnectorId::parse(connector.into_inner()).map_err(|_| Problem::NotFound)?;
    let connector = site.catalogue.described(&id).await?.ok_or(Problem::NotFound)?;
    let icon = icons.get(&connector).await;
    Ok(served(icon.mime, A_DAY).insert_header((RESOURCE_POLICY, "cross-origin")).body(icon.bytes))
}

/// A file of the host or of a third party may be an SVG with scripts: this policy disables them.
pub(crate) fn served(kind: &str, keep: HeaderValue) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, keep))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"));
    response
}
