//! Names, addresses and languages as hosts have them: what is only shown is tidied, and ids are refused.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::{
    app::{HOST_KEY, HOST_ORIGIN, TestApp},
    browser::Browser,
    process::Place,
    token_signer::{AUDIENCE, ISSUER, Signer, claims, was_let_in},
};

/// Names and what a page shows of them.
const NAMES: [(&str, &str); 10] = [
    ("Jane ", "Jane"),
    ("\u{a0}Jane\u{3000}", "Jane"),
    ("Jane\tDoe\n", "Jane Doe"),
    ("Jane\u{0}\u{202e}\u{feff}", "Jane"),
    ("فاطمه\u{200c}سادات", "فاطمه\u{200c}سادات"),
    ("ශ\u{dca}\u{200d}රී", "ශ\u{dca}\u{200d}රී"),
    ("👨\u{200d}👩\u{200d}👧", "👨\u{200d}👩\u{200d}👧"),
    ("Ja\u{200c}ne", "Jane"),
    ("", "jane@acme.test"),
    (" \u{200b} ", "jane@acme.test"),
];

/// Languages and what the page is in.
const LOCALES: [(&str, &str); 11] = [
    ("de_DE", "de"),
    ("de_AT.UTF-8", "de"),
    ("DE", "de"),
    (" de ", "de"),
    ("de-DE-u-co-phonebk", "de"),
    ("de-DE,de;q=0.9,en;q=0.8", "de"),
    ("tlh", "en"),
    ("C", "en"),
    ("", "en"),
    ("not a language", "en"),
    ("abcdefghi-abcdefghi-abcdefghi-abcdefghi-abcdefghi", "en"),
];

/// A Gangway that takes tokens of this signer.
pub(crate) async fn with_tokens() -> (Signer, TestApp) {
    let host = Signer::new(Algorithm::EdDSA);
    let app = TestApp::spawn_with(|settings| {
        settings.server.public_url = AUDIENCE.parse().unwrap();
        settings.host.token_issuer = Some(ISSUER.to_owned());
        settings.host.token_keys = vec![host.public()];
    })
    .await;
    (host, app)
}

#[tokio::test]
async fn names_and_locales_are_tidied() {
    let app = TestApp::spawn().await;
    for (name, shown) in NAMES {
        let user = json!({ "id": "jane", "name": name, "email": " jane@acme.test\n" });
        let (_, page) = app.opened(&app.session_with(json!({ "user": user })).await).await;
        assert!(page.text().contains(shown), "{name:?}: {}", page.text());
        assert!(page.text().contains("jane@acme.test"), "{name:?}: {}", page.text());
    }
    let long = json!({ "user": { "id": "jane", "name": "Jane ".repeat(100), "email": "j".repeat(300) } });
    let (_, page) = app.opened(&app.session_with(long).await).await;
    assert!(page.text().contains("Jane Jane") && page.text().contains('…'), "{}", page.text());
    for (locale, language) in LOCALES {
        let (_, page) = app.opened(&app.session_with(json!({ "locale": locale })).await).await;
        assert_eq!(page.attributes("html", "lang"), [language], "{locale:?}");
    }
}

#[tokio::test]
async fn names_and_locales_of_a_token_are_tidied() {
    let (host, app) = with_tokens().await;
    let opened = async |more: Value| {
        let token = host.sign(&claims(&more));
        app.browser().post_from("https://elsewhere.test", "/start", &[("token", &token)]).await
    };
    for (name, shown) in NAMES {
        let page = opened(json!({ "name": name, "email": " jane@acme.test\n" })).await;
        assert!(page.status == 200 && page.text().contains(shown), "{name:?}: {}", page.text());
    }
    for (locale, language) in LOCALES {
        let page = opened(json!({ "locale": locale })).await;
        assert_eq!((page.status, page.attributes("html", "lang")), (200, vec![language.to_owned()]), "{locale:?}");
    }
    for odd in [json!(7), json!(null), json!(["de"]), json!({ "given": "Jane" }), json!("x".repeat(300))] {
        let page = opened(json!({ "name": odd, "email": odd, "locale": odd })).await;
        assert_eq!(page.status, 200, "{odd}: {}", page.text());
    }
}

#[tokio::test]
async fn a_half_emoji_is_left_out_of_a_name_and_refused_in_an_id() {
    let (host, app) = with_tokens().await;
    let create = async |user: &str| {
        let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY);
        let body = format!(r#"{{"user":{user}}}"#);
        request.header("content-type", "application/json").body(body).send().await.unwrap()
    };
    let created: Value = create(r#"{"id":"jane","name":"Jane \ud83d"}"#).await.json().await.unwrap();
    let url = created["url"].as_str().unwrap().replace(AUDIENCE, &app.url);
    let (_, page) = app.opened(&json!({ "url": format!("{url}&address=public") })).await;
    assert!(page.text().contains("for Jane."), "{}", page.text());
    assert_eq!(create(r#"{"id":"jane\ude00"}"#).await.status(), 422);
    let token = host.sign_text(&claims(&json!({ "name": "Jane ?" })).to_string().replace('?', "\\ud83d"));
    assert!(was_let_in(&app.browser().post_from(HOST_ORIGIN, "/start", &[("token", &token)]).await));
    let token = host.sign_text(&claims(&json!({ "sub": "jane?" })).to_string().replace('?', "\\ud83d"));
    assert_eq!(app.browser().post_from(HOST_ORIGIN, "/start", &[("token", &token)]).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_the_claim_that_is_wrong() {
    let host = Signer::new(Algorithm::EdDSA);
    let settings = format!("host.token_issuer = '{ISSUER}'\nhost.token_keys = ['''\n{}''']", host.public());
    let process = Place::new(&settings).serve().await;
    for (wrong, reason) in [
        (json!({ "sub": "." }), "`sub` cannot be a user's id"),
        (json!({ "sub": ".." }), "neither `.` nor `..`"),
        (json!({ "sub": "jane " }), "`sub` cannot be a user's id"),
        (json!({ "connector": "../admin" }), "the claim `connector` is missing or not of the wanted form"),
        (json!({ "exp": "tomorrow" }), "the claim `exp` is missing or not of the wanted form"),
    ] {
        let before = process.place.log().matches(reason).count();
        let mut wrong = wrong;
        wrong["aud"] = json!(process.url);
        let token = host.sign(&claims(&wrong));
        assert_eq!(Browser::new(&process.url).post_from(HOST_ORIGIN, "/start", &[("token", &token)]).await.status, 410);
        assert_eq!(process.place.log().matches(reason).count(), before + 1, "{wrong}: {}", process.place.log());
    }
    assert!(!process.place.log().contains("tomorrow"));
}
