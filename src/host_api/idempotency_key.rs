//! The header `Idempotency-Key`.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::ApiProblem;
use crate::domain::keys::Digest;

const HEADER: &str = "Idempotency-Key";

/// The digest of the request's key, if it has one.
pub(crate) struct IdempotencyKey(pub Option<Digest>);

impl FromRequest for IdempotencyKey {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut given = request.headers().get_all(HEADER.to_ascii_lowercase());
        ready(match (given.next(), given.next()) {
            (None, _) => Ok(Self(None)),
            (Some(key), None) if is_key(key.as_bytes()) => Ok(Self(Some(Digest::of(key.as_bytes())))),
            _ => Err(ApiProblem::field(HEADER, "One key of 1 to 255 printable characters of ASCII.")),
        })
    }
}

fn is_key(key: &[u8]) -> bool {
    (1..=255).contains(&key.len()) && key.iter().all(|byte| (b' '..=b'~').contains(byte))
}
