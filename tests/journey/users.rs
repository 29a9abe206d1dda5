//! Alloy's user for each of the host's: made once, found again, or given by the host.

use gangway::sandbox::{Fault, Route};
use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn a_user_is_made_once_by_two_requests_at_once() {
    let app = TestApp::spawn().await;
    let (mut one, mut other) = (app.arrived().await, app.arrived().await);
    app.sandbox.switch_on(Fault::Slow.with(1).on(Route::CreateUser));
    let (first, second) = futures_util::join!(one.get("/connectors"), other.get("/connectors/slack"));
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(app.sandbox.count(Route::CreateUser), 1);
    let made = app.sandbox.user("gangway-jane").unwrap();
    assert_eq!(made.full_name.as_deref(), Some("Jane Doe"));
    // It is kept: nobody asks again, not even a new process.
    let app = app.restart().await;
    app.arrived().await.get("/connectors").await;
    assert_eq!(app.sandbox.count(Route::CreateUser), 1);
}

#[tokio::test]
async fn a_name_that_is_taken_is_our_own_user_from_before() {
    for fault in [None, Some(Fault::DuplicateUser400), Some(Fault::DuplicateUserExisting)] {
        let app = TestApp::spawn().await;
        let before = app.sandbox.add_user("gangway-jane", None);
        app.sandbox.add_credential(&before, "slack").unwrap();
        if let Some(fault) = fault {
            app.sandbox.switch_on(fault);
        }
        let page = app.arrived().await.get("/connectors").await;
        assert_eq!(page.all("section h2")[0], "Connected", "{fault:?}");
        let connections = app.connections("jane").await;
        assert_eq!((connections.len(), &connections[0]["origin"]), (1, &json!("external")));
    }
}

#[tokio::test]
async fn the_hosts_own_id_is_taken_as_it_is() {
    let app = TestApp::spawn().await;
    let id = app.sandbox.add_user("whatever the host calls her", Some("Jane Doe"));
    let mut browser = app.arrived_with(json!({ "user": { "id": "jane", "alloy_user_id": id } })).await;
    assert_eq!(browser.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    assert_eq!(app.sandbox.credentials(&id).len(), 1);
    assert_eq!(app.sandbox.count(Route::CreateUser) + app.sandbox.count(Route::ReadUser), 0);
    let other = json!({ "user": { "id": "jane", "alloy_user_id": "5eba51a03fe9631316668514" } });
    let (status, problem) = app.api("POST", "/connect-sessions", Some(other)).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("user.alloy_user_id")));
}

#[tokio::test]
async fn a_user_of_another_name_is_never_taken_for_ours() {
    // Alloy's look-up takes ids too: the host's id of one user may be Alloy's id of another.
    let app = TestApp::spawn_with(|settings| settings.alloy.username_prefix = String::new()).await;
    let other = app.sandbox.add_user("somebody else", Some("Sam Lee"));
    app.sandbox.add_credential(&other, "slack").unwrap();
    let mut browser = app.arrived_with(json!({ "user": { "id": other, "name": "Mallory" } })).await;
    let page = browser.get("/connectors").await;
    assert!(!page.text().contains("Sam's Slack"), "{}", page.text());
    let refused = browser.link("slack", &[]).await;
    assert_eq!(refused.status, 503);
    assert_eq!(app.sandbox.count(Route::CreateCredential), 0);
    assert_eq!(app.sandbox.count(Route::ListUserCredentials), 0);
}

#[tokio::test]
async fn who_was_deleted_at_alloy_is_made_anew_once_erased_here() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let before = app.sandbox.user("gangway-jane").unwrap().user_id;
    assert!(app.sandbox.remove_user(&before));
    let refused = jane.link("hubspot", &[]).await;
    assert_eq!(jane.get(refused.location()).await.heading(), "HubSpot is not connected");
    assert_eq!(app.last_attempt("jane", "hubspot").await["reason"], "upstream_refused");
    // A process that has just made a user knows the id for a second more.
    let app = app.restart().await;
    assert_eq!(app.api("DELETE", "/users/jane", None).await.0, 204);
    let mut jane = app.arrived().await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "hubspot").await.heading(), "HubSpot is connected");
    assert_ne!(app.sandbox.user("gangway-jane").unwrap().user_id, before);
    assert_eq!(app.connections("jane").await.len(), 1);
}
