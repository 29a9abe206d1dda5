//! *Another account*, and Alloy renews the connection that is there.

use gangway::sandbox::Fault;
use serde_json::Value;
use time::Duration;

use crate::{app::TestApp, browser::Browser, provider::redirect_uri};

/// Jane's Slack is connected, and time has passed since.
async fn connected() -> (TestApp, Browser) {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    app.pass_everywhere(Duration::minutes(2));
    (app, jane)
}

async fn outcome(app: &TestApp) -> (Value, Value, Value) {
    let attempt = app.last_attempt("jane", "slack").await;
    (attempt["state"].clone(), attempt["reason"].clone(), attempt["credential_id"].clone())
}

#[tokio::test]
async fn same_account_is_named_as_such() {
    let (app, mut jane) = connected().await;
    let held = app.held("jane");
    app.sandbox.switch_on(Fault::ReconnectRenews);
    let page = jane.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(page.heading(), "Slack is connected");
    assert!(page.text().contains("This is the same account as before."), "{}", page.text());
    assert_eq!(outcome(&app).await, ("linked".into(), "renewed".into(), held[0].as_str().into()));
    assert_eq!((app.held("jane"), app.connections("jane").await.len()), (held, 1));
}

#[tokio::test]
async fn new_account_beside_a_renewed_token_is_the_new_one() {
    let (app, mut jane) = connected().await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    let leaving = jane.leave_for("slack").await;
    app.sandbox.renew_credential(&user, &app.held("jane")[0]);
    app.sandbox.switch_on(Fault::ListLag.with(1));
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let page = jane.come_back(&back).await;
    assert!(!page.text().contains("same account"), "{}", page.text());
    assert_eq!(outcome(&app).await, ("linked".into(), "new".into(), app.held("jane")[1].as_str().into()));
}

#[tokio::test]
async fn renewed_token_is_no_evidence_without_an_allowing_return() {
    let (app, mut jane) = connected().await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    let leaving = jane.leave_for("slack").await;
    app.sandbox.renew_credential(&user, &app.held("jane")[0]);
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    assert_eq!(outcome(&app).await.0, "denied");

    jane.leave_for("slack").await;
    app.sandbox.renew_credential(&user, &app.held("jane")[0]);
    app.clock.pass(Duration::minutes(66));
    app.until("the end", async || outcome(&app).await.0 == "expired").await;
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn two_moved_connections_are_asked_about() {
    let (app, mut jane) = connected().await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    app.pass_everywhere(Duration::minutes(2));
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    let leaving = jane.leave_for("slack").await;
    for id in app.held("jane") {
        app.sandbox.renew_credential(&user, &id);
    }
    assert_eq!(jane.come_back(&redirect_uri(&leaving)).await.heading(), "Checking with Slack…");
    assert_eq!(outcome(&app).await.0, "pending");
}

#[tokio::test]
async fn unconfirmed_credential_is_not_renewed_into_a_connection() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let denied = jane.leave_for("slack").await;
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&denied))).await;
    // Another person allows it, and their browser never returns.
    app.sandbox.approve(&denied).unwrap();
    app.pass_everywhere(Duration::minutes(2));
    app.sandbox.switch_on(Fault::ReconnectRenews);
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Checking with Slack…");
    assert_eq!(app.connections("jane").await, Vec::<Value>::new());
}
