//! The host's button for an app that the user has connected already.

use serde_json::json;

use crate::app::{RETURN_URL, TestApp};

/// What the host asks for.
fn button() -> serde_json::Value {
    json!({ "connector": "slack", "after": "return", "return_url": RETURN_URL })
}

#[tokio::test]
async fn user_goes_back_with_the_connection_or_connects_another_account() {
    let app = TestApp::spawn().await;
    app.arrived_with(button()).await.link_and_allow(&app.sandbox, "slack").await;
    let attempt = app.last_attempt("jane", "slack").await;
    let mut jane = app.arrived_with(button()).await;
    let page = jane.get("/connectors/slack").await;
    assert_eq!(page.heading(), "Slack is connected");
    let back = format!("{RETURN_URL}?gangway_attempt_id={}&gangway_state=linked", attempt["id"].as_str().unwrap());
    assert_eq!(page.attributes("a.button.primary", "href"), [back]);
    assert!(page.text().contains("Connect another account"), "{}", page.text());
    assert_eq!(app.last_attempt("jane", "slack").await["id"], attempt["id"], "nothing was begun");
    // Who came for something else goes back without it.
    let page = app.arrived_with(json!({ "return_url": RETURN_URL })).await.get("/connectors/slack").await;
    assert_eq!(page.attributes("a.button.primary", "href"), [RETURN_URL]);
}

#[tokio::test]
async fn connection_made_elsewhere_has_no_attempt_to_go_back_with() {
    let app = TestApp::spawn().await;
    app.arrived().await.get("/connectors").await;
    let user = app.sandbox.user("gangway-jane").unwrap();
    app.sandbox.add_credential(&user.user_id, "slack").unwrap();
    let page = app.arrived_with(button()).await.get("/connectors/slack").await;
    assert_eq!(page.heading(), "Slack is connected");
    assert_eq!(page.attributes("a.button.primary", "href"), [RETURN_URL]);
}

#[tokio::test]
async fn link_to_reconnect_replaces_the_connection() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let known = app.connections("jane").await.remove(0);
    let session = app.session_with(json!({ "connector": "slack", "reconnect": known["credential_id"] })).await;
    let (mut browser, start) = app.opened(&session).await;
    assert_eq!(browser.submit(&start, "/start", &[]).await.status, 307, "{}", start.text());
    // What a browser does on 307: the same form again.
    let form = start.form("/start");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let leaving = browser.post("/connectors/slack/link", &form).await;
    assert_eq!(leaving.status, 303, "{}", leaving.text());
    assert_eq!(app.last_attempt("jane", "slack").await["replaces"], known["credential_id"]);
}
