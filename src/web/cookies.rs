//! Request cookies, compared by their raw bytes. Browsers check the `__Host-` prefix before decoding (RFC 6265bis
//! section 4.1.3), so a name that matches only after decoding can be set by any host of the same domain.

pub(crate) const SESSION: &str = "__Host-gangway";
pub(crate) const LANGUAGE: &str = "__Host-gangway-language";

/// Returns the raw value of the cookie, or `None` if it occurs twice: a browser sends it at most once.
pub(crate) fn only_value<'a>(headers: impl Iterator<Item = &'a [u8]>, name: &str) -> Option<&'a [u8]> {
    let mut values = headers.flat_map(pairs).filter(|(known, _)| *known == name.as_bytes());
    let (_, value) = values.next()?;
    values.next().is_none().then_some(value)
}

pub(crate) fn own_header<'a>(headers: &(impl Iterator<Item = &'a [u8]> + Clone)) -> Option<Vec<u8>> {
    let mut own = Vec::new();
    for name in [SESSION, LANGUAGE] {
        if let Some(value) = only_value(headers.clone(), name) {
            let before: &[u8] = if own.is_empty() { b"" } else { b"; " };
            own.extend([before, name.as_bytes(), b"=", value].into_iter().flatten());
        }
    }
    (!own.is_empty()).then_some(own)
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
