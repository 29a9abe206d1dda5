//! Adds `content-length: 0` to a POST of HTTP/1.0 that names no length: nginx by default sends one without a body so, and
//! actix refuses it. Such a request has no body (RFC 9112 section 6.3).

const METHOD: &[u8] = b"POST ";
const VERSION: &[u8] = b"HTTP/1.0";
const LENGTH: &[u8] = b"content-length: 0\r\n";

/// The bytes of one connection on their way to the parser. Only a head that may need the line is held back.
pub(super) struct BodilessPost {
    held: Vec<u8>,
    is_decided: bool,
}

impl BodilessPost {
    pub(super) const fn new() -> Self {
        Self { held: Vec::new(), is_decided: false }
    }

    /// The next byte begins a request.
    pub(super) fn begin(&mut self) {
        self.is_decided = false;
    }

    /// Returns the bytes to pass on: none as long as the head is undecided.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(bytes);
        if !self.is_decided {
            let Some(line_end) = decide(&self.held) else { return Vec::new() };
            self.is_decided = true;
            if let Some(end) = line_end {
                self.held.splice(end..end, LENGTH.iter().copied());
            }
        }
        std::mem::take(&mut self.held)
    }

    /// Whether bytes pass unchanged, so that nothing needs to be copied.
    pub(super) fn is_open(&self) -> bool {
        self.is_decided && self.held.is_empty()
    }
}

/// Returns `None` as long as that depends on more bytes, and where to insert the length, if anywhere.
fn decide(bytes: &[u8]) -> Option<Option<usize>> {
    // Empty lines before a request are ignored (RFC 9112 section 2.2).
    let start = bytes.iter().position(|byte| !matches!(byte, b'\r' | b'\n'))?;
    let request = bytes.get(start..).unwrap_or_default();
    let known = request.len().min(METHOD.len());
    if request.get(..known) != METHOD.get(..known) {
        return Some(None);
    }
    let first = request.iter().position(|byte| *byte == b'\n')? + 1;
    let (line, mut rest) = request.split_at(first);
    if !line.trim_ascii_end().ends_with(VERSION) {
        return Some(None);
    }
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')? + 1;
        let (field, more) = rest.split_at(end);
        if field.trim_ascii().is_empty() {
            return Some(Some(start + first));
        }
        let name = field.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") || name.eq_ignore_ascii_case(b"transfer-encoding") {
            return Some(None);
        }
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In pieces of every size.
    fn passed(text: &str, expected: &str) {
        for size in 1..=text.len() {
            let mut head = BodilessPost::new();
            let passed: Vec<u8> = text.as_bytes().chunks(size).flat_map(|piece| head.pass(piece)).collect();
            assert_eq!(String::from_utf8(passed).unwrap(), expected, "in pieces of {size}");
        }
    }

    #[test]
    fn length_is_added_to_such_a_post_only() {
        passed("POST /x HTTP/1.0\r\nHost: x\r\n\r\n", "POST /x HTTP/1.0\r\ncontent-length: 0\r\nHost: x\r\n\r\n");
        passed("\r\n\r\nPOST / HTTP/1.0\r\n\r\n", "\r\n\r\nPOST / HTTP/1.0\r\ncontent-length: 0\r\n\r\n");
        passed("POST / HTTP/1.0\nHost: x\n\n", "POST / HTTP/1.0\ncontent-length: 0\r\nHost: x\n\n");
        for unchanged in [
            "POST / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
            "POST / HTTP/1.0\r\nhost: x\r\nCONTENT-LENGTH : 3\r\n\r\nabc",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
            "POSTS / HTTP/1.0\r\n\r\n",
            "P",
            "",
        ] {
            let end = if unchanged == "P" { "" } else { unchanged };
            passed(unchanged, end);
        }
    }

    #[test]
    fn next_request_of_the_connection_is_looked_at_again() {
        let mut head = BodilessPost::new();
        head.pass(b"GET / HTTP/1.1\r\n\r\n");
        assert!(head.is_open());
        assert_eq!(head.pass(b"POST / HTTP/1.0\r\n\r\n"), b"POST / HTTP/1.0\r\n\r\n", "it is the same request's");
        head.begin();
        assert_eq!(head.pass(b"POST / HTTP/1.0\r\n\r\n"), b"POST / HTTP/1.0\r\ncontent-length: 0\r\n\r\n");
    }
}
