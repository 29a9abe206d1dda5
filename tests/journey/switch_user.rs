//! The start link of another user in a browser with a session.

use serde_json::json;

use crate::app::{HOST_ORIGIN, TestApp};

fn sam() -> serde_json::Value {
    json!({ "user": { "id": "sam", "name": "Sam Lee" } })
}

#[tokio::test]
async fn switch_is_asked_first_and_the_link_stays_usable() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let link = app.session_with(sam()).await;
    let question = jane.navigate(link["url"].as_str().unwrap(), "none").await;
    assert_eq!((question.status, question.heading().as_str()), (200, "Switch accounts?"));
    assert!(
        question.text().contains("connecting apps for Jane Doe (jane@acme.test). This link is for Sam Lee"),
        "{}",
        question.text()
    );
    assert_eq!(question.attributes("a.primary", "href"), ["/connectors"]);
    assert!(jane.get("/connectors").await.text().contains("Jane Doe"));

    let (mut sam, page) = app.opened(&link).await;
    assert_eq!(sam.submit(&page, "/start", &[]).await.status, 303);
}

#[tokio::test]
async fn switch_ends_the_previous_session() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let janes = browser.cookie().unwrap().clone();
    let question = browser.navigate(app.session_with(sam()).await["url"].as_str().unwrap(), "none").await;
    assert_eq!(browser.submit(&question, "/start", &[]).await.status, 303);
    assert!(browser.get("/connectors").await.text().contains("Sam Lee"));
    let mut before = app.browser();
    before.plant(&janes);
    assert_eq!(before.get("/connectors").await.status, 401);
}

#[tokio::test]
async fn host_page_switches_without_a_question() {
    let app = TestApp::spawn().await;
    let first = app.session_with(json!({})).await;
    let second = app.session_with(sam()).await;
    let mut browser = app.browser();
    for session in [&first, &second] {
        let code = session["start_code"].as_str().unwrap();
        assert_eq!(browser.post_from(HOST_ORIGIN, "/start", &[("code", code)]).await.status, 303);
    }
    assert!(browser.get("/connectors").await.text().contains("Sam Lee"));
    let path = format!("/connect-sessions/{}", first["id"].as_str().unwrap());
    assert_eq!(app.api("GET", &path, None).await.1["state"], "ended");
}

#[tokio::test]
async fn link_of_the_same_user_is_no_switch() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let page = jane.navigate(app.session_with(json!({})).await["url"].as_str().unwrap(), "none").await;
    assert_eq!(page.heading(), "Connect your apps to Acme Notes");
    assert_eq!(jane.submit(&page, "/start", &[]).await.status, 303);
    assert_eq!(jane.get("/connectors").await.status, 200);
}

#[tokio::test]
async fn start_page_without_cookie_asks_after_submission() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let (_, page) = app.opened(&app.session_with(sam()).await).await;
    let question = jane.submit(&page, "/start", &[("connector", "slack")]).await;
    assert_eq!((question.status, question.heading().as_str()), (200, "Switch accounts?"));
    assert!(jane.get("/connectors").await.text().contains("Jane Doe"));
    assert_eq!(jane.submit(&question, "/start", &[]).await.status, 303);
    assert!(jane.get("/connectors").await.text().contains("Sam Lee"));
}
