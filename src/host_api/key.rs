//! The host's key: several at once, so that one can take another's place.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use std::future::{Ready, ready};
use subtle::ConstantTimeEq as _;

use crate::{gangway::Gangway, settings};

use super::ApiProblem;

/// Proof that the request carried one of the host's keys. Every handler of the API asks for it.
pub struct HostKey(());

impl FromRequest for HostKey {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = header
            .and_then(|header| header.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let known = request
            .app_data::<web::Data<Gangway>>()
            .zip(key)
            .is_some_and(|(gangway, (_, key))| is_one_of(key.trim(), &gangway.settings.host));
        ready(if known { Ok(Self(())) } else { Err(ApiProblem::unauthorized()) })
    }
}

/// Compares digests, all of them, in a time that tells nothing about either.
fn is_one_of(key: &str, host: &settings::Host) -> bool {
    let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
    host.api_keys.iter().fold(false, |found, known| {
        let known = known.expose_secret();
        let expected = match known.strip_prefix("sha256:") {
            Some(hexadecimal) => hexadecimal.to_ascii_lowercase(),
            None => hex(&Sha256::digest(known.as_bytes()).into()),
        };
        bool::from(hex(&digest).as_bytes().ct_eq(expected.as_bytes())) | found
    })
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
