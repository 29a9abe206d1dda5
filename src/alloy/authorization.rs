//! The address at which a person allows the link. It is a secret, and it comes from outside: it is checked before
//! anybody gets it, and handed to the browser once.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::{Origin, Url};

use super::hosts::Hosts;
use crate::{domain::text, runtime::net::is_loopback};

/// The longest address that is handed on, in bytes.
const LONGEST: usize = 4096;

/// Why an address is none that a browser may be sent to. The address itself is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnsafeLink {
    /// Longer than 4096 bytes.
    #[error("it is too long")]
    TooLong,
    /// Control characters, white space, invisible characters or a backslash.
    #[error("it has characters that no address has")]
    Characters,
    /// Not an absolute address.
    #[error("it is no address")]
    Malformed,
    /// Neither https nor http on this machine where that is allowed.
    #[error("it is not https")]
    Scheme,
    /// A name or a password before the host.
    #[error("it carries a user name")]
    UserInfo,
    /// Our own pages.
    #[error("it leads to ourselves")]
    OurOwn,
    /// A host that `alloy.allowed_hosts` does not name.
    #[error("alloy.allowed_hosts does not name its host")]
    Host,
}

/// What an address from Alloy must keep to.
#[derive(Debug, Clone)]
pub struct LinkRules {
    allowed_hosts: Hosts,
    our_origin: Origin,
    allow_loopback_http: bool,
}

impl LinkRules {
    /// No hosts means that any host is allowed. `allow_loopback_http` is for a sandbox on the same machine.
    pub fn new(allowed_hosts: &[String], public_url: &Url, allow_loopback_http: bool) -> Self {
        Self { allowed_hosts: Hosts::new(allowed_hosts), our_origin: public_url.origin(), allow_loopback_http }
    }
}

/// A checked authorization URL. Its content shows in no log.
#[derive(Clone)]
pub struct AuthorizationUrl(SecretString);

impl AuthorizationUrl {
    /// Takes an address of Alloy's if a browser may be sent there.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(raw: &str, rules: &LinkRules) -> Result<Self, UnsafeLink> {
        if raw.len() > LONGEST {
            return Err(UnsafeLink::TooLong);
        }
        if raw
            .chars()
            .any(|character| text::is_unprintable(character) || character.is_whitespace() || character == '\\')
        {
            return Err(UnsafeLink::Characters);
        }
        let url = Url::parse(raw).map_err(|_| UnsafeLink::Malformed)?;
        match url.scheme() {
            "https" => {}
            "http" if rules.allow_loopback_http && is_loopback(&url) => {}
            _ => return Err(UnsafeLink::Scheme),
        }
        // The parser mends a wrong number of slashes and forgets an empty user name, so the text is looked at too.
        let (_, rest) = raw.split_once("://").ok_or(UnsafeLink::Malformed)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.is_empty() {
            return Err(UnsafeLink::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() || authority.contains('@') {
            return Err(UnsafeLink::UserInfo);
        }
        if leads_to(&url, &rules.our_origin) {
            return Err(UnsafeLink::OurOwn);
        }
        if !rules.allowed_hosts.allow(url.host_str().ok_or(UnsafeLink::Malformed)?) {
            return Err(UnsafeLink::Host);
        }
        if url.as_str().len() > LONGEST {
            return Err(UnsafeLink::TooLong);
        }
        Ok(Self(String::from(url).into()))
    }

    /// The address, for the one redirect: ASCII, as the URL standard writes it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Whether the address leads to that origin. A dot at the end of a host name makes another origin of it, and leads to
/// the same place.
fn leads_to(url: &Url, origin: &Origin) -> bool {
    let mut bare = url.clone();
    let host = url.host_str().map(|host| host.trim_end_matches('.'));
    url.origin() == *origin || (bare.set_host(host).is_ok() && bare.origin() == *origin)
}

impl fmt::Debug for AuthorizationUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("AuthorizationUrl(…)")
    }
}

#[cfg(test)]
mod tests;
