//! Redirects between Gangway, Alloy and the provider, and the parameters that they carry.

use actix_web::{HttpResponse, http::header};
use url::{Url, form_urlencoded};

/// The first value of a name in a query or form.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Alloy's redirect URI at the provider.
pub(super) fn callback_uri(base_url: &str, connector_id: &str) -> String {
    format!("{base_url}/api/strategy/connector/{connector_id}/callback")
}

pub(super) fn with_parameters(uri: &str, parameters: &[(&str, &str)]) -> String {
    let Ok(mut uri) = Url::parse(uri) else { return uri.to_owned() };
    uri.query_pairs_mut().extend_pairs(parameters);
    uri.into()
}

/// 302 to that location, unchanged.
pub(super) fn found(location: &str) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((header::LOCATION, location))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .finish()
}
