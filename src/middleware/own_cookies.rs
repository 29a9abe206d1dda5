//! Filters the request's cookies down to our own, so that no parser below this one can take another name for ours.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderValue},
    middleware::Next,
};

use crate::cookies;

/// Leaves one `Cookie` header with our pairs, or none.
///
/// # Errors
/// Passes on the errors of the inner service.
pub async fn own_cookies<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let own = cookies::own_header(lines(request.headers()));
    replace(request.headers_mut(), own.and_then(|own| HeaderValue::from_maybe_shared(own).ok()));
    next.call(request).await
}

/// The values of all `Cookie` headers. HTTP/1.1 permits several.
pub(super) fn lines(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> + Clone {
    headers.get_all(header::COOKIE).map(HeaderValue::as_bytes)
}

/// Replaces all `Cookie` headers.
pub(super) fn replace(headers: &mut HeaderMap, own: Option<HeaderValue>) {
    match own {
        Some(own) => drop(headers.insert(header::COOKIE, own)),
        None => drop(headers.remove(header::COOKIE)),
    }
}
