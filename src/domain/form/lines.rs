//! Values of several lines: keys and certificates (RFC 7468), key files and JSON. A one-line control drops their line
//! ends in the browser, without which most of them are worthless.

/// Beginnings of values that have several lines.
const BEGINNINGS: &[&str] = &["-----BEGIN ", "---- BEGIN ", "PuTTY-User-Key-File-"];

/// Whether its line ends belong to it, unlike those of an address or a key that was wrapped by accident.
pub(super) fn has_lines(raw: &str) -> bool {
    let value = raw.trim();
    let is_json = || value.starts_with('{') && value.ends_with('}');
    value.contains(['\n', '\r']) && (BEGINNINGS.iter().any(|beginning| value.contains(beginning)) || is_json())
}

/// Whether a value of several lines lost its line ends. Escaped ones are not lost: a program that reads JSON restores
/// them.
pub(super) fn lost_lines(raw: &str) -> bool {
    let value = raw.trim();
    BEGINNINGS.iter().any(|beginning| value.starts_with(beginning)) && !value.contains(['\n', '\r', '\\'])
}

/// Whether it holds a private key, which is not shown again in a field that is no secret either.
pub(super) fn holds_private_key(raw: &str) -> bool {
    raw.contains("PRIVATE KEY") || raw.contains("Private-Lines:")
}

/// With `\n` for the line ends of every system, and without blanks around. One line end after the last of several lines
/// stays, because some programs need it.
pub(super) fn normalized(raw: &str) -> String {
    let lines = raw.replace("\r\n", "\n").replace('\r', "\n");
    let value = lines.trim_matches(|character: char| character.is_whitespace() || character == '\u{FEFF}');
    let ends = value.contains('\n') && lines.trim_end_matches([' ', '\t', '\u{FEFF}']).ends_with('\n');
    format!("{value}{}", if ends { "\n" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_every_system_are_one() {
        for (raw, value) in [
            ("a\r\nb\rc\nd", "a\nb\nc\nd"),
            ("\u{feff} \r\na\r\n\r\nb\r\n \r\n\r\n", "a\n\nb\n"),
            ("one\r\n", "one"),
            ("", ""),
        ] {
            assert_eq!(normalized(raw), value, "{raw:?}");
        }
    }

    #[test]
    fn lines_are_known_by_the_form_of_the_value() {
        let pem = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n";
        assert!(has_lines(pem) && !lost_lines(pem));
        assert!(has_lines("{\n  \"type\": \"service_account\"\n}"));
        assert!(has_lines("Bag Attributes\n-----BEGIN CERTIFICATE-----\n"));
        for lost in [
            "-----BEGIN PRIVATE KEY-----MIIE-----END PRIVATE KEY-----",
            " -----BEGIN OPENSSH PRIVATE KEY----- b3Bl -----END OPENSSH PRIVATE KEY----- ",
            "---- BEGIN SSH2 PUBLIC KEY ----Comment",
            "PuTTY-User-Key-File-3: ssh-ed25519Encryption: none",
        ] {
            assert!(lost_lines(lost) && !has_lines(lost), "{lost}");
        }
        for plain in
            ["sk_live_1", "sk_live\n_1", "{\"type\":\"x\"}", "-----BEGIN KEY-----\\nMIIE", "ssh-ed25519 AAAA jane"]
        {
            assert!(!lost_lines(plain) && !has_lines(plain), "{plain}");
        }
    }
}
