//! Repeated requests for a session: the host's server did not get the response.

use futures_util::future::join_all;
use secrecy::SecretString;
use serde_json::{Value, json};
use time::Duration;

use crate::app::{HOST_KEY, HOST_ORIGIN, SESSION_KEY, TestApp};

/// Asks for a session under that key.
async fn ask(app: &TestApp, key: &str, body: &Value) -> (u16, Value) {
    let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY).header("idempotency-key", key);
    let answer = request.json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn jane() -> Value {
    json!({ "user": { "id": "jane", "name": "Jane Doe" }, "expires_in": 300 })
}

#[tokio::test]
async fn repeated_request_gives_the_same_session() {
    let app = TestApp::spawn().await;
    let first = ask(&app, "order-17", &jane()).await;
    assert_eq!(first.0, 201);
    app.clock.pass(Duration::seconds(20));
    // In another order, and with a default written out, it is the same request.
    let same = json!({ "expires_in": 300, "connectors": [], "user": { "name": "Jane Doe", "id": "jane" } });
    assert_eq!(ask(&app, "order-17", &same).await, first);
    assert_ne!(ask(&app, "order-18", &jane()).await.1["id"], first.1["id"], "another key is another session");
    let without = app.api("POST", "/connect-sessions", Some(jane())).await;
    assert_ne!(without.1["id"], first.1["id"]);
}

#[tokio::test]
async fn repetition_after_the_session_gives_the_same_response() {
    let app = TestApp::spawn().await;
    let first = ask(&app, "order-17", &jane()).await;
    let code = first.1["start_code"].as_str().unwrap();
    assert_eq!(app.browser().post_from(HOST_ORIGIN, "/start", &[("code", code)]).await.status, 303);
    assert_eq!(ask(&app, "order-17", &jane()).await, first, "its code is used up");
    app.clock.pass(Duration::hours(24));
    assert_eq!(ask(&app, "order-17", &jane()).await, first, "its code is too old");
    let app = app
        .restart_with(|settings| {
            settings.session.keys = vec![SecretString::from("n".repeat(32)), SESSION_KEY.into()];
        })
        .await;
    assert_eq!(ask(&app, "order-17", &jane()).await, first, "a newer key writes new codes");
    assert!(!String::from_utf8_lossy(&app.database()).contains("order-17"), "only the key's digest is kept");
}

#[tokio::test]
async fn repetition_after_key_removal_is_refused() {
    let app = TestApp::spawn().await;
    assert_eq!(ask(&app, "order-17", &jane()).await.0, 201);
    let app = app.restart_with(|settings| settings.session.keys = vec![SecretString::from("n".repeat(32))]).await;
    let (status, problem) = ask(&app, "order-17", &jane()).await;
    assert_eq!(status, 422, "{problem}");
    assert!(problem["type"].as_str().unwrap().ends_with("idempotency-key-outlived"), "{problem}");
    assert_eq!(ask(&app, "order-18", &jane()).await.0, 201);
}

#[tokio::test]
async fn other_body_under_the_same_key_is_refused() {
    let app = TestApp::spawn().await;
    let first = ask(&app, "order-17", &jane()).await;
    for other in [
        json!({ "user": { "id": "jane", "name": "Jane Doe" } }),
        json!({ "user": { "id": "jane", "name": "Jane Doe" }, "expires_in": 300, "client_reference": "order-4711" }),
        json!({ "user": { "id": "sam", "alloy_user_id": "5eba51a03fe9631316668514" }, "expires_in": 300 }),
    ] {
        let (status, problem) = ask(&app, "order-17", &other).await;
        assert_eq!(status, 422);
        assert!(problem["type"].as_str().unwrap().ends_with("idempotency-key-reused"), "{problem}");
    }
    assert_eq!(ask(&app, "order-17", &jane()).await, first);
    let sam = gangway::domain::session::ExternalId::parse("sam").unwrap();
    assert_eq!(app.store.alloy_user(&sam).await.unwrap(), None, "a refused request leaves nothing behind");
}

async fn one_of_fifty(app: TestApp) {
    let other = app.beside().await;
    let asked = (0..50).map(|turn| {
        let app = if turn % 2 == 0 { &app } else { &other };
        async move { ask(app, "order-17", &jane()).await }
    });
    let answers = join_all(asked).await;
    let id = |answer: &(u16, Value)| (answer.0, answer.1["id"].clone(), answer.1["start_code"].clone());
    assert!(answers.iter().all(|answer| answer.0 == 201 && id(answer) == id(&answers[0])), "{answers:?}");
}

#[tokio::test]
async fn fifty_simultaneous_requests_create_one_session_on_postgres() {
    one_of_fifty(TestApp::spawn_on_postgres().await).await;
}

#[tokio::test]
async fn fifty_simultaneous_requests_create_one_session_on_sqlite() {
    one_of_fifty(TestApp::spawn().await).await;
}

#[tokio::test]
async fn malformed_key_is_refused() {
    let app = TestApp::spawn().await;
    for key in [String::new(), "x".repeat(256), "schlüssel".to_owned(), "a\tb".to_owned()] {
        let (status, problem) = ask(&app, &key, &jane()).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("Idempotency-Key")), "{key:?}");
    }
    assert_eq!(ask(&app, &"x".repeat(255), &jane()).await.0, 201);
    let twice = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY);
    let twice = twice.header("idempotency-key", "a").header("idempotency-key", "b").json(&jane()).send().await.unwrap();
    assert_eq!(twice.status(), 422);
}
