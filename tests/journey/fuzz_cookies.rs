//! Cookie headers of all kinds: only a cookie that one of our keys signed opens a session, and whatever else the header
//! holds is in nobody's way.

use std::time::Duration;

use gangway::config::{Rate, Settings};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use reqwest::header::HeaderValue;

use crate::{
    app::{SESSION_KEY, TestApp},
    browser::HTTPS_COOKIE as COOKIE,
    fuzz::fuzz,
    spellings::spellings,
};

const NEW_KEY: &str = "another-session-key-of-32-or-more-bytes";

/// One piece of the header.
#[derive(Debug, Clone)]
enum Piece {
    /// A cookie that the old or the new key signed.
    Ours { new: bool },
    /// The same with one bit turned.
    Flipped { new: bool, place: prop::sample::Index, bit: u8 },
    /// The same, cut, lengthened or under another name.
    Spoiled { new: bool, before: String, name: &'static str, after: String, cut: prop::sample::Index },
    /// A cookie that one of our keys signed, under a name that only looks like ours.
    Spelled { new: bool, name: Vec<u8> },
    /// What other sites and programs leave there.
    Foreign(Vec<u8>),
}

impl Piece {
    fn written(&self, cookies: &[String; 2]) -> Vec<u8> {
        let of = |new: &bool| &cookies[usize::from(*new)];
        match self {
            Self::Ours { new } => format!("{COOKIE}={}", of(new)).into_bytes(),
            Self::Flipped { new, place, bit } => {
                let mut value = of(new).clone().into_bytes();
                value[place.index(of(new).len())] ^= 1 << bit;
                [COOKIE.as_bytes(), b"=", &value].concat()
            }
            Self::Spoiled { new, before, name, after, cut } => {
                let (value, _) = of(new).split_at(cut.index(of(new).len() + 1));
                format!("{name}={before}{value}{after}").into_bytes()
            }
            Self::Spelled { new, name } => [name, &b"="[..], of(new).as_bytes()].concat(),
            Self::Foreign(bytes) => bytes.clone(),
        }
    }
}

fn piece() -> impl Strategy<Value = Piece> {
    let place = any::<prop::sample::Index>;
    let name =
        prop::sample::select(vec![COOKIE, COOKIE, "__host-gangway", "gangway", "__Host-gangway2", "__Secure-gangway"]);
    let spoiled = (any::<bool>(), "[a-z%=]{0,2}", name, "[a-z%=]{0,2}", place())
        .prop_map(|(new, before, name, after, cut)| Piece::Spoiled { new, before, name, after, cut });
    prop_oneof![
        2 => any::<bool>().prop_map(|new| Piece::Ours { new }),
        4 => (any::<bool>(), place(), 0..8u8).prop_map(|(new, place, bit)| Piece::Flipped { new, place, bit }),
        2 => spoiled,
        3 => (any::<bool>(), prop::sample::select(spellings(COOKIE)))
            .prop_map(|(new, name)| Piece::Spelled { new, name }),
        2 => prop::sample::select(vec!["theme=dark", "", "=", "=x", "bare", "a=%", "a=%ff", "a=\"b", "\u{7f}=x", "a=b=c", "ä=ö"])
            .prop_map(|text| Piece::Foreign(text.as_bytes().to_vec())),
        2 => prop::collection::vec(any::<u8>(), 0..40).prop_map(Piece::Foreign),
    ]
}

fn settings(keys: &'static [&str]) -> impl FnOnce(&mut Settings) {
    move |settings| {
        settings.session.keys = keys.iter().map(|&key| key.into()).collect();
        without_limits(settings);
    }
}

/// Any number of requests.
pub(crate) fn without_limits(settings: &mut Settings) {
    let any_number = Rate { requests: u32::MAX, per: Duration::from_secs(1) };
    settings.limits.per_address = any_number;
    settings.limits.per_session = any_number;
    settings.limits.overall = any_number;
}

/// Whether exactly one pair of all headers has our name, byte for byte, and its decoded value is one of our two cookies.
fn holds_ours(lines: &[HeaderValue], cookies: &[String; 2]) -> bool {
    let blank = [' ', '\t'];
    let text = |line: &HeaderValue| line.as_bytes().iter().copied().map(char::from).collect::<String>();
    let pairs = lines.iter().flat_map(|line| text(line).split(';').map(str::to_owned).collect::<Vec<_>>());
    let own = pairs.filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        (name.trim_matches(blank) == COOKIE).then(|| value.trim_matches(blank).to_owned())
    });
    let [value] = &own.collect::<Vec<_>>()[..] else { return false };
    let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
    cookies.iter().any(|cookie| decoded(value) == decoded(cookie))
}

#[test]
fn fuzz_the_session_cookie() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (app, cookies) = runtime.block_on(async {
        let app = TestApp::spawn_over_https_with(settings(&[SESSION_KEY])).await;
        let old = app.arrived().await.cookie().unwrap().clone();
        let app = app.restart_with(settings(&[NEW_KEY, SESSION_KEY])).await;
        let new = app.arrived().await.cookie().unwrap().clone();
        (app, [old, new])
    });
    // Nothing is there; but only who has a session is told so.
    let page = "/attempts/01890a5d-ac96-774b-bcce-b302099a8057";
    let headers = prop::collection::vec(prop::collection::vec(piece(), 0..4), 1..3);
    fuzz("cookie", &headers, |headers| {
        let lines = headers.iter().map(|pieces| {
            let written: Vec<Vec<u8>> = pieces.iter().map(|piece| piece.written(&cookies)).collect();
            written.join(&b"; "[..])
        });
        let lines: Vec<HeaderValue> = lines.filter_map(|line| HeaderValue::from_bytes(&line).ok()).collect();
        let expected = if holds_ours(&lines, &cookies) { 404 } else { 401 };
        let request = lines.into_iter().fold(app.request("GET", page), |request, line| request.header("cookie", line));
        let answer = runtime.block_on(request.send()).unwrap();
        prop_assert_eq!(answer.status().as_u16(), expected);
        Ok(())
    });
}

#[tokio::test]
async fn an_odd_cookie_of_another_page_locks_nobody_out() {
    let app = TestApp::spawn_over_https().await;
    let browser = app.arrived().await;
    let ours = format!("{COOKIE}={}", browser.cookie().unwrap());
    let known = async |app: &TestApp| {
        for beside in [&b"bare"[..], b"=x", b"a=%ff", b"theme=\"dark", "a=\u{e4}".as_bytes(), b"a=\xe4", b"\xff"] {
            for header in [[beside, b"; ", ours.as_bytes()].concat(), [ours.as_bytes(), b"; ", beside].concat()] {
                let header = HeaderValue::from_bytes(&header).unwrap();
                let answer = app.request("GET", "/connectors").header("cookie", header).send().await.unwrap();
                assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(beside));
            }
        }
    };
    known(&app).await;
    known(&app.restart_with(settings(&[NEW_KEY, SESSION_KEY])).await).await;
}
