//! A call to Alloy, and the metric labels of calls and outcomes.

use bytes::Bytes;
use reqwest::Method;
use serde::Serialize;

use super::{AlloyError, response::AlloyResponse};
use crate::domain::session::AlloyUserId;

/// Maximum size of a response, in bytes.
pub(super) const MAX_BODY: usize = 256 * 1024;

/// User for whom a call is made. Without one it runs as the owner of the API key and returns other tenants' data.
#[derive(Clone, Copy)]
pub(super) enum ActAs<'a> {
    Account,
    User(&'a AlloyUserId),
}

pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) path: &'a [&'a str],
    pub(super) act_as: ActAs<'a>,
    pub(super) body: Option<Bytes>,
    pub(super) max_body: usize,
    /// Returns the beginning of a body that is too large.
    pub(super) truncate: bool,
    pub(super) idempotent: bool,
    /// Alloy forwards the call to a provider: a failure is no sign of an outage of Alloy.
    pub(super) proxied: bool,
}

impl<'a> Call<'a> {
    /// Idempotent by its method (RFC 9110 section 9.2.2).
    fn new(method: Method, path: &'a [&'a str], act_as: ActAs<'a>) -> Self {
        let idempotent = method.is_idempotent();
        Self { idempotent, method, path, act_as, body: None, max_body: MAX_BODY, truncate: false, proxied: false }
    }

    pub(super) fn get(path: &'a [&'a str], act_as: ActAs<'a>) -> Self {
        Self::new(Method::GET, path, act_as)
    }

    pub(super) fn post(path: &'a [&'a str], act_as: ActAs<'a>, body: &impl Serialize) -> Result<Self, AlloyError> {
        let body = serde_json::to_vec(body).map_err(|_| AlloyError::Malformed("our own request"))?;
        Ok(Self { body: Some(body.into()), ..Self::new(Method::POST, path, act_as) })
    }

    /// A collection is always there: with any body, a 404 says that the call is not served.
    pub(super) fn is_of_collection(&self) -> bool {
        matches!(self.path, ["connectors"] | ["users"])
    }

    pub(super) fn delete(path: &'a [&'a str], act_as: ActAs<'a>) -> Self {
        Self::new(Method::DELETE, path, act_as)
    }
}

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
        ("DELETE", ["users", _]) => "delete_user",
        _ => "other",
    }
}

pub(super) fn outcome(answer: &Result<AlloyResponse, AlloyError>) -> &'static str {
    match answer {
        Ok(_) => "ok",
        Err(AlloyError::NotServed) => "not_served",
        Err(AlloyError::KeyRefused(_)) => "key_refused",
        Err(AlloyError::Refused(_)) => "refused",
        Err(AlloyError::RateLimited { .. }) => "rate_limited",
        Err(AlloyError::Unavailable { .. }) => "unavailable",
        Err(AlloyError::TooLarge) => "too_large",
        Err(AlloyError::NoRoom) => "no_room",
        Err(AlloyError::Malformed(_) | AlloyError::ForeignUser | AlloyError::UnsafeLink(_)) => "nonsense",
    }
}
