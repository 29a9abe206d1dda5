//! Start codes, drawn near a real one: what is not that code opens nothing and uses nothing up.

use std::time::Duration;

use gangway::{config::Rate, domain::session::StartCode};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use proptest::prelude::*;
use reqwest::StatusCode;
use serde_json::json;

use crate::{
    app::{HOST_ORIGIN, TestApp},
    fuzz::fuzz,
};

/// How a code is spoiled.
#[derive(Debug, Clone)]
enum Change {
    Nothing,
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    OtherCase,
    Instead(Vec<u8>),
}

impl Change {
    fn applied(&self, code: &str) -> Vec<u8> {
        let mut bytes = code.as_bytes().to_vec();
        match self {
            Self::Nothing => {}
            Self::Flip(place, bit) => bytes[place.index(code.len())] ^= 1 << bit,
            Self::Cut(place) => bytes.truncate(place.index(code.len())),
            Self::Insert(place, more) => {
                let place = place.index(code.len() + 1);
                bytes.splice(place..place, more.iter().copied());
            }
            Self::OtherCase => bytes.make_ascii_uppercase(),
            Self::Instead(other) => bytes.clone_from(other),
        }
        bytes
    }
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    let junk = || {
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "[a-zA-Z0-9_-]{0,140}".prop_map(String::into_bytes),
            "[ =+/.%&;\u{0}\n']{1,4}".prop_map(String::into_bytes),
        ]
    };
    prop_oneof![
        1 => Just(Change::Nothing),
        4 => (place(), 0..8u8).prop_map(|(place, bit)| Change::Flip(place, bit)),
        1 => place().prop_map(Change::Cut),
        2 => (place(), junk()).prop_map(|(place, more)| Change::Insert(place, more)),
        1 => Just(Change::OtherCase),
        2 => junk().prop_map(Change::Instead),
    ]
}

fn may_be_a_code(text: &str) -> bool {
    (1..=128).contains(&text.chars().count())
        && text.chars().all(|one| matches!(one, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_'))
}

#[test]
fn fuzz_start_codes() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app = runtime.block_on(TestApp::spawn_with(|settings| {
        let any_number = Rate { requests: u32::MAX, per: Duration::from_secs(1) };
        settings.limits.per_address = any_number;
        settings.limits.overall = any_number;
        settings.session.start_code = Duration::from_secs(3600);
    }));
    let session = runtime.block_on(app.session_with(json!({})));
    let code = session["start_code"].as_str().unwrap();
    fuzz("start code", &(change(), any::<bool>()), |(change, posted)| {
        let tried = change.applied(code);
        let is_the_code = tried == code.as_bytes();
        let text = String::from_utf8_lossy(&tried);
        match StartCode::parse(&text) {
            Ok(parsed) => prop_assert!(may_be_a_code(&text) && parsed.expose() == text),
            Err(refused) => prop_assert!(!may_be_a_code(&text) && refused.to_string() == "malformed start code"),
        }
        // A code that comes second counts for nothing.
        let pair = format!("code={}&code={code}", percent_encode(&tried, NON_ALPHANUMERIC));
        let request = if posted && !is_the_code {
            let form = app.request("POST", "/start").header("origin", HOST_ORIGIN);
            form.header("content-type", "application/x-www-form-urlencoded").body(pair)
        } else {
            app.request("GET", &format!("/start?{pair}"))
        };
        let answer = runtime.block_on(request.send()).unwrap();
        prop_assert_eq!(answer.status(), if is_the_code { StatusCode::OK } else { StatusCode::GONE });
        prop_assert!(!answer.headers().contains_key("set-cookie"));
        Ok(())
    });
    let arrived = runtime.block_on(app.browser().post_from(HOST_ORIGIN, "/start", &[("code", code)]));
    assert_eq!(arrived.status, 303, "the code itself still works, once");
}
