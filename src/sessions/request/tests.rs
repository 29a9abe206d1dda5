//! Fuzzes `return_url` with attackers' spellings of the registered URLs.

use proptest::prelude::*;

use url::Url;

use super::registered;
use crate::fuzz::fuzz;

/// `host.return_urls` of the test.
const REGISTERED: [&str; 7] = [
    "https://app.acme.com",
    "https://app.acme.com/connections",
    "https://other.acme.com/a?b=c",
    "http://localhost:8080/connections",
    "https://xn--acm-dma.example/",
    "com.acme.app:/connections",
    "com.acme.notes:/",
];

fn attempt() -> impl Strategy<Value = String> {
    let scheme = prop::sample::select(vec![
        "https:",
        "http:",
        "HTTPS:",
        "javascript:",
        "data:",
        "",
        "//",
        "https",
        "ht\ttps:",
        "com.acme.app:",
        "com.acme.notes:",
        " https:",
        "blob:https:",
    ]);
    let slashes = prop::sample::select(vec!["//", "/", "", "\\\\", "/\\", "///", "//\t", "/\n/", "%2f%2f"]);
    let userinfo = prop::sample::select(vec![
        "",
        "",
        "",
        "evil.test@",
        "app.acme.com@",
        "a:b@",
        "evil.test\\@",
        "evil.test/@",
        "evil.test#@",
        "evil.test?@",
        "@",
    ]);
    let host = prop::sample::select(vec![
        "app.acme.com",
        "app.acme.com",
        "APP.acme.com",
        "app.acme.com.",
        "app.acme.com.evil.test",
        "evil.test",
        "other.acme.com",
        "localhost:8080",
        "localhost",
        "app.acme.com:443",
        "app.acme.com:80",
        "app%2eacme.com",
        "app.acme.com%00.evil.test",
        "app。acme。com",
        "acmé.example",
        "xn--acm-dma.example",
        "app.acme.com\u{202e}",
        "[::1]:8080",
        "app.acme.com\\evil.test",
    ]);
    let path = prop::sample::select(vec![
        "",
        "/",
        "/connections",
        "/connections/",
        "/connections?x=1",
        "/connections#x",
        "/a?b=c",
        "/a?b=c&d",
        "/a?B=c",
        "/../connections",
        "/./connections",
        "/connections/../../evil",
        "/%63onnections",
        "//evil.test",
        "/\\evil.test",
        "/connections\r\nLocation: x",
        "/connections%0d%0a",
        "?",
        "#",
        "/connections\u{0}",
        ".evil.test",
        "@evil.test",
        ":443/connections",
        "/connections ",
    ]);
    let composed = (scheme, slashes, userinfo, host, path).prop_map(|parts| {
        let (scheme, slashes, userinfo, host, path) = parts;
        [scheme, slashes, userinfo, host, path].concat()
    });
    let near = (prop::sample::select(REGISTERED.to_vec()), any::<prop::sample::Index>(), any::<char>(), 0..3u8)
        .prop_map(|(known, place, character, how)| {
            let mut characters: Vec<char> = known.chars().collect();
            let place = place.index(characters.len());
            match how {
                0 => characters.insert(place, character),
                1 => characters[place] = character,
                _ => {
                    characters.remove(place);
                }
            }
            characters.into_iter().collect()
        });
    prop_oneof![
        1 => prop::sample::select(REGISTERED.to_vec()).prop_map(|url| format!("{url}/")),
        1 => prop::sample::select(REGISTERED.to_vec()).prop_map(str::to_owned),
        6 => composed,
        4 => near,
        1 => "\\PC{0,40}",
    ]
}

/// All accepted spellings: an origin may end in a slash or not.
const ACCEPTED: [&str; 9] = [
    "https://app.acme.com",
    "https://app.acme.com/",
    "https://app.acme.com/connections",
    "https://other.acme.com/a?b=c",
    "http://localhost:8080/connections",
    "https://xn--acm-dma.example",
    "https://xn--acm-dma.example/",
    "com.acme.app:/connections",
    "com.acme.notes:/",
];

#[test]
fn fuzz_return_url() {
    let known: Vec<Url> = REGISTERED.iter().map(|url| url.parse().unwrap()).collect();
    fuzz("return_url", &attempt(), |url| {
        let accepted = registered(&known, url.clone());
        prop_assert_eq!(accepted.is_ok(), ACCEPTED.contains(&url.as_str()), "{:?}", url);
        if let Ok(accepted) = accepted {
            prop_assert_eq!(&accepted, &url);
            let parsed = Url::parse(&accepted).unwrap();
            prop_assert!(known.contains(&parsed), "{}", parsed);
        }
        Ok(())
    });
}
