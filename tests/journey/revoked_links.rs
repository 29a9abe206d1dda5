//! What a foreign return revokes, and what it leaves alone.

use gangway::sandbox::{Fault, Route};
use serde_json::json;
use time::Duration;

use crate::{app::TestApp, browser::Browser, provider::redirect_uri};

/// Leaves for Slack while the list cannot be had, so that the attempt does not know what was there before.
pub(crate) async fn leave_blindly(app: &TestApp, jane: &mut Browser) -> String {
    let page = jane.get("/connectors/slack?another=1").await;
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListUserCredentials));
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListCredentials));
    let leaving = jane.submit(&page, "/connectors/slack/link", &[]).await;
    app.sandbox.switch_all_off();
    leaving.location().to_owned()
}

#[tokio::test]
async fn earlier_link_survives_foreign_return_without_snapshot() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    app.pass_everywhere(Duration::minutes(20));
    let link = leave_blindly(&app, &mut jane).await;
    // She finishes it behind an app on her phone.
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    app.pass_everywhere(Duration::seconds(4));
    assert!(!app.events("jane").await.contains(&"connection.unverified".to_owned()));
    assert_eq!(app.connections("jane").await.len(), 1, "what she had stays");
}

#[tokio::test]
async fn crash_before_revocation_is_completed_by_refresh() {
    let app = TestApp::spawn().await;
    let mut x = app.arrived().await;
    let first = x.leave_for("slack").await;
    x.come_back(&format!("{}?error=access_denied", redirect_uri(&first))).await;
    let second = x.leave_for("slack").await;
    app.sandbox.approve(&first).unwrap();
    assert_eq!(x.come_back(&redirect_uri(&second)).await.heading(), "Slack is connected");
    // All that was kept of the stranger's return before the end.
    app.in_the_database(
        "update link_attempt set version = version + 1, foreign_at = settled_at + 2000, next_look = settled_at \
         where state = 'denied'",
    )
    .await;
    app.clock.pass(Duration::seconds(5));
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    assert!(app.connections("jane").await.is_empty());
}

#[tokio::test]
async fn unreadable_attempt_delays_no_other() {
    let app = TestApp::spawn().await;
    app.arrived_with(json!({ "user": { "id": "sam" } })).await.leave_for("slack").await;
    // Such as a newer release wrote it.
    app.in_the_database("update link_attempt set answer = 'shrugged', next_look = 0").await;
    let mut jane = app.arrived().await;
    let link = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    jane.navigate(&back, "cross-site").await;
    app.clock.pass(Duration::seconds(10));
    app.until("the link", async || app.events("jane").await.contains(&"connection.linked".to_owned())).await;
}

#[tokio::test]
async fn failing_deletion_delays_no_other() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::DeleteUserCredential));
    for user in ["sam", "jane"] {
        let link = app.arrived_with(json!({ "user": { "id": user } })).await.leave_for("slack").await;
        let back = app.sandbox.approve(&link).unwrap().unwrap();
        app.browser().navigate(&back, "cross-site").await;
    }
    app.in_the_database("update link_attempt set state = 'odd' where user_id = 'sam'").await;
    app.in_the_database("update deletion set next_at = 0 where tries < 99").await;
    app.sandbox.switch_all_off();
    app.clock.pass(Duration::minutes(2));
    app.until("the deletion", async || app.held("jane").is_empty()).await;
}

/// Two users of the host who are one user of Alloy's, such as a team.
async fn team(app: &TestApp) -> (Browser, Browser) {
    let shared = app.sandbox.add_user("the-team", None);
    let of = |id| json!({ "user": { "id": id, "alloy_user_id": shared } });
    (app.arrived_with(of("jane")).await, app.arrived_with(of("sam")).await)
}

#[tokio::test]
async fn foreign_credential_is_not_linked_by_shared_user() {
    let app = TestApp::spawn().await;
    let (mut jane, mut sam) = team(&app).await;
    let (link, own) = (jane.leave_for("slack").await, sam.leave_for("slack").await);
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    assert_eq!(sam.come_back(&redirect_uri(&own)).await.heading(), "Slack is connected");
    app.browser().navigate(&back, "cross-site").await;
    app.until("the end", async || app.last_attempt("sam", "slack").await["state"] == "unverified").await;
    app.until("the deletion", async || app.connections("sam").await.is_empty()).await;
    assert!(app.connections("jane").await.is_empty());
}

#[tokio::test]
async fn unconfirmed_credential_is_hidden_from_shared_user() {
    let app = TestApp::spawn().await;
    let (mut jane, _) = team(&app).await;
    let link = jane.leave_for("slack").await;
    app.sandbox.approve(&link).unwrap();
    assert!(app.connections("sam").await.is_empty(), "nobody came back for it yet");
    app.clock.pass(Duration::minutes(66));
    app.until("the end", async || app.last_attempt("jane", "slack").await["state"] == "unverified").await;
    assert!(app.connections("sam").await.is_empty());
}
