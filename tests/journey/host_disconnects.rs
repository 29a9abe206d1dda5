//! The host's server takes away what its user connected, and reads of what does not count as connected.

use gangway::{
    config::VerifyCompletion,
    sandbox::{Fault, Route},
};
use serde_json::{Value, json};
use time::Duration;

use crate::app::TestApp;

const REMOVED: [&str; 3] = ["connection.linked", "link_attempt.ended", "connection.removed"];

async fn take_away(app: &TestApp, user: &str, credential: &str) -> u16 {
    app.api("DELETE", &format!("/users/{user}/connections/{credential}"), None).await.0
}

/// Jane has linked Slack: its credential.
async fn linked(app: &TestApp) -> String {
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    app.connections("jane").await[0]["credential_id"].as_str().unwrap().to_owned()
}

/// What the user has, with what does not count as connected: app, whose, and how it stands.
async fn all(app: &TestApp, user: &str) -> Vec<(String, String, String)> {
    let (status, answer) = app.api("GET", &format!("/users/{user}/connections?include=unverified"), None).await;
    assert_eq!(status, 200, "{answer}");
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let all = answer["connections"].as_array().unwrap().iter();
    all.map(|one| (text(one, "connector"), text(one, "origin"), text(one, "state"))).collect()
}

fn told(connector: &str, origin: &str, state: &str) -> (String, String, String) {
    (connector.to_owned(), origin.to_owned(), state.to_owned())
}

#[tokio::test]
async fn host_disconnects_once_with_one_event() {
    let app = TestApp::spawn().await;
    let credential = linked(&app).await;
    assert_eq!(take_away(&app, "jane", &credential).await, 204);
    assert!(app.held("jane").is_empty() && app.connections("jane").await.is_empty());
    assert_eq!(take_away(&app, "jane", &credential).await, 204, "again is the same");
    assert_eq!(app.events("jane").await, REMOVED);
    let attempt = app.last_attempt("jane", "slack").await;
    let last = attempt["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["event"], &last["actor"]), (&json!("removed"), &json!("host")));
    assert_eq!(app.sandbox.count(Route::DeleteUserCredential), 1);
}

#[tokio::test]
async fn host_disconnects_external_connection() {
    let app = TestApp::spawn().await;
    app.arrived().await.get("/connectors").await;
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    let external = app.sandbox.add_credential(&jane, "notion").unwrap();
    assert_eq!(take_away(&app, "jane", &external).await, 204);
    assert!(app.held("jane").is_empty());
    assert_eq!(app.events("jane").await, ["connection.removed"]);
}

#[tokio::test]
async fn other_or_unknown_connection_is_not_found() {
    let app = TestApp::spawn().await;
    let credential = linked(&app).await;
    app.arrived_with(json!({ "user": { "id": "sam" } })).await.get("/connectors").await;
    for (user, wanted) in [
        ("sam", credential.as_str()),
        ("nobody", &credential),
        ("jane", "67a37f29e0aa276e50d7253a"),
        ("jane", "..%2fadmin"),
        ("%00", &credential),
    ] {
        assert_eq!(take_away(&app, user, wanted).await, 404, "{user} {wanted}");
    }
    assert_eq!(app.connections("jane").await.len(), 1);
    assert_eq!(app.sandbox.count(Route::DeleteUserCredential), 0);
}

#[tokio::test]
async fn known_connection_is_deleted_after_an_outage() {
    let app = TestApp::spawn().await;
    let credential = linked(&app).await;
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    let external = app.sandbox.add_credential(&jane, "notion").unwrap();
    app.sandbox.switch_on(Fault::ServerErrors);
    assert_eq!(take_away(&app, "jane", &credential).await, 204);
    assert_eq!(take_away(&app, "jane", &external).await, 503, "nobody can say whose this is");
    assert_eq!(app.held("jane").len(), 2);
    let app = app.crash().await;
    app.sandbox.switch_all_off();
    app.clock.pass(Duration::minutes(2));
    app.until("the deletion", async || app.events("jane").await == REMOVED).await;
    assert_eq!(app.held("jane"), std::slice::from_ref(&external));
    assert_eq!(take_away(&app, "jane", &external).await, 204);
}

#[tokio::test]
async fn unverified_connections_are_listed_on_request() {
    let app = TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Links).await;
    let credential = linked(&app).await;
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    app.sandbox.add_credential(&jane, "trello").unwrap();
    // By a link, and the host has not said yet who it was.
    let (mut by_link, page) = app.opened(&app.session_with(json!({})).await).await;
    by_link.submit(&page, "/start", &[]).await;
    by_link.link_and_allow(&app.sandbox, "notion").await;
    // Finished in another browser, and Alloy does not delete it yet.
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::DeleteUserCredential));
    let leaving = app.arrived().await.leave_for("hubspot").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    let expected = [
        told("slack", "linked", "connected"),
        told("trello", "external", "connected"),
        told("notion", "linked", "pending"),
        told("hubspot", "linked", "unverified"),
    ];
    app.until("the stranger's return", async || all(&app, "jane").await.len() == 4).await;
    assert_eq!(all(&app, "jane").await, expected);
    let (_, usual) = app.api("GET", "/users/jane/connections", None).await;
    let usual = usual["connections"].as_array().unwrap();
    assert!(usual.len() == 2 && usual.iter().all(|one| one.get("state").is_none()), "{usual:?}");
    assert_eq!(usual[0]["credential_id"], credential.as_str());
    // What waits for the host's word is not there to be taken away; what is unverified is.
    let of = async |app: &TestApp, connector: &str| {
        app.last_attempt("jane", connector).await["credential_id"].as_str().unwrap().to_owned()
    };
    assert_eq!(take_away(&app, "jane", &of(&app, "notion").await).await, 404);
    assert_eq!(take_away(&app, "jane", &of(&app, "hubspot").await).await, 204);
    for query in ["include=all", "include=", "include=unverified&include=unverified", "exclude=unverified"] {
        assert_eq!(app.api("GET", &format!("/users/jane/connections?{query}"), None).await.0, 422, "{query}");
    }
}
