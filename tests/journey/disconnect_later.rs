//! The upstream does not do at once what a user wants disconnected.

use gangway::sandbox::{Fault, Route};
use time::Duration;

use crate::{
    app::TestApp,
    disconnect::{address, deletions, press},
    tcp_relay::{Relay, json},
};

const REMOVED: [&str; 3] = ["connection.linked", "link_attempt.ended", "connection.removed"];

async fn removed(app: &TestApp) -> bool {
    app.events("jane").await.contains(&"connection.removed".to_owned())
}

/// Slack is linked, and Alloy deletes nothing.
async fn without_deletions() -> (TestApp, crate::browser::Browser, String) {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let address = address(&app, "jane").await;
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::DeleteUserCredential));
    (app, jane, address)
}

#[tokio::test]
async fn failed_deletion_is_stored_shown_and_retried() {
    let (app, mut jane, address) = without_deletions().await;
    assert_eq!(press(&mut jane, &address).await.location(), address);
    let page = jane.get(&address).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Slack is not disconnected yet"));
    assert!(page.text().contains("Acme Notes may still be able to use this account"), "{}", page.text());
    assert_eq!(
        (page.all("a.primary"), page.attributes("a.primary", "href")),
        (vec!["Check again".to_owned()], vec![address.clone()])
    );
    assert_eq!(app.connections("jane").await.len(), 1, "it is connected still");
    assert!(!removed(&app).await);
    app.sandbox.switch_all_off();
    app.clock.pass(Duration::minutes(1));
    app.until("the deletion", async || removed(&app).await).await;
    assert!(app.held("jane").is_empty());
    assert_eq!(jane.get(&address).await.heading(), "Slack is disconnected");
    assert_eq!(app.events("jane").await, REMOVED);
}

#[tokio::test]
async fn nothing_is_deleted_without_a_list() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let address = address(&app, "jane").await;
    let token = jane.get(&address).await.form(&address).remove(0).1;
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListUserCredentials));
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListCredentials));
    assert_eq!(jane.get(&address).await.status, 503);
    assert_eq!(jane.post(&address, &[("form_token", &token)]).await.status, 503);
    app.sandbox.switch_all_off();
    // The upstream is asked again a few seconds after so many failures.
    app.until("the list", async || jane.clone().get(&address).await.status == 200).await;
    assert_eq!(jane.get(&address).await.heading(), "Disconnect Slack?");
    assert_eq!(deletions(&app), 0);
}

#[tokio::test]
async fn another_process_finishes_the_deletion() {
    let (app, mut jane, address) = without_deletions().await;
    press(&mut jane, &address).await;
    let app = app.crash().await;
    assert_eq!(jane.get(&address).await.heading(), "Slack is not disconnected yet");
    app.sandbox.switch_all_off();
    app.clock.pass(Duration::minutes(2));
    app.until("the deletion", async || removed(&app).await).await;
    assert!(app.held("jane").is_empty());
    assert_eq!(jane.get(&address).await.heading(), "Slack is disconnected");
    assert_eq!(app.events("jane").await, REMOVED);
}

#[tokio::test]
async fn crash_during_deletion_is_recovered() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let address = address(&app, "jane").await;
    let page = jane.get(&address).await;
    app.sandbox.switch_on(Fault::Slow.with(60).on(Route::DeleteUserCredential));
    let (mut tab, form, target) = (jane.clone(), page.clone(), address.clone());
    let lost = tokio::spawn(async move { tab.submit(&form, &target, &[]).await.status });
    while app.sandbox.count(Route::DeleteUserCredential) == 0 {
        tokio::task::yield_now().await;
    }
    let app = app.crash().await;
    assert!(lost.await.is_err(), "the browser got no answer");
    app.sandbox.switch_all_off();
    // The upstream did it all the same, and only its answer was lost: three lists say so.
    let gone = async || {
        app.clock.pass(Duration::minutes(2));
        removed(&app).await
    };
    app.until("the end", gone).await;
    assert!(app.held("jane").is_empty());
    assert_eq!(app.arrived().await.get(&address).await.heading(), "Slack is disconnected");
    assert_eq!(app.events("jane").await, REMOVED);
}

