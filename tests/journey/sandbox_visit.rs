//! Tests of a host make each event happen by calls to the sandbox, as docs/host-guide.md lists them.

use serde_json::{Value, json};

use crate::app::{HOST_ORIGIN, TestApp};

/// A user's visit, played by the sandbox.
async fn visit(app: &TestApp, session: Value, more: Value) -> Value {
    let session = app.session_with(session).await;
    let mut body = json!({"url": session["url"], "origin": HOST_ORIGIN, "connector": "slack"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    call(app, "visit", body).await
}

async fn call(app: &TestApp, path: &str, body: Value) -> Value {
    let url = format!("{}/sandbox/{path}", app.sandbox.base_url());
    reqwest::Client::new().post(url).json(&body).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn visits_make_each_event_happen() {
    let app = TestApp::spawn().await;
    let linked = visit(&app, json!({"after": "return", "connector": "slack"}), json!({})).await;
    assert!(linked["url"].as_str().unwrap().contains("gangway_state=linked"), "{linked}");
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);

    let slack = app.held("jane").remove(0);
    visit(&app, json!({"connector": "slack", "reconnect": slack}), json!({})).await;
    assert!(app.events("jane").await.contains(&"connection.replaced".to_owned()), "{:?}", app.events("jane").await);

    let newest = app.held("jane").pop().unwrap();
    assert_eq!(call(&app, "revoke", json!({"credentialId": newest})).await, json!({"success": true}));
    let refused = format!("/users/jane/connections/{newest}/refused");
    assert_eq!(app.api("POST", &refused, Some(json!({}))).await.0, 204);
    assert!(app.events("jane").await.contains(&"connection.needs_reconnect".to_owned()));

    visit(&app, json!({"user": {"id": "sam"}}), json!({"decision": "deny"})).await;
    let denied = async || app.last_attempt("sam", "slack").await["state"] == "denied";
    app.until("the end", denied).await;
    assert_eq!(app.events("sam").await, ["link_attempt.ended"]);

    visit(&app, json!({"user": {"id": "kim"}}), json!({"returns": "other"})).await;
    let unverified = async || app.events("kim").await.contains(&"connection.unverified".to_owned());
    app.until("connection.unverified", unverified).await;

    let removed = app.api("DELETE", &format!("/users/jane/connections/{slack}"), None).await;
    assert_eq!(removed.0, 204);
    let gone = async || app.events("jane").await.contains(&"connection.removed".to_owned());
    app.until("connection.removed", gone).await;
}

#[tokio::test]
async fn visit_says_why_it_stops() {
    let app = TestApp::spawn().await;
    let foreign = visit(&app, json!({}), json!({"origin": "https://elsewhere.test"})).await;
    assert!(foreign["message"].as_str().unwrap().contains("host.origins"), "{foreign}");
    let form = visit(&app, json!({}), json!({"connector": "trello"})).await;
    assert_eq!(form["message"], "The app needs more fields");
    let unknown = visit(&app, json!({}), json!({"connector": "nothing"})).await;
    assert_eq!(unknown["message"], "The app has no form to submit");
}
