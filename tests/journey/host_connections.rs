//! The host's server asks what a user has connected, and what became of an attempt.

use gangway::sandbox::Route;
use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn link_is_listed_as_a_connection() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let (mut browser, page) = app.opened(&session).await;
    browser.submit(&page, "/start", &[]).await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    let connections = app.connections("jane").await;
    let [connection] = connections.as_slice() else { panic!("{connections:?}") };
    let mut fields: Vec<&String> = connection.as_object().unwrap().keys().collect();
    fields.sort();
    let documented = [
        "account",
        "account_label",
        "alloy_user_id",
        "attempt_id",
        "connector",
        "created_at",
        "credential_id",
        "name",
        "origin",
        "proof",
        "status",
        "updated_at",
    ];
    assert_eq!(fields, documented);
    assert_eq!((&connection["name"], &connection["origin"]), (&json!("Jane's Slack"), &json!("linked")));

    let attempt = app.attempt(connection["attempt_id"].as_str().unwrap()).await;
    let mut fields: Vec<&String> = attempt.as_object().unwrap().keys().collect();
    fields.sort();
    let documented = [
        "account",
        "account_label",
        "alloy_user_id",
        "client_reference",
        "connector",
        "created_at",
        "credential_id",
        "id",
        "proof",
        "reason",
        "reference",
        "replaces",
        "session_id",
        "settled_at",
        "state",
        "timeline",
        "user",
    ];
    assert_eq!(fields, documented);
    assert_eq!(attempt["session_id"], session["id"]);
    assert_eq!(attempt["user"], json!({ "id": "jane" }));
    assert_eq!(attempt["credential_id"], connection["credential_id"]);
    assert_eq!(attempt["replaces"], json!(null));
    let reference = attempt["reference"].as_str().unwrap();
    assert_eq!((reference.len(), reference.as_bytes()[4]), (9, b'-'), "{reference}");
}

#[tokio::test]
async fn external_connections_are_marked_and_open_ones_hidden() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    let external = app.sandbox.add_credential(&jane, "notion").unwrap();
    browser.link_and_allow(&app.sandbox, "slack").await;
    let leaving = browser.leave_for("hubspot").await;
    app.sandbox.approve(&leaving).unwrap();
    let mut known: Vec<(String, String)> = Vec::new();
    for connection in app.connections("jane").await {
        let text = |name: &str| connection[name].as_str().unwrap_or_default().to_owned();
        known.push((text("connector"), text("origin")));
        assert_eq!(text("attempt_id").is_empty(), text("credential_id") == external);
    }
    let told = |connector: &str, origin: &str| (connector.to_owned(), origin.to_owned());
    assert_eq!(known, [told("notion", "external"), told("slack", "linked")]);
}

#[tokio::test]
async fn unknown_user_has_no_connections_and_is_not_created() {
    let app = TestApp::spawn().await;
    assert_eq!(app.connections("nobody").await, Vec::<serde_json::Value>::new());
    assert!(app.sandbox.user("gangway-nobody").is_none());
    let (status, _) = app.api("GET", "/users/%00/connections", None).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn reading_connections_of_a_user_without_session_creates_nothing_upstream() {
    let app = TestApp::spawn().await;
    let jane = app.sandbox.add_user("gangway-jane", None);
    app.sandbox.add_credential(&jane, "slack").unwrap();
    assert_eq!(app.connections("jane").await.len(), 1);
    assert_eq!(app.sandbox.count(Route::CreateUser), 0);
}

#[tokio::test]
async fn connection_deleted_upstream_disappears() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    let id = app.connections("jane").await[0]["credential_id"].as_str().unwrap().to_owned();
    assert!(app.sandbox.remove_credential(&jane, &id));
    assert_eq!(app.connections("jane").await.len(), 0);
    assert_eq!(browser.get("/connectors/slack").await.heading(), "Connect Slack to Acme Notes");
}
