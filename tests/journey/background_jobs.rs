//! Attempts settle without a browser, and unverified credentials are deleted.

use gangway::{
    config::WithoutReturn,
    domain::{clock::Clock as _, connector::ConnectorId, session::ExternalId},
    sandbox::{Fault, Route},
};
use time::Duration;

use crate::app::TestApp;

async fn ended(app: &TestApp) -> bool {
    app.events("jane").await.contains(&"link_attempt.ended".to_owned())
}

#[tokio::test]
async fn closed_tab_after_return_is_still_linked() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    jane.navigate(&back, "cross-site").await;
    app.clock.pass(Duration::seconds(10));
    app.until("the link", async || ended(&app).await).await;
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);
}

#[tokio::test]
async fn one_list_call_serves_all_attempts_of_a_user() {
    let app = TestApp::spawn().await;
    let jane = app.arrived().await;
    for connector in ["slack", "notion", "hubspot"] {
        let mut tab = jane.clone();
        let leaving = tab.leave_for(connector).await;
        let back = app.sandbox.approve(&leaving).unwrap().unwrap();
        tab.navigate(&back, "cross-site").await;
    }
    app.sandbox.forget_calls();
    app.clock.pass(Duration::seconds(11));
    app.until("all links", async || app.events("jane").await.len() == 6).await;
    assert_eq!(app.sandbox.count(Route::ListUserCredentials), 1);
}

#[tokio::test]
async fn attempt_is_refreshed_at_its_planned_times_only() {
    let app = TestApp::spawn().await;
    let (jane, slack) = (ExternalId::parse("jane").unwrap(), ConnectorId::parse("slack").unwrap());
    app.arrived().await.leave_for("slack").await;
    app.sandbox.forget_calls();
    for (passes, looks) in [(10, 1), (20, 2), (90, 3), (480, 4), (1200, 5), (2100, 6)] {
        app.clock.pass(Duration::seconds(passes));
        app.until("the look", async || app.sandbox.count(Route::ListUserCredentials) == looks).await;
        // What it saw is kept before the time goes on.
        let planned = async || app.store.last_attempt(&jane, &slack).await.unwrap().unwrap().next_refresh;
        app.until("the plan", async || planned().await.is_none_or(|next| next > app.clock.now())).await;
    }
    app.until("the end", async || ended(&app).await).await;
    app.clock.pass(Duration::hours(2));
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "expired");
    assert_eq!(app.sandbox.count(Route::ListUserCredentials), 6);
}

#[tokio::test]
async fn link_without_return_is_reported_or_deleted() {
    for (setting, held) in [(WithoutReturn::Report, 1), (WithoutReturn::Delete, 0)] {
        let app = TestApp::spawn_with(|settings| settings.link.without_return = setting).await;
        let leaving = app.arrived().await.leave_for("slack").await;
        app.sandbox.approve(&leaving).unwrap();
        app.clock.pass(Duration::minutes(66));
        app.until("the end", async || ended(&app).await).await;
        let attempt = app.last_attempt("jane", "slack").await;
        assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("unverified"), Some("no_return")));
        app.until("the rest", async || app.held("jane").len() == held).await;
        let events = app.events("jane").await;
        assert_eq!(events.first().map(String::as_str), Some("connection.unverified"));
        assert!(app.connections("jane").await.is_empty());
        app.clock.pass(Duration::minutes(1));
        assert_eq!(app.held("jane").len(), held);
    }
}

#[tokio::test]
async fn outage_at_the_deadline_does_not_expire_an_attempt() {
    let app = TestApp::spawn().await;
    let leaving = app.arrived().await.leave_for("slack").await;
    app.sandbox.approve(&leaving).unwrap();
    app.sandbox.switch_on(Fault::ServerErrors);
    app.sandbox.forget_calls();
    app.clock.pass(Duration::minutes(66));
    app.until("a look in vain", async || app.sandbox.count(Route::ListUserCredentials) == 1).await;
    app.clock.pass(Duration::seconds(30));
    app.until("another one", async || app.sandbox.count(Route::ListUserCredentials) > 1).await;
    assert!(!ended(&app).await);
    app.sandbox.switch_all_off();
    app.clock.pass(Duration::seconds(30));
    app.until("the end", async || ended(&app).await).await;
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "unverified");
}

#[tokio::test]
async fn deletion_is_retried_and_survives_a_crash() {
    let app = TestApp::spawn().await;
    let leaving = app.arrived().await.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::DeleteUserCredential));
    let visitor = app.browser().navigate(&back, "cross-site").await;
    assert_eq!(visitor.heading(), "This connection could not be confirmed", "it is not deleted yet");
    assert_eq!(app.held("jane").len(), 1);
    let app = app.crash().await;
    app.sandbox.switch_all_off();
    // What the other process had taken is free again when its lease is over.
    app.clock.pass(Duration::minutes(2));
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    app.until("the event", async || app.events("jane").await.contains(&"connection.removed".to_owned())).await;
    assert_eq!(app.browser().navigate(&back, "cross-site").await.heading(), "This connection was not kept");
}

#[tokio::test]
async fn credential_missing_from_three_lists_counts_as_deleted() {
    let app = TestApp::spawn().await;
    let leaving = app.arrived().await.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::DeleteUserCredential));
    app.browser().navigate(&back, "cross-site").await;
    // However often it failed before: that is no sign that it is gone.
    let tried_often = async || {
        app.clock.pass(Duration::seconds(30));
        app.sandbox.count(Route::DeleteUserCredential) > 6
    };
    app.until("some tries", tried_often).await;
    // Without a list nothing is deleted, and so no try is under way when somebody else does it.
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListUserCredentials));
    let lists = app.sandbox.count(Route::ListUserCredentials);
    let without_list = async || {
        app.clock.pass(Duration::minutes(30));
        app.sandbox.count(Route::ListUserCredentials) > lists + 3
    };
    app.until("tries without a list", without_list).await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    assert!(app.sandbox.remove_credential(&user, &app.held("jane")[0]));
    app.sandbox.forget_calls();
    app.sandbox.switch_all_off();
    let removed = async || {
        app.clock.pass(Duration::minutes(30));
        app.events("jane").await.contains(&"connection.removed".to_owned())
    };
    app.until("the event", removed).await;
    assert!(app.sandbox.count(Route::ListUserCredentials) >= 3);
    assert_eq!(app.sandbox.count(Route::DeleteUserCredential), 0);
}

#[tokio::test]
async fn other_deletion_address_is_used_where_one_is_not_served() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::NotServed.on(Route::DeleteUserCredential));
    let leaving = app.arrived().await.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    assert_eq!(app.sandbox.count(Route::DeleteCredential), 1);
}

#[tokio::test]
async fn only_credentials_of_the_attempt_are_deleted() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    app.pass_everywhere(Duration::minutes(2));
    let leaving = jane.leave_for("slack").await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    // The host itself links another app, and Jane a third one, at the same time.
    let hosts = app.sandbox.add_credential(&user, "notion").unwrap();
    jane.link_and_allow(&app.sandbox, "hubspot").await;
    let before = app.held("jane");
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    app.until("the deletion", async || app.held("jane") == before).await;
    assert!(before.contains(&hosts) && before.len() == 3);
    assert_eq!(app.connections("jane").await.len(), 3);
}