#[tokio::test]
async fn missing_deletion_call_is_replaced_by_the_other() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let address = address(&app, "jane").await;
    app.sandbox.switch_on(Fault::NotServed.on(Route::DeleteUserCredential));
    press(&mut jane, &address).await;
    assert_eq!(jane.get(&address).await.heading(), "Slack is disconnected");
    assert_eq!((app.held("jane").len(), app.sandbox.count(Route::DeleteCredential)), (0, 1));
    assert_eq!(app.events("jane").await, REMOVED);
}

#[tokio::test]
async fn unlisted_credential_counts_as_deleted_after_three_lists() {
    let (app, mut jane, address) = without_deletions().await;
    press(&mut jane, &address).await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    // Without a list nothing is tried, and so nothing is under way when somebody else does it.
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListUserCredentials));
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListCredentials));
    let lists = app.sandbox.count(Route::ListUserCredentials);
    let without_list = async || {
        app.clock.pass(Duration::minutes(30));
        app.sandbox.count(Route::ListUserCredentials) > lists + 3
    };
    app.until("tries without a list", without_list).await;
    assert!(app.sandbox.remove_credential(&user, &app.held("jane")[0]));
    app.sandbox.forget_calls();
    app.sandbox.switch_all_off();
    let gone = async || {
        app.clock.pass(Duration::hours(7));
        removed(&app).await
    };
    app.until("the end", gone).await;
    assert!(app.sandbox.count(Route::ListUserCredentials) >= 3);
    assert_eq!(deletions(&app), 0);
}

#[tokio::test]
async fn foreign_return_after_deletion_changes_nothing() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    jane.come_back(&back).await;
    let address = address(&app, "jane").await;
    press(&mut jane, &address).await;
    let visitor = app.browser().navigate(&back, "cross-site").await;
    assert_eq!(visitor.heading(), "This connection was not kept");
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "unverified");
    app.clock.pass(Duration::minutes(30));
    app.sandbox.forget_calls();
    let other = app.arrived_with(serde_json::json!({ "user": { "id": "sam" } })).await.leave_for("slack").await;
    let theirs = app.sandbox.approve(&other).unwrap().unwrap();
    app.browser().navigate(&theirs, "cross-site").await;
    // What is due is done in its order, and Sam's came later.
    app.until("Sam's deletion", async || app.events("sam").await.contains(&"connection.removed".to_owned())).await;
    assert_eq!(deletions(&app), 1);
    let told = app.events("jane").await;
    assert_eq!(told, [&REMOVED[..], &["connection.unverified", "link_attempt.ended"]].concat());
}

/// The id of one app begins with that of another, which alone stays in the catalogue.
#[tokio::test]
async fn credential_of_a_removed_app_is_still_deleted() {
    let (app, relay) = Relay::between(gangway::alloy::Timeouts::default()).await;
    let catalogue =
        |apps: &str| json("200 OK", &format!(r#"{{"connectors":[{{"id":"slack","name":"Slack"}}{apps}]}}"#));
    app.arrived().await.get("/connectors").await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    let app = app.restart_with(|_| ()).await;
    let listed = r#"{"data":[{"credentialId":"67a37f29e0aa276e50d7253a","name":"Jane","type":"slack-enterprise-oauth2",
        "createdAt":"2025-02-08T15:59:37.123Z","updatedAt":"2025-02-08T15:59:37.123Z"}]}"#;
    let answers = |apps: &str| {
        relay.to_nothing();
        relay.to("GET /connectors ", catalogue(apps));
        relay.to(&format!("GET /users/{user}/credentials"), json("200 OK", listed));
        relay.to("DELETE", json("500 Internal Server Error", "{}"));
    };
    answers(r#",{"id":"slack-enterprise","name":"Slack for companies"}"#);
    let connection = "/users/jane/connections/67a37f29e0aa276e50d7253a";
    assert_eq!(app.api("DELETE", connection, None).await.0, 204);
    answers("");
    let app = app.restart_with(|_| ()).await;
    let tried = || relay.requests().iter().filter(|line| line.starts_with("DELETE")).count();
    for _ in 0..4 {
        let before = tried();
        app.clock.pass(Duration::hours(7));
        app.until("one more try", async || tried() > before).await;
    }
    assert!(!removed(&app).await);
}
