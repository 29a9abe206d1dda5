//! A link that was given to a browser lives on when its attempt does not: what somebody does with it then is never taken
//! for the host's own doing.

use gangway::sandbox::Fault;
use serde_json::json;
use time::Duration;

use crate::{app::TestApp, provider::redirect_uri};

#[tokio::test]
async fn link_of_another_attempt_connects_nothing() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    // She cancels in her own browser, and somebody else opens the link.
    let given_up = jane.leave_for("slack").await;
    let page = jane.come_back(&format!("{}?error=access_denied", redirect_uri(&given_up))).await;
    assert_eq!(page.heading(), "Slack is not connected");
    app.sandbox.approve(&given_up).unwrap();
    // She begins anew with other answers, and somebody else opens the first link.
    let beside = jane.link("zohoCRM", &[("data.region", "com")]).await.location().to_owned();
    jane.link("zohoCRM", &[("data.region", "eu")]).await;
    app.sandbox.approve(&beside).unwrap();
    // Nobody looked at the right time, because Alloy was away.
    let expired = jane.leave_for("notion").await;
    app.sandbox.approve(&expired).unwrap();
    app.sandbox.switch_on(Fault::ServerErrors);
    app.clock.pass(Duration::minutes(66));
    assert_eq!(app.last_attempt("jane", "notion").await["state"], "pending", "nobody knows what came of it");
    app.sandbox.switch_all_off();
    assert_eq!(app.last_attempt("jane", "notion").await["state"], "unverified");

    assert_eq!(app.connections("jane").await, Vec::<serde_json::Value>::new());
    let page = app.arrived().await.get("/connectors").await;
    assert!(!page.text().contains("Jane's"), "{}", page.text());
}

#[tokio::test]
async fn continued_attempt_gets_a_new_deadline() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.leave_for("slack").await;
    app.clock.pass(Duration::minutes(29));
    jane.get("/connectors").await;
    app.clock.pass(Duration::minutes(29));
    let leaving = jane.leave_for("slack").await;
    app.clock.pass(Duration::minutes(20));
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn users_sharing_an_alloy_user_do_not_block_each_other() {
    let app = TestApp::spawn().await;
    let shared = app.sandbox.add_user("the-team", None);
    let user = |id| json!({ "user": { "id": id, "alloy_user_id": shared } });
    let (mut jane, mut sam) = (app.arrived_with(user("jane")).await, app.arrived_with(user("sam")).await);
    let (hers, his) = (jane.leave_for("slack").await, sam.leave_for("slack").await);
    let back = app.sandbox.approve(&hers).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    assert_eq!(sam.come_back(&redirect_uri(&his)).await.heading(), "Checking with Slack…");
    let back = app.sandbox.approve(&his).unwrap().unwrap();
    assert_eq!(sam.come_back(&back).await.heading(), "Slack is connected");
    let ids = [app.last_attempt("jane", "slack").await, app.last_attempt("sam", "slack").await];
    assert_ne!(ids[0]["credential_id"], ids[1]["credential_id"]);
}

#[tokio::test]
async fn attempt_without_snapshot_does_not_block_the_next() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.get("/connectors/slack").await;
    app.sandbox.switch_on(Fault::ServerErrors.on(gangway::sandbox::Route::ListUserCredentials));
    jane.leave_for("slack").await;
    app.sandbox.switch_all_off();
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
}

#[tokio::test]
async fn failed_second_submission_keeps_the_attempt() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    app.sandbox.switch_on(Fault::ServerErrors.on(gangway::sandbox::Route::CreateCredential));
    let pressed = jane.link("slack", &[]).await;
    assert_eq!(pressed.status, 503);
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "pending");
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
}
