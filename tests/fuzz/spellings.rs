//! Cookie names that lenient parsers take for ours, and that browsers do not protect by the `__Host-` prefix. The
//! library's own tests and those from outside share them.

/// White space of Unicode and characters without width. A cookie name is bounded by SP and HTAB only.
const BLANKS: [char; 23] = [
    '\u{85}', '\u{a0}', '\u{1680}', '\u{180e}', '\u{2000}', '\u{2001}', '\u{2002}', '\u{2003}', '\u{2004}', '\u{2005}',
    '\u{2006}', '\u{2007}', '\u{2008}', '\u{2009}', '\u{200a}', '\u{200b}', '\u{2028}', '\u{2029}', '\u{202f}',
    '\u{205f}', '\u{2060}', '\u{3000}', '\u{feff}',
];

/// Texts around the name: encoded white space, bytes that are no UTF-8, and marks of other cookie syntaxes.
const AROUND: [&[u8]; 18] = [
    b"%20",
    b"%09",
    b"%00",
    b"%0a",
    b"%0d%0a",
    b"%C2%A0",
    b"%E2%80%80",
    b"\x85",
    b"\xa0",
    b"\xff",
    b"\"",
    b"'",
    b"+",
    b",",
    b".",
    b"$",
    b"[]",
    b"\\",
];

/// All other spellings of a cookie name of ours, with the names that Gangway uses under another public URL.
pub(crate) fn spellings(name: &str) -> Vec<Vec<u8>> {
    let bytes = name.as_bytes();
    let mut all: Vec<Vec<u8>> = Vec::new();
    let encoded = |byte: u8| format!("%{byte:02X}").into_bytes();
    // Each byte percent-encoded by itself, in both cases; the first two; and all.
    for (at, &byte) in bytes.iter().enumerate() {
        let (before, after) = (bytes.iter().take(at), bytes.iter().skip(at + 1));
        for one in [encoded(byte), format!("%{byte:02x}").into_bytes()] {
            all.push(before.clone().copied().chain(one).chain(after.clone().copied()).collect());
        }
    }
    all.push(bytes.iter().take(2).flat_map(|&byte| encoded(byte)).chain(bytes.iter().skip(2).copied()).collect());
    all.push(bytes.iter().flat_map(|&byte| encoded(byte)).collect());
    all.push(bytes.iter().flat_map(|&byte| format!("%25{byte:02X}").into_bytes()).collect());
    let blanks = BLANKS.iter().map(|blank| blank.to_string().into_bytes());
    for around in blanks.chain(AROUND.iter().map(|around| around.to_vec())) {
        all.push([&around, bytes].concat());
        all.push([bytes, &around].concat());
        all.push([&around, bytes, &around].concat());
        all.push([b" ", &around[..], b"\t", bytes, b" ", &around].concat());
    }
    // Nameless cookies, pairs after a comma, and an attribute of RFC 2965 in front.
    for before in ["=", " = ", "a,", "a=b,", "a=b, ", "a=b ", "a:", "$Version=1,", "$Path=\"/\" "] {
        all.push([before.as_bytes(), bytes].concat());
    }
    let replaced = |from: &str, to: &str| name.replacen(from, to, 1).into_bytes();
    all.extend([
        name.to_ascii_lowercase().into_bytes(),
        name.to_ascii_uppercase().into_bytes(),
        replaced("g", "G"),
        replaced("__Host-", "__Secure-"),
        replaced("__Host-", "__host-"),
        replaced("__Host-", "__Http-"),
        replaced("__Host-", "__Host-Http-"),
        replaced("__Host-", ""),
        replaced("__", "_"),
        replaced("__", "\\x5f\\x5f"),
        replaced("__", "\\137\\137"),
        replaced("__", "&#95;&#95;"),
        replaced("_", "\u{ff3f}"),
        replaced("-", "\u{2010}"),
        replaced("-", "\u{ad}-"),
        replaced("-", "_"),
        replaced("-", " -"),
        [&b"\xc1\x9f"[..], &bytes[1..]].concat(),
    ]);
    if !name.starts_with("__") {
        all.extend(["__Host-", "__Secure-", "__Host-__Host-"].map(|prefix| format!("{prefix}{name}").into_bytes()));
        all.retain(|spelling| spelling != bytes);
    }
    all
}
