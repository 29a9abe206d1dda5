//! Cookie parsing, compared with a reference parser.

use proptest::prelude::*;

use super::*;
use crate::spellings::spellings;

const SESSION: &str = OwnCookies::PREFIXED.session;
const LANGUAGE: &str = OwnCookies::PREFIXED.language;

fn only<'a>(headers: &[&'a [u8]]) -> Option<&'a [u8]> {
    only_value(headers.iter().copied(), SESSION)
}

fn own(headers: &[&[u8]]) -> Option<String> {
    written(OwnCookies::PREFIXED, headers)
}

fn written(own: OwnCookies, headers: &[&[u8]]) -> Option<String> {
    own.header(&headers.iter().copied()).map(|own| String::from_utf8(own).unwrap())
}

#[test]
fn only_http_loopback_goes_without_the_prefix() {
    for (public_url, expected) in [
        ("http://localhost:3000", OwnCookies::ON_HTTP_LOOPBACK),
        ("http://connect.localhost", OwnCookies::ON_HTTP_LOOPBACK),
        ("http://127.0.0.1:3000", OwnCookies::ON_HTTP_LOOPBACK),
        ("http://[::1]:3000", OwnCookies::ON_HTTP_LOOPBACK),
        ("https://localhost:3000", OwnCookies::PREFIXED),
        ("https://127.0.0.1", OwnCookies::PREFIXED),
        ("https://connect.acme.com", OwnCookies::PREFIXED),
        // `serve` refuses these.
        ("http://connect.acme.com", OwnCookies::PREFIXED),
        ("http://localhost.acme.com", OwnCookies::PREFIXED),
        ("http://10.0.0.1", OwnCookies::PREFIXED),
    ] {
        assert_eq!(OwnCookies::of(&public_url.parse().unwrap()), expected, "{public_url}");
    }
}

#[test]
fn no_other_spelling_is_ours() {
    for own in [OwnCookies::PREFIXED, OwnCookies::ON_HTTP_LOOPBACK] {
        for name in [own.session, own.language] {
            for spelling in spellings(name) {
                let planted = [&spelling[..], b"=attacker"].concat();
                let ours = [name.as_bytes(), b"=victim"].concat();
                let shown = String::from_utf8_lossy(&spelling).into_owned();
                assert_eq!(written(own, &[&planted]), None, "{shown}");
                for line in [[&planted[..], &ours].join(&b"; "[..]), [&ours[..], &planted].join(&b";"[..])] {
                    assert_eq!(written(own, &[&line]), Some(format!("{name}=victim")), "{shown}");
                }
            }
        }
    }
}

#[test]
fn only_sp_and_htab_bound_a_name() {
    assert_eq!(only(&[b"\t __Host-gangway \t=\t v \t"]), Some(&b"v"[..]));
    assert_eq!(only(&[b"a=b;__Host-gangway=v;c"]), Some(&b"v"[..]));
    for blank in [&b"\n"[..], b"\r", b"\x0b", b"\x0c", b"\0", b"\x7f", b"\x85", b"\xa0"] {
        assert_eq!(only(&[&[blank, b"__Host-gangway=v"].concat()]), None);
        assert_eq!(only(&[&[b"__Host-gangway", blank, b"=v"].concat()]), None);
    }
}

#[test]
fn two_of_our_name_are_none() {
    for headers in [
        &[&b"__Host-gangway=a; __Host-gangway=a"[..]][..],
        &[b"__Host-gangway=a", b"__Host-gangway=b"],
        &[b"__Host-gangway=a; x=y", b"", b"z; __Host-gangway="],
    ] {
        assert_eq!(only(headers), None);
        assert_eq!(own(headers), None);
    }
    let both = &b"__Host-gangway-language=de; __Host-gangway=a; __Host-gangway-language=ja"[..];
    assert_eq!(own(&[both]).as_deref(), Some("__Host-gangway=a"));
}

#[test]
fn a_pair_needs_its_equals_sign() {
    for header in [&b"__Host-gangway"[..], b"=__Host-gangway=v", b"", b";", b"=", b"__Host-gangway;=v"] {
        assert_eq!(only(&[header]), None, "{}", String::from_utf8_lossy(header));
    }
    assert_eq!(only(&[b"__Host-gangway==v="]), Some(&b"=v="[..]));
    assert_eq!(only(&[b"__Host-gangway="]), Some(&b""[..]));
}

fn header() -> impl Strategy<Value = Vec<u8>> {
    let spelled = prop::sample::select(spellings(SESSION));
    let piece = prop_oneof![
        3 => "[ \t]{0,2}__Host-gangway[ \t]{0,2}=[a-z%=,\" ]{0,6}".prop_map(String::into_bytes),
        1 => "[ \t]{0,2}__Host-gangway-language=[a-z]{0,3}".prop_map(String::into_bytes),
        3 => (spelled, "[a-z=]{0,3}").prop_map(|(name, value)| [&name[..], b"=", value.as_bytes()].concat()),
        2 => prop::collection::vec(any::<u8>(), 0..20),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.join(&b';'))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_filtered_header_reads_like_the_received_ones(headers in prop::collection::vec(header(), 0..3)) {
        let headers: Vec<&[u8]> = headers.iter().map(Vec::as_slice).collect();
        let own = OwnCookies::PREFIXED.header(&headers.iter().copied());
        let again = own.as_deref().into_iter();
        for name in [SESSION, LANGUAGE] {
            let value = only_value(headers.iter().copied(), name);
            prop_assert_eq!(only_value(again.clone(), name), value);
            // The reference parser works on characters instead of bytes.
            let text = headers.iter().map(|header| header.iter().copied().map(char::from).collect::<String>());
            let pairs: Vec<String> = text.flat_map(|text| text.split(';').map(str::to_owned).collect::<Vec<_>>()).collect();
            let blank = [' ', '\t'];
            let named = pairs.iter().filter_map(|pair| pair.split_once('='));
            let named: Vec<&str> = named.filter(|(known, _)| known.trim_matches(blank) == name).map(|(_, v)| v).collect();
            let expected = if let [one] = named[..] { Some(one.trim_matches(blank)) } else { None };
            prop_assert_eq!(value.map(|value| value.iter().copied().map(char::from).collect()), expected.map(str::to_owned));
        }
        prop_assert_eq!(OwnCookies::PREFIXED.header(&again), own);
    }
}
