//! Request cookies, compared by their raw bytes. Browsers check the `__Host-` prefix before decoding (RFC 6265bis
//! section 4.1.3), so a name that matches only after decoding can be set by any host of the same domain.

use url::Url;

use crate::runtime::net::is_loopback;

/// Names and protection of our cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnCookies {
    pub(crate) session: &'static str,
    pub(crate) language: &'static str,
    pub(crate) secure: bool,
}

impl OwnCookies {
    pub(crate) const PREFIXED: Self =
        Self { session: "__Host-gangway", language: "__Host-gangway-language", secure: true };
    /// WebKit drops `Secure` cookies on plain-http loopback, and the prefix requires `Secure`.
    pub(crate) const ON_HTTP_LOOPBACK: Self = Self { session: "gangway", language: "gangway-language", secure: false };

    /// The cookies of an instance. It accepts only these names, never those of the other kind.
    pub(crate) fn of(public_url: &Url) -> Self {
        let on_http_loopback = public_url.scheme() == "http" && is_loopback(public_url);
        if on_http_loopback { Self::ON_HTTP_LOOPBACK } else { Self::PREFIXED }
    }

    /// A `Cookie` header with only our cookies, from all that were received.
    pub(crate) fn header<'a>(self, headers: &(impl Iterator<Item = &'a [u8]> + Clone)) -> Option<Vec<u8>> {
        let mut own = Vec::new();
        for name in [self.session, self.language] {
            if let Some(value) = only_value(headers.clone(), name) {
                let before: &[u8] = if own.is_empty() { b"" } else { b"; " };
                own.extend([before, name.as_bytes(), b"=", value].into_iter().flatten());
            }
        }
        (!own.is_empty()).then_some(own)
    }
}

/// Returns the raw value of the cookie, or `None` if it occurs twice: a browser sends it at most once.
pub(crate) fn only_value<'a>(headers: impl Iterator<Item = &'a [u8]>, name: &str) -> Option<&'a [u8]> {
    let mut values = headers.flat_map(pairs).filter(|(known, _)| *known == name.as_bytes());
    let (_, value) = values.next()?;
    values.next().is_none().then_some(value)
}

fn pairs(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    header.split(|&byte| byte == b';').filter_map(|pair| {
        let mut parts = pair.splitn(2, |&byte| byte == b'=');
        Some((trimmed(parts.next()?), trimmed(parts.next()?)))
    })
}

/// Trims only SP and HTAB, which the standard library's functions do not.
fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests;
