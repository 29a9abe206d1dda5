//! Authorization URLs of a hostile vendor, compared with an independent parser.

use proptest::prelude::*;

use super::{super::*, rules};
use crate::fuzz::fuzz;

/// URLs of parts that parsers disagree about, and variants of the documented URL.
fn address() -> impl Strategy<Value = String> {
    // Half of the parts are valid, so that an odd part also occurs alone.
    let part = |all: &[&'static str]| prop_oneof![Just(all[0]), prop::sample::select(all.to_vec())];
    let scheme = part(&[
        "https:",
        "https:",
        "https:",
        "HTTPS:",
        "http:",
        "javascript:",
        "data:text/html,",
        "file:",
        "blob:https:",
        "view-source:https:",
        "ht\ttps:",
        "",
        "//",
        "about:blank",
        "intent:",
        "https",
        "\u{0}https:",
        " https:",
        "wss:",
    ]);
    let slashes = part(&["//", "//", "//", "/", "", "///", "\\\\", "/\\", "\\/", "/\t/", "////"]);
    let user = part(&[
        "",
        "",
        "",
        "",
        "@",
        "me@",
        "me:pw@",
        ":@",
        "%40",
        "me%40",
        "a@b@",
        "api.runalloy.com@",
        "api.runalloy.com\\@",
    ]);
    let host = part(&[
        "api.runalloy.com",
        "api.runalloy.com",
        "API.RunAlloy.com",
        "api.runalloy.com.",
        "evil.test",
        "api.runalloy.com.evil.test",
        "evilrunalloy.com",
        "connect.acme.com",
        "CONNECT.acme.com",
        "connect%2eacme.com",
        "connect.acme.com.",
        "connect。acme.com",
        "ｃonnect.acme.com",
        "localhost",
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0",
        "",
        "a b",
        "ä.test",
        "xn--a",
        "api.runalloy.com%00",
        "localhost.evil.test",
        "api.runalloy.com\u{ad}",
        "api.runalloy.com\u{200b}",
        "a..b",
        "[",
        "*.alloy.example",
        "x.alloy.example",
    ]);
    let port = part(&["", "", "", ":443", ":80", ":0", ":65535", ":65536", ":", ":4040", ":-1", ":4 4"]);
    let rest = part(&[
        "",
        "/",
        "/x?token=abc",
        "/x#y",
        "?x",
        "#",
        "\\evil.test",
        "/\\evil.test",
        "/a\tb",
        "/a\r\nSet-Cookie: x=y",
        "/ä?ü=ß",
        "/\u{202e}cod",
        "/%0d%0a",
        "/<script>",
        "/\"'><img>",
        "/a b",
        "/\u{85}",
        "/\u{2028}",
        "/..//..",
        "@evil.test",
        "/@evil.test",
        "?@evil.test",
        "/\u{7f}",
    ]);
    let made = (scheme, slashes, user, host, port, rest)
        .prop_map(|(scheme, slashes, user, host, port, rest)| [scheme, slashes, user, host, port, rest].concat());
    let documented =
        "https://api.runalloy.com/api/strategy/connector/slack/authorize?userId=5eba51a03fe9631316668514&token=abc";
    let near = (any::<prop::sample::Index>(), any::<char>()).prop_map(move |(place, character)| {
        let place = place.index(documented.len());
        let (before, after) = documented.split_at(place);
        format!("{before}{character}{after}")
    });
    let long = (4000usize..4200, "a|ä| |%41")
        .prop_map(|(times, text)| format!("https://api.runalloy.com/?{}", text.repeat(times)));
    prop_oneof![8 => made, 3 => near, 1 => long.prop_map(|mut text| { text.truncate(text.floor_char_boundary(4100)); text }), 1 => "\\PC{0,60}"]
}

/// Scheme and host as a browser reads them by the URL standard: it removes tabs and line breaks, trims, and treats a
/// backslash as a slash and any number of slashes as two.
fn host_for_a_browser(address: &str) -> Option<(String, String)> {
    let trimmed = address.trim_matches(|character: char| character <= ' ');
    let clean: String = trimmed.chars().filter(|character| !matches!(character, '\t' | '\r' | '\n')).collect();
    let (scheme, rest) = clean.split_once(':')?;
    let rest = rest.replace('\\', "/");
    let authority = rest.trim_start_matches('/').split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = if host.starts_with('[') { host.split_inclusive(']').next()? } else { host.split(':').next()? };
    Some((scheme.to_ascii_lowercase(), host.to_ascii_lowercase()))
}

/// The allowed hosts in half of the cases; the others allow any host.
const HOSTS: [&str; 2] = ["api.runalloy.com", "*.alloy.example"];

#[test]
fn fuzz_the_authorization_url() {
    fuzz("oauthUrl", &(address(), any::<bool>(), any::<bool>()), |(raw, any_host, allow_loopback_http)| {
        let rules = rules(if any_host { &[] } else { &HOSTS }, allow_loopback_http);
        let Ok(checked) = AuthorizationUrl::check(&raw, &rules) else { return Ok(()) };
        let shown = checked.expose();
        // It is valid in a `Location` header.
        prop_assert!(
            shown.len() <= 4096 && shown.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'),
            "{}",
            shown
        );
        prop_assert!(raw.len() <= 4096 && !raw.contains(|character: char| character.is_control() || character == '\\'));
        let (scheme, host) = host_for_a_browser(shown).unwrap();
        let authority = shown.split('/').nth(2).unwrap();
        let loopback = matches!(host.as_str(), "localhost" | "[::1]") || host.starts_with("127.");
        prop_assert!(scheme == "https" || (scheme == "http" && allow_loopback_http && loopback), "{}", shown);
        prop_assert!(!host.is_empty(), "{}", shown);
        // The default port is omitted, and a trailing dot does not change the host.
        let ours = scheme == "https" && host.trim_end_matches('.') == "connect.acme.com";
        prop_assert!(!ours || authority.contains("com:") || authority.contains("com.:"), "{}", shown);
        prop_assert!(!authority.contains('@') && shown.split('/').nth(1) == Some(""), "{}", shown);
        if !any_host {
            let known =
                host == "api.runalloy.com" || (host.ends_with(".alloy.example") && host.len() > ".alloy.example".len());
            prop_assert!(known, "{}", shown);
        }
        // Parsed again, it is the same URL and is accepted again.
        let parsed = Url::parse(shown).unwrap();
        prop_assert_eq!(parsed.as_str(), shown);
        prop_assert_eq!(parsed.host_str(), Some(host.as_str()));
        prop_assert!(parsed.username().is_empty() && parsed.password().is_none());
        let again = AuthorizationUrl::check(shown, &rules);
        prop_assert_eq!(again.as_ref().map(AuthorizationUrl::expose), Ok(shown));
        Ok(())
    });
}
