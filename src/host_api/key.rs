//! Authorization by one of the host's API keys. There may be several, so that a key can be rotated.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use std::future::{Ready, ready};
use subtle::ConstantTimeEq as _;

use crate::{config, gangway::Gangway, web::problem::Problem};

use super::ApiProblem;

/// Proof that the request has one of the host's keys and is within its rate limit. Every handler of the API takes it.
pub(crate) struct HostKey(());

impl FromRequest for HostKey {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(gangway) = request.app_data::<web::Data<Gangway>>() else {
            return ready(Err(Problem::Internal.into()));
        };
        let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = header
            .and_then(|header| header.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, key)| <[u8; 32]>::from(Sha256::digest(key.trim().as_bytes())));
        let known = key.filter(|digest| is_one_of(digest, &gangway.settings.host));
        let counted = match known {
            Some(digest) => gangway.limits.count_key(digest),
            // A guessed key counts for the address.
            None => gangway.limits.count(request),
        };
        counted.unwrap_or_else(|left| left).tell(request);
        ready(match (counted, known) {
            (Err(left), _) => Err(Problem::from(left).into()),
            (Ok(_), Some(_)) => Ok(Self(())),
            (Ok(_), None) => Err(ApiProblem::unauthorized()),
        })
    }
}

/// Compares with all keys in constant time.
fn is_one_of(digest: &[u8; 32], host: &config::Host) -> bool {
    host.api_keys.iter().fold(false, |found, known| {
        let known = known.expose_secret();
        let expected = match known.strip_prefix("sha256:") {
            Some(hexadecimal) => hexadecimal.to_ascii_lowercase(),
            None => hex(&Sha256::digest(known.as_bytes()).into()),
        };
        bool::from(hex(digest).as_bytes().ct_eq(expected.as_bytes())) | found
    })
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
