//! Replaces lone surrogates in JSON (RFC 8259 section 8.2), such as a half emoji, which the parser would reject.

use std::borrow::Cow;

/// A character's escape, without its backslash.
pub(crate) type Escape = [u8; 5];

/// Shown in place of a character that cannot be read.
pub(crate) const REPLACEMENT: &Escape = b"ufffd";

/// Allowed in no id, and removed from names.
pub(crate) const NUL: &Escape = b"u0000";

pub(crate) fn without_lone_surrogates<'a>(json: &'a [u8], escape: &Escape) -> Cow<'a, [u8]> {
    let lone = lone_surrogates(json);
    if lone.is_empty() {
        return json.into();
    }
    let mut mended = json.to_vec();
    for place in lone {
        if let Some(replaced) = mended.get_mut(place..place + escape.len()) {
            replaced.copy_from_slice(escape);
        }
    }
    mended.into()
}

/// Positions of the escapes, after their backslashes.
fn lone_surrogates(body: &[u8]) -> Vec<usize> {
    let (mut found, mut place) = (Vec::new(), 0);
    while let Some(offset) = body.get(place..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        let escape = place + offset + 1;
        place = match unit(body, escape) {
            Some(0xd800..=0xdbff) if matches!(low(body, escape + 5), Some(0xdc00..=0xdfff)) => escape + 11,
            Some(0xd800..=0xdfff) => {
                found.push(escape);
                escape + 5
            }
            _ => escape + 1,
        };
    }
    found
}

fn unit(body: &[u8], place: usize) -> Option<u16> {
    let digits = body.get(place..place + 5)?.strip_prefix(b"u")?;
    u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

fn low(body: &[u8], place: usize) -> Option<u16> {
    (body.get(place) == Some(&b'\\')).then(|| unit(body, place + 1)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_replaced() {
        for (body, mended) in [
            (r#"{"name":"Jane \ud83d"}"#, r#"{"name":"Jane \ufffd"}"#),
            (r#"["\uDC00\uD800","\ud800\ud83d\ude00"]"#, r#"["\ufffd\ufffd","\ufffd\ud83d\ude00"]"#),
            (r#"["\ud83d\ude00","\u00e9","\n"]"#, r#"["\ud83d\ude00","\u00e9","\n"]"#),
            (r#"["\\ud83d","\\\ud83d"]"#, r#"["\\ud83d","\\\ufffd"]"#),
            (r#"["\ud83d\n"]"#, r#"["\ufffd\n"]"#),
            (r#"["\ud8"#, r#"["\ud8"#),
            ("\\", "\\"),
        ] {
            let read = without_lone_surrogates(body.as_bytes(), REPLACEMENT);
            assert_eq!(str::from_utf8(&read).unwrap(), mended, "{body}");
        }
    }
}
