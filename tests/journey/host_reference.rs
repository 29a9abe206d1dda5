//! A reference of the host's own comes back as it was sent, in all that follows from the session.

use gangway::domain::session::ExternalId;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::Browser,
    open_in_browser::{INSTAGRAM, opens_elsewhere},
    secrets::captured_log::CapturedLog,
    token_signer::{AUDIENCE, ISSUER, Signer, claims, posted, was_let_in},
};

async fn references(app: &TestApp) -> Vec<Value> {
    let events = app.store.events(&ExternalId::parse("jane").unwrap(), 0).await.unwrap();
    let read = |body: &str| serde_json::from_str::<Value>(body).unwrap()["data"]["client_reference"].clone();
    events.iter().map(|event| read(&event.body)).collect()
}

#[tokio::test]
async fn reference_comes_back_as_it_was_sent() {
    let app = TestApp::spawn().await;
    let two_hundred = "ß🧾".repeat(100);
    let sent = ["{\"order\":4711,\"plan\":\"<b>pro & more</b>\"}", two_hundred.as_str()];
    for (reference, connector) in sent.into_iter().zip(["slack", "notion"]) {
        let session = app.session_with(json!({ "client_reference": reference })).await;
        let id = session["id"].as_str().unwrap();
        let (_, shown) = app.api("GET", &format!("/connect-sessions/{id}"), None).await;
        assert_eq!(shown["client_reference"], reference);
        let mut jane = app.browser();
        jane.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
        jane.link_and_allow(&app.sandbox, connector).await;
        assert_eq!(app.last_attempt("jane", connector).await["client_reference"], reference);
        let (_, listed) = app.api("GET", &format!("/link-attempts?session={id}"), None).await;
        assert_eq!(listed["link_attempts"][0]["client_reference"], reference);
    }
    // Two events for each link.
    assert_eq!(references(&app).await, [sent[0], sent[0], sent[1], sent[1]].map(Value::from));
    let mut without = app.arrived().await;
    without.link_and_allow(&app.sandbox, "hubspot").await;
    assert_eq!(app.last_attempt("jane", "hubspot").await["client_reference"], Value::Null);
}

#[tokio::test]
async fn session_for_another_browser_has_the_reference() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived_with(json!({ "client_reference": "order-4711" })).await;
    let page = opens_elsewhere(&app, &mut jane, INSTAGRAM).await;
    let mut other = app.browser();
    let start = other.navigate(&page.all("textarea")[0], "none").await;
    assert_eq!(other.submit(&start, "/start", &[]).await.status, 307);
    other.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(app.last_attempt("jane", "slack").await["client_reference"], "order-4711");
}

#[tokio::test]
async fn token_carries_a_reference() {
    let (log, host) = (CapturedLog::listen(), Signer::new(Algorithm::ES256));
    let app = TestApp::spawn_with(|settings| {
        settings.server.public_url = AUDIENCE.parse().unwrap();
        settings.host.token_issuer = Some(ISSUER.to_owned());
        settings.host.token_keys = vec![host.public()];
    })
    .await;
    let mut jane = Browser::behind_proxy(&app.url, AUDIENCE);
    let token = host.sign(&claims(&json!({ "sub": "jane", "client_reference": "order-4711" })));
    assert!(was_let_in(&jane.post_from(HOST_ORIGIN, "/start", &[("token", &token)]).await));
    jane.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(app.last_attempt("jane", "slack").await["client_reference"], "order-4711");
    for wrong in [json!(4711), json!("x".repeat(201)), json!("a\u{200b}b"), json!("")] {
        let token = host.sign(&claims(&json!({ "client_reference": wrong })));
        assert!(!was_let_in(&posted(&app, &token).await), "{wrong}");
    }
    assert_eq!(log.text().matches("the claim `client_reference` is missing or not of the wanted form").count(), 4);
    for wrong in [json!(42), json!(null), json!("x".repeat(256))] {
        let token = host.sign(&claims(&json!({ "sub": wrong })));
        assert!(!was_let_in(&posted(&app, &token).await), "{wrong}");
    }
    assert_eq!(log.text().matches("`sub` cannot be a user's id: a text of 1 to 255 printable").count(), 3);
}
