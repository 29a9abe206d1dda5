//! Security headers.

use actix_web::{
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS},
    middleware::DefaultHeaders,
};
use url::Url;

/// Gangway's origin is named for its script (`script-src`), the outcome (`connect-src`), the pictures of the apps
/// (`img-src`), and the start code (`form-action`). `docs/embedding.md` says the same.
pub(crate) fn content_security_policy(gangway: &Url) -> String {
    let gangway = gangway.origin().ascii_serialization();
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self' {gangway}; connect-src 'self' {gangway}; \
         img-src 'self' {gangway}; form-action 'self' {gangway}; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Headers of every response. With `Referrer-Policy: no-referrer` or `same-origin`, browsers would send `Origin: null`
/// with the start code, and Gangway could not recognise our form.
pub(crate) fn on_every_answer(policy: &str) -> DefaultHeaders {
    DefaultHeaders::new()
        .add((CONTENT_SECURITY_POLICY, policy))
        .add((REFERRER_POLICY, "strict-origin-when-cross-origin"))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((X_FRAME_OPTIONS, "DENY"))
        .add((CACHE_CONTROL, "no-store"))
}
