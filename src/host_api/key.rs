//! Authorization by one of the host's API keys. There may be several, so that a key can be rotated.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use std::future::{Ready, ready};
use subtle::ConstantTimeEq as _;

use crate::web::{middleware::rate_limit::RateLimits, problem::Problem};

use super::{ApiProblem, Kind};

/// Proof that the request has one of the host's keys and is within its rate limit. Every handler of the API takes it.
pub(crate) struct HostKey(());

impl FromRequest for HostKey {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (Some(keys), Some(limits)) =
            (request.app_data::<web::Data<HostKeys>>(), request.app_data::<web::Data<RateLimits>>())
        else {
            return ready(Err(Problem::Internal.into()));
        };
        let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = header
            .and_then(|header| header.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, key)| <[u8; 32]>::from(Sha256::digest(key.trim().as_bytes())));
        let known = key.filter(|digest| keys.contains(digest));
        let counted = match known {
            Some(digest) => limits.count_key(digest),
            // A guessed key counts for the address.
            None => limits.count(request),
        };
        counted.unwrap_or_else(|left| left).tell(request);
        ready(match (counted, known) {
            (Err(left), _) => Err(Problem::from(left).into()),
            (Ok(_), Some(_)) => Ok(Self(())),
            (Ok(_), None) => Err(Kind::Unauthorized.into()),
        })
    }
}

/// The host's API keys, from `host.api_keys`.
pub(crate) struct HostKeys(pub(crate) Vec<SecretString>);

impl HostKeys {
    /// Compares with all keys in constant time.
    fn contains(&self, digest: &[u8; 32]) -> bool {
        self.0.iter().fold(false, |found, known| {
            let known = known.expose_secret();
            let expected = match known.strip_prefix("sha256:") {
                Some(hexadecimal) => hexadecimal.to_ascii_lowercase(),
                None => hex(&Sha256::digest(known.as_bytes()).into()),
            };
            bool::from(hex(digest).as_bytes().ct_eq(expected.as_bytes())) | found
        })
    }
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
