//! Sites, as browsers compare them for cookies and frames: the scheme and the registrable domain.

use url::{Host, Url};

/// Returns whether browsers treat both as one site (HTML, "schemelessly same site" with the same scheme; ports do not
/// count). Below `localhost`, as below every suffix that the public suffix list lacks, each name is a site of its own.
pub(crate) fn is_same_site(one: &Url, other: &Url) -> bool {
    let domains = (registrable_domain(one), registrable_domain(other));
    let same_host = one.host().is_some() && one.host() == other.host();
    one.scheme() == other.scheme() && (same_host || domains.0.is_some() && domains.0 == domains.1)
}

/// Returns `None` for an IP address, a public suffix itself, and a name with a final dot, whose cookies and frames
/// browsers keep apart from those of the name without it.
fn registrable_domain(url: &Url) -> Option<&str> {
    match url.host()? {
        Host::Domain(name) if !name.ends_with('.') => psl::domain_str(name),
        Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_one_site(one: &str, other: &str) -> bool {
        let [one, other] = [one, other].map(|url| Url::parse(url).unwrap());
        let same = is_same_site(&one, &other);
        assert_eq!(same, is_same_site(&other, &one));
        same
    }

    #[test]
    fn sites_are_compared_as_browsers_do() {
        for (one, other) in [
            ("https://connect.acme.com", "https://app.acme.com"),
            ("https://connect.acme.com", "https://acme.com"),
            ("https://connect.acme.com", "https://a.b.c.acme.com:8443"),
            ("https://connect.acme.co.uk", "https://app.acme.co.uk"),
            ("https://connect.acme.github.io", "https://app.acme.github.io"),
            (
                "https://connect.xn--e1afmkfd.xn--p1ai",
                "https://app.\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.\u{440}\u{444}",
            ),
            ("https://connect.acme.internal", "https://app.acme.internal"),
            ("https://CONNECT.acme.com", "https://app.ACME.com"),
            // Local names.
            ("http://localhost:3000", "http://localhost:8080"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:8080"),
            ("http://[::1]:3000", "http://[::1]:8080"),
            ("http://connect.acme.localhost:3000", "http://app.acme.localhost:8080"),
        ] {
            assert!(is_one_site(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("https://connect.acme.com", "http://connect.acme.com"),
            ("https://connect.acme.com", "https://connect.acme.org"),
            ("https://connect.acme.com", "https://connect.evil-acme.com"),
            ("https://connect.acme.com", "https://connect.acme.com.evil.com"),
            ("https://connect.acme.com", "https://connect.acme.com."),
            ("https://connect.acme.com.", "https://app.acme.com."),
            // Registries, and services that give names to everyone.
            ("https://acme.co.uk", "https://evil.co.uk"),
            ("https://acme.github.io", "https://evil.github.io"),
            ("https://acme.vercel.app", "https://evil.vercel.app"),
            ("https://acme.github.io", "https://github.io"),
            ("https://acme.xn--55qx5d.cn", "https://evil.xn--55qx5d.cn"),
            // Local names.
            ("http://connect.localhost:3000", "http://app.localhost:8080"),
            ("http://localhost:3000", "http://app.localhost:8080"),
            ("http://localhost:3000", "http://127.0.0.1:3000"),
            ("http://127.0.0.1", "http://127.0.0.2"),
            ("http://127.0.0.1", "http://[::ffff:127.0.0.1]"),
            ("http://10.0.0.1", "http://1.0.0.1"),
        ] {
            assert!(!is_one_site(one, other), "{one} {other}");
        }
    }
}
