//! Request cookies, compared by their raw bytes. Browsers enforce the `__Host-` prefix on the name as it is sent
//! (RFC 6265bis section 4.1.3): a name that becomes ours by decoding can be set by any host of the same domain.

/// The session cookie.
pub(crate) const SESSION: &str = "__Host-gangway";
/// The cookie of the language that the user chose.
pub(crate) const LANGUAGE: &str = "__Host-gangway-language";

/// The raw value of the only pair with that name in all `Cookie` headers together; `None` if there are two, because a
/// browser holds one at most.
pub(crate) fn only_value<'a>(headers: impl Iterator<Item = &'a [u8]>, name: &str) -> Option<&'a [u8]> {
    let mut values = headers.flat_map(pairs).filter(|(known, _)| *known == name.as_bytes());
    let (_, value) = values.next()?;
    values.next().is_none().then_some(value)
}

/// One header with our pairs alone; `None` without any.
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

/// The pairs of a header. Text without `=` is a cookie without a name.
fn pairs(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    header.split(|&byte| byte == b';').filter_map(|pair| {
        let mut parts = pair.splitn(2, |&byte| byte == b'=');
        Some((trimmed(parts.next()?), trimmed(parts.next()?)))
    })
}

/// Without SP and HTAB at both ends. The standard library cuts more, and browsers less.
fn trimmed(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests;
