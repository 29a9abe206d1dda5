//! Maximum length of a URL.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::web::{problem::Problem, routes};

/// Maximum length of a URL with its query, in bytes.
const LONGEST: usize = 4 * 1024;
/// Maximum length of a callback URL, in bytes. Providers may add parameters; at least 10 kB are accepted.
const LONGEST_RETURN: usize = 16 * 1024;

pub(crate) async fn uri_length<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let returns = request.path().starts_with(routes::CALLBACK_PREFIX);
    let longest = if returns { LONGEST_RETURN } else { LONGEST };
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > longest {
        return Err(Problem::AddressTooLong.into());
    }
    next.call(request).await
}
