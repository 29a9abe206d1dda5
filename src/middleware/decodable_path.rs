//! A path is text. The router decodes it leniently: it puts a replacement character for bytes that are no UTF-8, and
//! leaves incomplete percent-encodings as they are, so that two addresses could name one thing.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
use percent_encoding::percent_decode_str;

use crate::problem::Problem;

/// Lets only a path through that can be decoded without loss.
///
/// # Errors
/// `NotFound`, and what the inner service fails with.
pub async fn decodable_path<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if !is_decodable(request.uri().path()) {
        return Err(Problem::NotFound.into());
    }
    next.call(request).await
}

/// Whether each `%` begins a whole encoding (RFC 3986 section 2.1), and the bytes are UTF-8.
fn is_decodable(path: &str) -> bool {
    let is_hex = |rest: &str| rest.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    path.split('%').skip(1).all(is_hex) && percent_decode_str(path).decode_utf8().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decodable_without_loss_or_refused() {
        for path in ["", "/", "/users/jane%2fdoe", "/users/%C3%A9mile", "/users/100%25", "/users/%252f", "/a+b/%00"] {
            assert!(is_decodable(path), "{path}");
        }
        for path in ["/%", "/%2", "/%zz", "/%2%35", "/a%", "/%ff", "/%c0%af", "/%ed%a0%80", "/%C3/%A9"] {
            assert!(!is_decodable(path), "{path}");
        }
    }
}
