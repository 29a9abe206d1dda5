//! How far an address reaches: this machine only, or the world.

use url::{Host, Url};

/// Whether the address can only be of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether what is sent there can be read on the way: anything but https, unless it stays on this machine.
pub(super) fn is_open(url: &Url) -> bool {
    url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(url))
}

/// Scheme, host and port alone, as browsers send them in `Origin` (RFC 6454 section 6.2).
pub fn origin_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Whether the address is an origin and nothing more.
pub(super) fn is_origin(url: &Url) -> bool {
    url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// The address with https in the place of http; a port that was named for http goes.
pub(super) fn over_https(url: &Url) -> String {
    let host = url.host_str().unwrap_or("connect.example.com");
    let path = if url.path() == "/" { "" } else { url.path() };
    format!("https://{host}{path}")
}
