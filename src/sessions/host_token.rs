//! Hand-over by a signed JWT of the host instead of an API call (RFC 7519, RFC 8725). Only the key determines its
//! algorithm, and a token cannot name a location of keys.

mod claims;
mod jwks;
mod keys;

use jsonwebtoken::{Validation, decode_header};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use crate::{
    config::{self, Settings},
    domain::{clock::SharedClock, public_key::BadKey},
    runtime::net::origin_of,
};

pub(crate) use claims::Claims;

use jwks::KeySet;
use keys::Key;

/// Maximum length of a token, in characters.
const LONGEST: usize = 4096;

/// The text is for the log only and contains no part of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Refused {
    #[error("host.token_issuer is not set")]
    NotSetUp,
    #[error("it is no signed token, or its header asks for what is not supported")]
    Malformed,
    #[error("no key of the host fits its `kid` and `alg`")]
    UnknownKey,
    #[error("its signature is not the host's")]
    Signature,
    #[error("`iss` is not host.token_issuer")]
    Issuer,
    #[error("`aud` is not the origin of server.public_url")]
    Audience,
    #[error("a claim is missing or not of the wanted form")]
    Claims,
    #[error("the claim `{0}` is missing or not of the wanted form")]
    Claim(&'static str),
    #[error(
        "`sub` cannot be a user's id: a text of 1 to 255 printable characters, no space at its ends, neither `.` nor `..`"
    )]
    UserId,
    #[error("`exp` is over")]
    Expired,
    #[error("`exp` is more than five minutes away")]
    LivesTooLong,
    #[error("`nbf` or `iat` is in the future")]
    TooEarly,
    #[error("host.token_jwks_url cannot be read")]
    NoKeys,
}

pub(crate) struct HostTokens {
    keys: Vec<Key>,
    fetched: Option<KeySet>,
    issuer: Option<String>,
    audience: String,
    clock: SharedClock,
}

#[derive(Debug, Error)]
pub(crate) enum Unusable {
    #[error("host.token_keys: number {0} cannot be used: {1}")]
    Key(usize, BadKey),
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] reqwest::Error),
}

impl HostTokens {
    /// Keys at `host.token_jwks_url` are fetched for the first token.
    pub(crate) fn new(settings: &Settings, clock: SharedClock) -> Result<Self, Unusable> {
        let config::Host { token_issuer, token_keys, token_jwks_url, .. } = &settings.host;
        let read = |(place, pem): (usize, &String)| Key::of_pem(pem).map_err(|bad| Unusable::Key(place, bad));
        Ok(Self {
            keys: (1..).zip(token_keys).map(read).collect::<Result<_, _>>()?,
            fetched: token_jwks_url.clone().map(|url| KeySet::new(url, clock.clone())).transpose()?,
            issuer: token_issuer.clone(),
            audience: origin_of(&settings.server.public_url),
            clock,
        })
    }

    pub(crate) async fn accept(&self, token: &SecretString) -> Result<Claims, Refused> {
        let issuer = self.issuer.as_deref().ok_or(Refused::NotSetUp)?;
        let token = token.expose_secret();
        if token.len() > LONGEST {
            return Err(Refused::Malformed);
        }
        // Only these header fields are read, never a location of keys (RFC 8725 section 3.10).
        let header = decode_header(token).map_err(|_| Refused::Malformed)?;
        let other = header.typ.as_ref().is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT"));
        if other || header.crit.is_some() || header.enc.is_some() || header.zip.is_some() {
            return Err(Refused::Malformed);
        }
        let mut rules = Validation::new(header.alg);
        rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        rules.set_issuer(&[issuer]);
        rules.set_audience(&[&self.audience]);
        // Times are checked by our own clock.
        rules.validate_exp = false;
        let fits = |key: &&Key| key.fits(header.kid.as_deref(), header.alg);
        let own = keys::verify(token, &rules, self.keys.iter().filter(fits).collect());
        let claims: Claims = match (own, &self.fetched) {
            (Err(Refused::UnknownKey | Refused::Signature), Some(published)) => {
                let known = published.keys(|keys| keys.iter().any(|key| fits(&key))).await?;
                match keys::verify(token, &rules, known.iter().filter(fits).collect()) {
                    // The key may have been replaced under the same id: the set is fetched again, as rarely as for an
                    // unknown id.
                    Err(Refused::Signature) => {
                        let renewed = published.keys(|_| false).await?;
                        keys::verify(token, &rules, renewed.iter().filter(fits).collect())?
                    }
                    verified => verified?,
                }
            }
            (own, _) => own?,
        };
        claims.check_times(self.clock.now())?;
        Ok(claims)
    }
}
