//! The language of a page: the user's choice, else the session's, else the browser's. The choice has its own cookie,
//! because users can choose before they have a session.

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
use crate::web::{
    Site,
    cookies::{self, OwnCookies},
    request::locale::RequestLocale,
    routes,
};

/// Middleware that adds the request locale and stores a language chosen by the URL.
pub async fn language<B: MessageBody>(
    site: web::Data<Site>,
    own: web::Data<OwnCookies>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if !routes::is_read(request.path()) {
        return next.call(request).await;
    }
    let kept = cookies::only_value(lines(request.headers()), own.language);
    let kept = kept.and_then(|tag| std::str::from_utf8(tag).ok());
    let locale = RequestLocale::of(&site, request.request(), kept);
    let chosen = locale.chosen_now().filter(|_| comes_from_us(&request)).map(|tag| cookie(**own, tag));
    request.extensions_mut().insert(locale);
    let mut response = next.call(request).await?;
    if let Some(cookie) = chosen {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Returns whether one of our pages sent the request. A link on another site must not store a choice for the user.
fn comes_from_us(request: &ServiceRequest) -> bool {
    request.headers().get("sec-fetch-site").is_none_or(|site| site == "same-origin")
}

fn cookie(own: OwnCookies, tag: &str) -> HeaderValue {
    let cookie = Cookie::build(own.language, tag.to_owned())
        .path("/")
        .secure(own.secure)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(180))
        .finish();
    HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}
