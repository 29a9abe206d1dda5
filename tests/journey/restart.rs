//! The process stops in the middle of a journey.

use gangway::{
    config::VerifyCompletion,
    sandbox::{Fault, Route},
};
use serde_json::json;
use time::Duration;

use crate::{app::TestApp, browser::Page};

#[tokio::test]
async fn who_left_for_slack_comes_back_to_the_new_process_and_is_linked() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let app = app.restart().await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let page = browser.come_back(&back).await;
    assert_eq!(page.heading(), "Slack is connected");
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn a_form_that_was_open_meanwhile_can_be_sent() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/slack").await;
    let app = app.restart().await;
    let leaving = browser.submit(&page, "/connectors/slack/link", &[]).await;
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn a_key_that_was_stored_while_the_process_died_is_found() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/shippo").await;
    app.sandbox.switch_on(Fault::Slow.with(60).on(Route::CreateCredential));
    let (mut tab, form) = (browser.clone(), page.clone());
    let lost = tokio::spawn(async move {
        tab.submit(&form, "/connectors/shippo/link", &[("data.token", "shippo_live_1")]).await;
    });
    while app.sandbox.count(Route::CreateCredential) == 0 {
        tokio::task::yield_now().await;
    }
    let app = app.crash().await;
    assert!(lost.await.is_err(), "the browser got no answer");
    app.sandbox.switch_all_off();
    let again = browser.submit(&page, "/connectors/shippo/link", &[("data.token", "shippo_live_1")]).await;
    assert_eq!(browser.get(again.location()).await.heading(), "Shippo key saved");
    assert_eq!(app.sandbox.count(Route::CreateCredential), 1);
    assert_eq!(app.last_attempt("jane", "shippo").await["reason"], "key_saved");
}

#[tokio::test]
async fn a_key_that_was_not_stored_can_be_sent_again_after_a_minute() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/shippo").await;
    app.sandbox.switch_on(Fault::Slow.with(60).on(Route::CreateCredential));
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::CreateCredential));
    let (mut tab, form) = (browser.clone(), page.clone());
    let answers = [("data.token", "shippo_live_1")];
    let lost = tokio::spawn(async move { tab.submit(&form, "/connectors/shippo/link", &answers).await.status });
    while app.sandbox.count(Route::CreateCredential) == 0 {
        tokio::task::yield_now().await;
    }
    let app = app.crash().await;
    assert!(lost.await.is_err(), "the browser got no answer");
    app.sandbox.switch_all_off();
    let waiting = browser.submit(&page, "/connectors/shippo/link", &answers).await;
    assert_eq!(browser.get(waiting.location()).await.heading(), "Checking with Shippo…");
    app.clock.pass(Duration::seconds(61));
    let ended = browser.get(waiting.location()).await;
    assert!(ended.heading().contains("does not answer right now"), "{}", ended.heading());
    let again = browser.submit(&page, "/connectors/shippo/link", &answers).await;
    assert_eq!(browser.get(again.location()).await.heading(), "Shippo key saved");
    assert_eq!(app.connections("jane").await.len(), 1);
}

/// The host's server redeems the code with which a browser was sent to it.
async fn complete(app: &TestApp, sent: &Page) -> String {
    let (_, code) = sent.location().split_once("gangway_completion=").unwrap();
    let said = json!({ "completion": code, "user_id": "jane" });
    let (status, attempt) = app.api("POST", "/link-attempts/complete", Some(said)).await;
    assert_eq!(status, 200, "{attempt}");
    attempt["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_waits_for_the_hosts_word_waits_on_and_the_other_browser_is_known_again() {
    let app = TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Links).await;
    let (mut jane, start) = app.opened(&app.session_with(json!({})).await).await;
    assert_eq!(jane.submit(&start, "/start", &[]).await.status, 303);
    let sent = jane.link_and_allow(&app.sandbox, "slack").await;
    let leaving = jane.leave_for("notion").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let mut phone = app.browser();
    assert_eq!(phone.navigate(&back, "cross-site").await.status, 303);

    let app = app.restart().await;
    assert_eq!(complete(&app, &sent).await, "linked");
    let again = phone.navigate(&back, "cross-site").await;
    assert_eq!(complete(&app, &again).await, "linked");
    assert_eq!(app.connections("jane").await.len(), 2);
}
