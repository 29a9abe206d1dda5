//! Two windows in one browser: what one shows says nothing about the session of the other; and windows that are closed
//! while a request is under way.

use std::time::Duration;

use gangway::domain::{session::SessionId, window::Window};
use serde_json::{Value, json};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::{Browser, Page},
    provider::redirect_uri,
    watch::{outcome, told},
    window::popup_with,
};

async fn window(app: &TestApp, session: &Value) -> Window {
    let id = SessionId::parse(session["id"].as_str().unwrap()).unwrap();
    app.store.session_window(id).await.unwrap().unwrap().window
}

/// Opens a further pop-up of Jane's in that browser.
async fn another_popup(app: &TestApp, browser: &mut Browser) -> Value {
    let session = app.session_with(json!({})).await;
    let fields = [("code", session["start_code"].as_str().unwrap()), ("display", "popup")];
    assert_eq!(browser.post_from(HOST_ORIGIN, "/start", &fields).await.status, 303);
    browser.get("/connectors").await;
    session
}

fn form(page: &Page) -> (String, Vec<String>) {
    let token = page.attributes("form#window input[name=form_token]", "value").remove(0);
    (token, page.attributes("form#window", "data-page"))
}

#[tokio::test]
async fn return_to_one_window_says_nothing_about_the_other() {
    let app = TestApp::spawn().await;
    let (mut browser, _, first) = popup_with(&app, json!({})).await;
    let slack = browser.leave_for("slack").await;
    let second = another_popup(&app, &mut browser).await;
    let notion = browser.leave_for("notion").await;
    let before = window(&app, &second).await;
    assert!(before.away_at.is_some());
    // The first pop-up returns, with the cookie of the second session, and closes itself.
    let linked = browser.come_back(&app.sandbox.approve(&slack).unwrap().unwrap()).await;
    assert_eq!(linked.heading(), "Slack is connected");
    assert_eq!(form(&linked).1, Vec::<String>::new(), "it does not report that it was left");
    assert_eq!(browser.submit(&linked, "/window/close", &[]).await.location(), "/window/close");
    assert_eq!(window(&app, &second).await, before);
    assert_eq!(told(&outcome(&app, &second).await), (Value::Null, vec!["pending".to_owned()]));
    assert_eq!(told(&outcome(&app, &first).await), (json!("replaced"), vec!["linked".to_owned()]));
    browser.come_back(&app.sandbox.approve(&notion).unwrap().unwrap()).await;
    let answer = outcome(&app, &second).await;
    assert_eq!(told(&answer), (json!("linked"), vec!["linked".to_owned()]));
    assert_eq!(answer["attempts"][0]["connector"], "notion");
}

#[tokio::test]
async fn attempt_continued_in_another_browser_counts_there() {
    let app = TestApp::spawn().await;
    let (mut private, _, first) = popup_with(&app, json!({})).await;
    let leaving = private.leave_for("slack").await;
    let (mut browser, _, second) = popup_with(&app, json!({})).await;
    assert_eq!(redirect_uri(&browser.leave_for("slack").await), redirect_uri(&leaving));
    assert_eq!(told(&outcome(&app, &second).await), (Value::Null, vec!["pending".to_owned()]));
    let linked = browser.come_back(&app.sandbox.approve(&leaving).unwrap().unwrap()).await;
    assert_eq!(form(&linked).1.len(), 1);
    assert_eq!(told(&outcome(&app, &second).await), (json!("linked"), vec!["linked".to_owned()]));
    assert_eq!(told(&outcome(&app, &first).await).1, ["linked"]);
}

/// The check of an attempt holds its page for three seconds. Its user loads the page again and closes the window.
#[tokio::test]
async fn window_closed_during_a_request_is_left() {
    let app = TestApp::spawn_with(|settings| settings.link.patience = Duration::from_secs(3600)).await;
    let (mut browser, _, session) = popup_with(&app, json!({})).await;
    let leaving = browser.leave_for("slack").await;
    browser.navigate(&redirect_uri(&leaving), "cross-site").await;
    let attempt = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    let path = format!("/attempts/{attempt}");
    let page = browser.get(&path).await;
    let (token, number) = form(&page);
    let allowed = browser.post(&format!("{path}/answer"), &[("form_token", &token), ("answer", "allowed")]).await;
    assert_eq!(allowed.status, 303);
    // The next request is noted as a visit.
    app.clock.pass(time::Duration::minutes(2));
    let (mut again, reloaded) = (browser.clone(), path.clone());
    let held = tokio::spawn(async move { again.get(&reloaded).await });
    let id = SessionId::parse(session["id"].as_str().unwrap()).unwrap();
    let before = app.now() - time::Duration::minutes(1);
    app.until("the request", async || {
        app.store.session(id).await.unwrap().unwrap().seen_at.is_some_and(|seen| seen > before)
    })
    .await;
    let left = browser.post("/window/left", &[("form_token", &token), ("page", &number[0])]).await;
    assert_eq!(left.status, 204);
    assert_eq!(held.await.unwrap().status, 200);
    assert!(window(&app, &session).await.left_at.is_some(), "its page reported that it was closed");
    browser.get("/connectors").await;
    assert_eq!(window(&app, &session).await.left_at, None, "a later page takes it back");
}

#[tokio::test]
async fn start_page_that_is_left_is_reported_until_its_code_is_redeemed() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let code = session["start_code"].as_str().unwrap();
    let mut browser = app.browser();
    let fields = [("code", code), ("display", "popup")];
    let start = browser.post_from("null", "/start", &fields).await;
    let (token, number) = form(&start);
    let report = [("code", code), ("display", "popup"), ("form_token", token.as_str()), ("page", number[0].as_str())];
    // Loaded again: the page is unloaded when the next one is there.
    browser.post_from("null", "/start", &fields).await;
    assert_eq!(browser.post("/window/left", &report).await.status, 204);
    assert_eq!(window(&app, &session).await.left_at, None);
    let start = browser.post_from("null", "/start", &fields).await;
    let (token, number) = form(&start);
    let report = [("code", code), ("display", "popup"), ("form_token", token.as_str()), ("page", number[0].as_str())];
    assert_eq!(browser.post("/window/left", &report).await.status, 204);
    assert!(window(&app, &session).await.left_at.is_some());
    assert_eq!(outcome(&app, &session).await["outcome"], Value::Null, "for five seconds");
    app.clock.pass(time::Duration::seconds(5));
    assert_eq!(outcome(&app, &session).await["outcome"], "left");
    let opened = browser.submit(&start, "/start", &[]).await;
    browser.get(opened.location()).await;
    browser.get("/connectors").await;
    browser.post("/window/left", &report).await;
    assert_eq!(outcome(&app, &session).await["window"], "open");
}
