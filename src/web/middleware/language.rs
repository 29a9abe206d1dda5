//! In which language a page speaks: the one that the person chose, else the session's, else one that their browser
//! asks for. The choice is kept in a cookie of its own, because it is made before there is any session.

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    cookie::{Cookie, SameSite, time::Duration},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderValue},
    middleware::Next,
    web,
};

use super::own_cookies::lines;
use crate::web::{Site, cookies, request::locale::Reader, routes};

/// Says to all below who reads, and keeps a choice that the address makes.
///
/// # Errors
/// Passes on what the inner service fails with.
pub async fn language<B: MessageBody>(
    site: web::Data<Site>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if !routes::is_read(request.path()) {
        return next.call(request).await;
    }
    let kept = cookies::only_value(lines(request.headers()), cookies::LANGUAGE);
    let kept = kept.and_then(|tag| std::str::from_utf8(tag).ok());
    let reader = Reader::of(&site, request.request(), kept);
    let chosen = reader.chosen_now().filter(|_| comes_from_us(&request)).map(cookie);
    request.extensions_mut().insert(reader);
    let mut response = next.call(request).await?;
    if let Some(cookie) = chosen {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Whether the address was pressed on a page of ours, as far as the browser tells: a link of somebody else's may be read in
/// its language, and chooses none.
fn comes_from_us(request: &ServiceRequest) -> bool {
    request.headers().get("sec-fetch-site").is_none_or(|site| site == "same-origin")
}

fn cookie(tag: &str) -> HeaderValue {
    let cookie = Cookie::build(cookies::LANGUAGE, tag.to_owned())
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(180))
        .finish();
    HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}
