//! Request cookies are read by `src/web/cookies.rs` only: other parsers decode names.

use super::{
    rule::{Offence, hold},
    source::Source,
    tokens::Token,
};

/// The parser, and the sample host, whose cookie has no prefix to protect.
const HOME: &[&str] = &["src/web/cookies", "src/sandbox/acme"];

fn reads_cookies(source: &Source) -> Vec<Offence> {
    if source.is_in(HOME) {
        return Vec::new();
    }
    let reads = |row: &[Token]| match row {
        [dot, method, bracket] => {
            let method = matches!(method.text.as_str(), "cookie" | "cookies" | "cookies_raw");
            dot.is(".") && method && bracket.is("(")
        }
        _ => false,
    };
    let parses = |row: &[Token]| match row {
        [cookie, colons, method] => {
            cookie.is("Cookie") && colons.is("::") && (method.text.contains("parse") || method.is("split"))
        }
        _ => false,
    };
    let found = source.tokens().windows(3).filter(|row| reads(row) || parses(row));
    found
        .filter_map(|row| Some((row.first()?.line, "cookies are read by src/web/cookies.rs only".to_owned())))
        .collect()
}

#[test]
fn cookies_are_read_by_their_bytes_only() {
    hold(
        reads_cookies,
        &[
            ("src/web/request/visitor.rs", "fn f(request: &HttpRequest) { request.cookie(NAME); }"),
            ("src/web/middleware/language.rs", "fn f(request: &HttpRequest) { request.cookies().ok(); }"),
            ("src/web/middleware/browser_session.rs", "fn f(pair: &str) { Cookie::parse_encoded(pair).ok(); }"),
            ("src/web/middleware/browser_session.rs", "fn f(line: &str) { Cookie::split_parse(line); }"),
        ],
        &[
            ("src/web/middleware/language.rs", "fn f() { Cookie::build(cookies::LANGUAGE, tag); }"),
            ("src/web/middleware/language.rs", "fn f() { cookies::only_value(lines, cookies::LANGUAGE); }"),
        ],
    );
}
