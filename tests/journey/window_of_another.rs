//! Two windows in one browser: what one shows says nothing about the session of the other; and windows that are closed
//! while a request is under way.

use std::time::{Duration, Instant};

use gangway::domain::{session::SessionId, window::Window};
use serde_json::{Value, json};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::{Browser, Page},
    provider::redirect_uri,
    watch::{outcome, reported},
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
    (token, number(page))
}

/// The number by which the page reports that it was left, if it does.
fn number(page: &Page) -> Vec<String> {
    page.attributes("form#window", "data-page")
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
    assert_eq!(number(&linked), Vec::<String>::new(), "it does not report that it was left");
    assert_eq!(browser.submit(&linked, "/window/close", &[]).await.location(), "/window/close");
    assert_eq!(window(&app, &second).await, before);
    assert_eq!(reported(&outcome(&app, &second).await), (Value::Null, vec!["pending".to_owned()]));
    assert_eq!(reported(&outcome(&app, &first).await), (json!("replaced"), vec!["linked".to_owned()]));
    browser.come_back(&app.sandbox.approve(&notion).unwrap().unwrap()).await;
    let answer = outcome(&app, &second).await;
    assert_eq!(reported(&answer), (json!("linked"), vec!["linked".to_owned()]));
    assert_eq!(answer["attempts"][0]["connector"], "notion");
}

/// The first pop-up still shows a page of its session when the second one takes the browser.
#[tokio::test]
async fn form_of_one_window_says_nothing_about_the_other() {
    let app = TestApp::spawn().await;
    let (mut browser, _, _) = popup_with(&app, json!({})).await;
    let connect = browser.get("/connectors/slack").await;
    let second = another_popup(&app, &mut browser).await;
    let before = window(&app, &second).await;
    for action in ["/connectors/slack/link", "/window/close"] {
        let stale = browser.submit(&connect, action, &[]).await;
        assert_eq!((stale.status, stale.heading().as_str()), (403, "This page has expired"), "{action}");
        assert_eq!(stale.all("main button[form=window]"), ["Close this window"], "{action}");
        assert_eq!(number(&stale), Vec::<String>::new(), "{action}: it reports nothing");
        assert_eq!(browser.submit(&stale, "/window/close", &[]).await.location(), "/window/close", "{action}");
        assert_eq!(window(&app, &second).await, before, "{action}");
    }
    assert_eq!(outcome(&app, &second).await["window"], "open");
    // That it was not counted does not keep the second one from being left.
    let page = browser.get("/connectors").await;
    assert_eq!(browser.submit(&page, "/window/close", &[]).await.status, 303);
    assert_eq!(outcome(&app, &second).await["outcome"], "left");
}

#[tokio::test]
async fn attempt_continued_in_another_browser_counts_there() {
    let app = TestApp::spawn().await;
    let (mut private, _, first) = popup_with(&app, json!({})).await;
    let leaving = private.leave_for("slack").await;
    let (mut browser, _, second) = popup_with(&app, json!({})).await;
    assert_eq!(redirect_uri(&browser.leave_for("slack").await), redirect_uri(&leaving));
    assert_eq!(reported(&outcome(&app, &second).await), (Value::Null, vec!["pending".to_owned()]));
    let linked = browser.come_back(&app.sandbox.approve(&leaving).unwrap().unwrap()).await;
    assert_eq!(form(&linked).1.len(), 1);
    assert_eq!(reported(&outcome(&app, &second).await), (json!("linked"), vec!["linked".to_owned()]));
    assert_eq!(reported(&outcome(&app, &first).await).1, ["linked"]);
}

/// The check of an attempt holds its page for three seconds. Its user loads the page again and closes the window.
#[tokio::test]
async fn window_closed_during_a_request_is_left() {
    let app = TestApp::spawn_with(|settings| settings.link.patience = Duration::from_secs(3600)).await;
    let (mut browser, first, session) = popup_with(&app, json!({})).await;
    let leaving = browser.leave_for("slack").await;
    browser.navigate(&redirect_uri(&leaving), "cross-site").await;
    let attempt = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    let (path, token) = (format!("/attempts/{attempt}"), form(&first).0);
    let allowed = browser.post(&format!("{path}/answer"), &[("form_token", &token), ("answer", "allowed")]).await;
    assert_eq!(allowed.status, 303);
    let id = SessionId::parse(session["id"].as_str().unwrap()).unwrap();
    // A busy machine may need more time for the report than the page is held.
    for round in 0.. {
        assert!(round < 5, "the report takes longer than the page is held");
        let number = form(&browser.get(&path).await).1.remove(0);
        // The next request is noted as a visit.
        app.clock.pass(time::Duration::minutes(2));
        let (began, before) = (Instant::now(), app.now() - time::Duration::minutes(1));
        let (mut again, reloaded) = (browser.clone(), path.clone());
        let held = tokio::spawn(async move { again.get(&reloaded).await });
        app.until("the request", async || {
            app.store.session(id).await.unwrap().unwrap().seen_at.is_some_and(|seen| seen > before)
        })
        .await;
        let left = browser.post("/window/left", &[("form_token", &token), ("page", &number)]).await;
        assert_eq!(left.status, 204);
        let in_time = began.elapsed() < Duration::from_secs(2);
        assert_eq!(held.await.unwrap().status, 200);
        if in_time {
            break;
        }
    }
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
