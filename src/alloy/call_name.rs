//! What the calls to Alloy are called where they are counted, and what came of them: closed sets.

use reqwest::Method;

use super::{AlloyError, response::Answer};

/// The name of a call by its method and the shape of its path.
pub(super) fn call_name(method: &Method, path: &[&str]) -> &'static str {
    match (method.as_str(), path) {
        ("GET", ["connectors"]) => "list_connectors",
        ("GET", ["connectors", _, "credentials", "metadata"]) => "metadata",
        ("GET", ["connectors", _, "credentials"]) => "list_credentials",
        ("POST", ["connectors", _, "credentials"]) => "create_credential",
        ("DELETE", ["connectors", _, "credentials", _] | ["users", _, "credentials", _]) => "delete_credential",
        ("POST", ["connectors", _, "actions", ..]) => "execute",
        ("GET", ["users", _, "credentials"]) => "list_user_credentials",
        ("GET", ["users", ..]) => "find_user",
        ("POST", ["users"]) => "create_user",
        _ => "other",
    }
}

/// What came of a call.
pub(super) fn outcome(answer: &Result<Answer, AlloyError>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(AlloyError::NotServed) => "not_served",
        Err(AlloyError::KeyRefused(_)) => "key_refused",
        Err(AlloyError::Refused(_)) => "refused",
        Err(AlloyError::RateLimited { .. }) => "rate_limited",
        Err(AlloyError::Unavailable { .. }) => "unavailable",
        Err(AlloyError::TooLarge) => "too_large",
        Err(AlloyError::NoRoom) => "no_room",
        Err(AlloyError::Nonsense(_) | AlloyError::ForeignUser | AlloyError::UnsafeLink(_)) => "nonsense",
    }
}
