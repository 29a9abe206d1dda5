//! The address at which a browser opened a page, compared with `server.public_url`. Forms work at that address only.

use actix_web::{HttpRequest, http::header};
use url::Url;

/// Maximum length: that of a host name, with scheme and port.
const LONGEST: usize = 270;
/// Logged in place of a host name that cannot be read.
const UNREADABLE: &str = "an unreadable host";

/// The origin in `Host`, if it differs from the public one. Its scheme is ours, because a proxy may have ended TLS.
pub(crate) fn opened_at_other_host(request: &HttpRequest, own_origin: &str) -> Option<String> {
    let host = request.headers().get(header::HOST)?;
    let scheme = own_origin.split_once(':').map_or("https", |(scheme, _)| scheme);
    let opened_at = host.to_str().ok().and_then(|host| origin(&format!("{scheme}://{host}")));
    (opened_at.as_deref() != Some(own_origin)).then(|| opened_at.unwrap_or_else(|| UNREADABLE.to_owned()))
}

/// The origin of a form, if it is one of our pages that the browser opened at another origin than the public one.
/// Without Fetch Metadata, which browsers send to https and loopback only, it may be a page of another site.
pub(crate) fn other_address(request: &HttpRequest, own_origin: &str) -> Option<String> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let same_origin = matches!(text("sec-fetch-site"), Some("same-origin") | None);
    let opened_at = origin(text(header::ORIGIN.as_str())?).filter(|origin| origin != own_origin);
    opened_at.filter(|_| same_origin)
}

/// Scheme, host and port (RFC 6454 section 6.2).
fn origin(text: &str) -> Option<String> {
    let text = (text.len() <= LONGEST).then_some(text)?;
    let origin = Url::parse(text).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn other_hosts_are_recognised_in_every_spelling() {
        for (public_url, host, expected) in [
            ("http://localhost:3000", "localhost:3000", None),
            ("http://localhost:3000", "LocalHost:3000", None),
            ("http://localhost:3000", "localhost", Some("http://localhost")),
            ("http://localhost:3000", "localhost:3001", Some("http://localhost:3001")),
            ("http://localhost:3000", "localhost.:3000", Some("http://localhost.:3000")),
            ("http://localhost:3000", "127.0.0.1:3000", Some("http://127.0.0.1:3000")),
            ("http://localhost:3000", "[::1]:3000", Some("http://[::1]:3000")),
            ("http://[::1]:3000", "[0:0::1]:3000", None),
            ("https://connect.acme.com", "connect.acme.com", None),
            ("https://connect.acme.com", "connect.acme.com:443", None),
            ("https://connect.acme.com", "CONNECT.acme.com", None),
            ("https://connect.acme.com", "www.connect.acme.com", Some("https://www.connect.acme.com")),
            ("https://connect.acme.com", "connect.acme.com:80", Some("https://connect.acme.com:80")),
            ("https://connect.acme.com", "10.0.0.7:3000", Some("https://10.0.0.7:3000")),
            ("https://connect.acme.com", "connect.acme.com@evil.test", Some("https://evil.test")),
            ("https://connect.acme.com", "", Some(UNREADABLE)),
            ("https://connect.acme.com", "a b", Some(UNREADABLE)),
        ] {
            let request = TestRequest::get().insert_header((header::HOST, host)).to_http_request();
            assert_eq!(opened_at_other_host(&request, public_url).as_deref(), expected, "{public_url} {host}");
        }
        // HTTP/1.0 needs no `Host`.
        assert_eq!(opened_at_other_host(&TestRequest::get().to_http_request(), "http://localhost:3000"), None);
    }
}
