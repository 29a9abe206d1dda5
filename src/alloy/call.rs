//! One call to Alloy, and the names under which calls and their outcomes are counted.

use bytes::Bytes;
use reqwest::Method;
use serde::Serialize;

use super::{AlloyError, response::Answer};
use crate::domain::session::AlloyUserId;

/// Maximum size of a response, in bytes.
pub(super) const LARGEST: usize = 256 * 1024;
/// Maximum size of the catalogue, in bytes.
pub(super) const LARGEST_CATALOGUE: usize = 4 * 1024 * 1024;

/// For whom a call is made. Without a user a call runs as the owner of the API key and would show other tenants' data.
#[derive(Clone, Copy)]
pub(super) enum Acting<'a> {
    /// The account: catalogue, metadata, users.
    Account,
    /// One user.
    User(&'a AlloyUserId),
}

pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) path: &'a [&'a str],
    pub(super) acting: Acting<'a>,
    pub(super) body: Option<Bytes>,
    pub(super) largest: usize,
    pub(super) cut: bool,
    pub(super) repeatable: bool,
    pub(super) passed_on: bool,
}

impl<'a> Call<'a> {
    /// A call without a body, repeatable if its method is idempotent (RFC 9110 section 9.2.2).
    pub(super) fn new(method: Method, path: &'a [&'a str], acting: Acting<'a>) -> Self {
        let repeatable = method.is_idempotent();
        Self { repeatable, method, path, acting, body: None, largest: LARGEST, cut: false, passed_on: false }
    }

    pub(super) fn with(self, body: &impl Serialize) -> Result<Self, AlloyError> {
        let body = serde_json::to_vec(body).map_err(|_| AlloyError::Nonsense("our own request"))?;
        Ok(Self { body: Some(body.into()), ..self })
    }
}

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
