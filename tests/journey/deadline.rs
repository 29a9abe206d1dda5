//! Nobody came back, or what they came back for never showed: the deadline ends it.

use gangway::sandbox::Fault;
use time::Duration;

use crate::{
    app::TestApp,
    provider::{press, redirect_uri},
};

async fn ends(app: &TestApp, state: &str, reason: &str) {
    app.clock.pass(Duration::minutes(64));
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "pending");
    app.clock.pass(Duration::minutes(1));
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some(state), Some(reason)));
    assert!(attempt["settled_at"].is_string(), "{attempt}");
}

#[tokio::test]
async fn unreturned_attempt_expires() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::AdminApproval);
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    assert_eq!(press(&app.sandbox, &leaving, "Allow").await, None);
    ends(&app, "expired", "no_return").await;
    assert_eq!(app.events("jane").await, ["link_attempt.ended"]);
    let mut later = app.arrived().await;
    let attempt = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    let page = later.get(&format!("/attempts/{attempt}")).await;
    assert_eq!(page.heading(), "Slack is not connected");
    assert!(page.text().contains("You did not come back from Slack in time"), "{}", page.text());
}

#[tokio::test]
async fn unreturned_credential_is_unverified() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    app.sandbox.approve(&leaving).unwrap();
    ends(&app, "unverified", "no_return").await;
    assert_eq!(app.connections("jane").await.len(), 0);
    assert_eq!(app.events("jane").await, ["connection.unverified", "link_attempt.ended"]);
    assert!(!app.arrived().await.get("/connectors").await.text().contains("Jane's Slack"));
}

#[tokio::test]
async fn unlisted_credential_fails() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    browser.navigate(&redirect_uri(&leaving), "cross-site").await;
    ends(&app, "failed", "not_confirmed").await;
    assert_eq!(app.events("jane").await, ["link_attempt.ended"]);
}

#[tokio::test]
async fn return_after_deadline_changes_nothing() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.clock.pass(Duration::minutes(66));
    browser.navigate(&back, "cross-site").await;
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("unverified"), Some("no_return")));
    let steps = attempt["timeline"].to_string();
    assert!(!steps.contains("returned"), "{steps}");
}

#[tokio::test]
async fn expired_session_binds_and_ended_one_does_not() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    app.clock.pass(Duration::minutes(40));
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let returned = browser.navigate(&back, "cross-site").await;
    assert_eq!(returned.status, 303);
    assert_eq!(browser.get(returned.location()).await.status, 401);
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(attempt["state"], "linked");

    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("notion").await;
    let session = app.last_attempt("jane", "notion").await["session_id"].as_str().unwrap().to_owned();
    app.api("DELETE", &format!("/connect-sessions/{session}"), None).await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(browser.navigate(&back, "cross-site").await.status, 403);
    assert_eq!(app.last_attempt("jane", "notion").await["state"], "unverified");
}
