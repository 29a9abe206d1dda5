//! Checks the authorization URL, which comes from outside and is a secret, before the browser is redirected to it.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::{Origin, Url};

use super::hosts::Hosts;
use crate::{domain::text, runtime::net::is_loopback};

const LONGEST: usize = 4096;

/// Reason why an authorization URL is rejected. Its text never contains the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnsafeLink {
    /// Longer than 4096 bytes.
    #[error("it is too long")]
    TooLong,
    /// Control characters, white space, invisible characters or a backslash.
    #[error("it has characters that no address has")]
    Characters,
    /// Not an absolute URL.
    #[error("it is no address")]
    Malformed,
    /// Neither https nor, where allowed, http on this machine.
    #[error("it is not https")]
    Scheme,
    /// A user name or password before the host.
    #[error("it carries a user name")]
    UserInfo,
    /// The origin of our own pages.
    #[error("it leads to ourselves")]
    OurOwn,
    /// A host that `alloy.allowed_hosts` does not name.
    #[error("alloy.allowed_hosts does not name its host")]
    Host,
}

/// Rules for authorization URLs.
#[derive(Debug, Clone)]
pub struct LinkRules {
    allowed_hosts: Hosts,
    our_origin: Origin,
    allow_loopback_http: bool,
}

impl LinkRules {
    /// An empty list allows any host. `allow_loopback_http` is for a sandbox on the same machine.
    pub fn new(allowed_hosts: &[String], public_url: &Url, allow_loopback_http: bool) -> Self {
        Self { allowed_hosts: Hosts::new(allowed_hosts), our_origin: public_url.origin(), allow_loopback_http }
    }
}

/// A checked authorization URL, which must not be logged.
#[derive(Clone)]
pub struct AuthorizationUrl(SecretString);

impl AuthorizationUrl {
    /// Checks a URL from Alloy. Returns the first rule that it breaks.
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
        // The parser corrects the number of slashes and drops an empty user name, so the text is checked, too.
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

    /// The URL for the redirect, in ASCII.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Whether the URL leads to that origin. A trailing dot in the host name is ignored.
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
