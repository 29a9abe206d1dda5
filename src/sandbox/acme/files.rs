//! Static files.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::Path,
};

use super::{accounts::Visitor, pages};

const FILES: &[(&str, &str, &str)] = &[
    ("acme.css", "text/css; charset=utf-8", include_str!("../../../static/demo/acme.css")),
    ("acme.js", "text/javascript; charset=utf-8", include_str!("../../../static/demo/acme.js")),
    ("handover.js", "text/javascript; charset=utf-8", include_str!("../../../static/demo/handover.js")),
    ("acme.svg", "image/svg+xml", include_str!("../../../static/demo/acme.svg")),
];

/// `GET /static/{file}`
pub(crate) async fn show(file: Path<String>, visitor: Visitor) -> HttpResponse {
    let Some((_, kind, text)) = FILES.iter().find(|(name, ..)| *name == file.as_str()) else {
        return pages::nothing_here(visitor).await;
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, *kind)).insert_header((CACHE_CONTROL, "no-cache")).body(*text)
}
