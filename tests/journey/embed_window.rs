//! The outcome of a session in a pop-up: what the page of the host learns of a window that it cannot see.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    app::TestApp,
    browser::{Browser, Page},
    provider::redirect_uri,
    watch::{is_waited_for, open_in, outcome, reported, waits},
    window::popup_with,
};

/// A pop-up for Jane, its first page, and its session.
async fn popup(app: &TestApp) -> (Browser, Page, Value) {
    popup_with(app, json!({ "connector": "slack" })).await
}

/// The page is unloaded: its script says so.
async fn unload(app: &TestApp, browser: &mut Browser, page: &Page) {
    let token = page.attributes("form#window input[name=form_token]", "value").remove(0);
    let number = page.attributes("form#window", "data-page").remove(0);
    let origin = app.origin();
    let metadata = [("origin", origin.as_str()), ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "no-cors")];
    let fields = [("form_token", token.as_str()), ("page", number.as_str())];
    assert_eq!(browser.send(Method::POST, "/window/left", &metadata, Some(&fields)).await.status, 204);
}

/// `window` and `outcome`.
fn state(answer: &Value) -> (&str, Option<&str>) {
    (answer["window"].as_str().unwrap(), answer["outcome"].as_str())
}

#[tokio::test]
async fn left_window_is_reported_after_five_seconds() {
    let app = TestApp::spawn().await;
    let (mut jane, page, session) = popup(&app).await;
    let known = outcome(&app, &session).await;
    assert_eq!(state(&known), ("open", None));
    let waiting = waits(&app, &session, &known);
    is_waited_for(&app, 1).await;
    let began = Instant::now();
    unload(&app, &mut jane, &page).await;
    // The beacon is news, too: from now on the time counts.
    let (mut answer, mut came) = waiting.await.unwrap();
    while answer["outcome"].is_null() {
        (answer, came) = waits(&app, &session, &answer).await.unwrap();
    }
    assert_eq!(state(&answer), ("left", Some("left")));
    let late = came.saturating_duration_since(began);
    assert!((Duration::from_secs(4)..Duration::from_secs(20)).contains(&late), "{late:?}");
    // The tab was only loaded anew, slowly: that is a page of the window, which takes it back.
    let page = jane.get("/connectors/slack").await;
    assert_eq!(state(&outcome(&app, &session).await), ("open", None));
    unload(&app, &mut jane, &page).await;
    jane.get("/connectors/slack").await;
    app.clock.pass(time::Duration::seconds(6));
    assert_eq!(state(&outcome(&app, &session).await), ("open", None));
}

#[tokio::test]
async fn cancelled_window_is_left_at_once() {
    let app = TestApp::spawn().await;
    let (mut jane, page, session) = popup(&app).await;
    let waiting = waits(&app, &session, &outcome(&app, &session).await);
    is_waited_for(&app, 1).await;
    assert_eq!(jane.submit(&page, "/window/close", &[]).await.status, 303);
    assert_eq!(state(&waiting.await.unwrap().0), ("left", Some("left")));
}

#[tokio::test]
async fn linked_window_keeps_its_outcome_when_it_is_closed() {
    let app = TestApp::spawn().await;
    let (mut jane, first, session) = popup(&app).await;
    let leaving = jane.leave_for("slack").await;
    unload(&app, &mut jane, &first).await;
    app.clock.pass(time::Duration::minutes(2));
    assert_eq!(state(&outcome(&app, &session).await), ("away", None), "the page at the provider is not ours");
    let linked = jane.come_back(&app.sandbox.approve(&leaving).unwrap().unwrap()).await;
    assert_eq!(linked.heading(), "Slack is connected");
    let known = outcome(&app, &session).await;
    assert_eq!((state(&known), reported(&known).1), (("open", Some("linked")), vec!["linked".to_owned()]));
    unload(&app, &mut jane, &linked).await;
    app.clock.pass(time::Duration::seconds(6));
    assert_eq!(state(&outcome(&app, &session).await), ("left", Some("linked")));
}

#[tokio::test]
async fn denied_window_has_ended_and_may_link_later() {
    let app = TestApp::spawn().await;
    let (mut jane, _, session) = popup(&app).await;
    let leaving = jane.leave_for("slack").await;
    let denied = jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    assert_eq!(denied.heading(), "Slack is not connected");
    let known = outcome(&app, &session).await;
    assert_eq!(state(&known), ("open", Some("ended")));
    // The page of the host goes on waiting: *Try again* may link.
    let waiting = waits(&app, &session, &known);
    is_waited_for(&app, 1).await;
    assert_eq!(denied.all("main .primary"), ["Try again"]);
    jane.link_and_allow(&app.sandbox, "slack").await;
    let mut versions = vec![known, waiting.await.unwrap().0];
    while versions.last().unwrap()["outcome"] != "linked" {
        versions.push(waits(&app, &session, versions.last().unwrap()).await.unwrap().0);
    }
    assert_eq!(reported(versions.last().unwrap()).1, ["denied", "linked"]);
    assert!(versions.is_sorted_by_key(|answer| answer["version"].as_i64().unwrap()), "{versions:?}");
}

#[tokio::test]
async fn window_closed_at_the_provider_still_waits() {
    let app = TestApp::spawn().await;
    let (mut jane, first, session) = popup(&app).await;
    let leaving = jane.leave_for("slack").await;
    unload(&app, &mut jane, &first).await;
    app.clock.pass(time::Duration::minutes(5));
    assert_eq!(state(&outcome(&app, &session).await), ("away", None));
    // The button is pressed again: another session takes the browser.
    let again = app.session_with(json!({ "connector": "slack" })).await;
    open_in(&mut jane, &again, "popup").await;
    assert_eq!(state(&outcome(&app, &session).await), ("away", Some("replaced")));
    let page = jane.get("/connectors/slack").await;
    assert_eq!(redirect_uri(&jane.leave_for("slack").await), redirect_uri(&leaving), "the link goes on");
    unload(&app, &mut jane, &page).await;
    app.clock.pass(time::Duration::minutes(1));
    assert_eq!(state(&outcome(&app, &again).await), ("away", None));
    jane.come_back(&app.sandbox.approve(&leaving).unwrap().unwrap()).await;
    let linked = outcome(&app, &again).await;
    assert_eq!((state(&linked), reported(&linked).1), (("open", Some("linked")), vec!["linked".to_owned()]));
}

#[tokio::test]
async fn start_page_closed_in_a_window_is_left() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let mut jane = app.browser();
    let fields = [("code", session["start_code"].as_str().unwrap()), ("display", "popup")];
    let start = jane.post_from("null", "/start", &fields).await;
    assert_eq!(state(&outcome(&app, &session).await), ("waiting", None));
    jane.submit(&start, "/window/close", &[]).await;
    assert_eq!(state(&outcome(&app, &session).await), ("left", Some("left")));
    jane.submit(&start, "/start", &[]).await;
    assert_eq!(state(&outcome(&app, &session).await), ("open", None));
}
