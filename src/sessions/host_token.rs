//! Hand-over by signed token: a JWT of the host says for whom a session is, in place of a call of its server (RFC 7519,
//! with the rules of RFC 8725). Which algorithm a key has is the key's matter and never the token's, and a token names
//! no place from which a key is fetched.

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

/// The longest token, in characters.
const LONGEST: usize = 4096;

/// Why a token is not accepted. Its text is for the log only, and repeats nothing of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum Refused {
    /// The settings know no issuer.
    #[error("host.token_issuer is not set")]
    NotSetUp,
    /// It is no JWT of a form that is read here.
    #[error("it is no signed token, or its header asks for what is not supported")]
    Malformed,
    /// No key of the host has that id and that algorithm.
    #[error("no key of the host fits its `kid` and `alg`")]
    UnknownKey,
    /// The signature is another's.
    #[error("its signature is not the host's")]
    Signature,
    /// It is signed by the host and meant for something else.
    #[error("`iss` is not host.token_issuer")]
    Issuer,
    /// The same.
    #[error("`aud` is not the origin of server.public_url")]
    Audience,
    /// A claim is missing, or not of the wanted form.
    #[error("a claim is missing or not of the wanted form")]
    Claims,
    /// Its time is over.
    #[error("`exp` is over")]
    Expired,
    /// It would work for longer than a token may.
    #[error("`exp` is more than five minutes away")]
    LivesTooLong,
    /// Its time has not come, by clocks that may be a minute apart.
    #[error("`nbf` or `iat` is in the future")]
    TooEarly,
    /// The host's keys could not be fetched, now or ever before: nobody can say what the token is worth.
    #[error("host.token_jwks_url cannot be read")]
    NoKeys,
}

/// What the host signs with, and for whom.
pub(crate) struct HostTokens {
    keys: Vec<Key>,
    fetched: Option<KeySet>,
    issuer: Option<String>,
    audience: String,
    clock: SharedClock,
}

/// The settings name a key or an address of keys that cannot be used.
#[derive(Debug, Error)]
pub(crate) enum Unusable {
    /// `host.token_keys` has one that cannot be used.
    #[error("host.token_keys: number {0} cannot be used: {1}")]
    Key(usize, BadKey),
    /// TLS cannot be set up on this machine.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] reqwest::Error),
}

impl HostTokens {
    /// Reads the keys of the settings. Those at `host.token_jwks_url` are fetched when the first token comes.
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

    /// What the host says in that token.
    pub(crate) async fn accept(&self, token: &SecretString) -> Result<Claims, Refused> {
        let issuer = self.issuer.as_deref().ok_or(Refused::NotSetUp)?;
        let token = token.expose_secret();
        if token.len() > LONGEST {
            return Err(Refused::Malformed);
        }
        // Of the header only these are read: where it says from where to take a key (RFC 8725 section 3.10) is not.
        let header = decode_header(token).map_err(|_| Refused::Malformed)?;
        let other = header.typ.as_ref().is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT"));
        if other || header.crit.is_some() || header.enc.is_some() || header.zip.is_some() {
            return Err(Refused::Malformed);
        }
        let mut rules = Validation::new(header.alg);
        rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        rules.set_issuer(&[issuer]);
        rules.set_audience(&[&self.audience]);
        // Times are held against our own clock.
        rules.validate_exp = false;
        let fits = |key: &&Key| key.fits(header.kid.as_deref(), header.alg);
        let own = keys::verify(token, &rules, self.keys.iter().filter(fits).collect());
        let claims: Claims = match (own, &self.fetched) {
            (Err(Refused::UnknownKey | Refused::Signature), Some(published)) => {
                let published = published.keys(|keys| keys.iter().any(|key| fits(&key))).await?;
                keys::verify(token, &rules, published.iter().filter(fits).collect())?
            }
            (own, _) => own?,
        };
        claims.in_time(self.clock.now())?;
        Ok(claims)
    }
}

impl std::fmt::Debug for HostTokens {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "HostTokens({} keys)", self.keys.len())
    }
}
