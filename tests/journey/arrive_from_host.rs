//! Arrive from the host's own page, which posts the code; and from anywhere else.

use serde_json::json;

use crate::app::{HOST_ORIGIN, TestApp};

#[tokio::test]
async fn the_hosts_own_page_opens_the_session_at_once() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let mut browser = app.browser();
    let code = session["start_code"].as_str().unwrap();
    let page = browser.post_from(HOST_ORIGIN, "/start", &[("code", code)]).await;
    assert_eq!((page.status, page.location()), (303, "/connectors?arrived=1"));
    let [cookie] = page.set_cookies()[..] else { panic!("{:?}", page.set_cookies()) };
    let mut parts: Vec<&str> = cookie.split("; ").skip(1).collect();
    parts.sort_unstable();
    assert!(cookie.starts_with("gangway="), "{cookie}");
    assert_eq!(parts, ["HttpOnly", "Path=/", "SameSite=Lax"]);
    assert_eq!(browser.get("/connectors").await.status, 200);
    assert_eq!(browser.get("/").await.location(), "/connectors");
}

#[tokio::test]
async fn a_page_of_anybody_else_gets_the_start_page_and_nothing_changes() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let code = session["start_code"].as_str().unwrap();
    let mut browser = app.browser();
    for origin in ["https://evil.test", "null", "http://localhost:8081", "http://localhost", ""] {
        let page = browser.post_from(origin, "/start", &[("code", code)]).await;
        assert_eq!((page.status, page.heading().as_str()), (200, "Connect your apps to Acme Notes"), "{origin}");
        assert!(page.set_cookies().is_empty(), "{origin}");
    }
    let without = browser.send(reqwest::Method::POST, "/start", &[], Some(&[("code", code)])).await;
    assert_eq!((without.status, without.set_cookies().len()), (200, 0));
    assert_eq!(browser.post_from(HOST_ORIGIN, "/start", &[("code", code)]).await.status, 303);
}

#[tokio::test]
async fn the_host_names_the_app_to_go_to() {
    let app = TestApp::spawn().await;
    let mut browser = app.browser();
    let session = app.session_with(json!({ "connector": "slack" })).await;
    let code = session["start_code"].as_str().unwrap();
    let page = browser.post_from(HOST_ORIGIN, "/start", &[("code", code)]).await;
    assert_eq!(page.location(), "/connectors/slack?arrived=1");
    assert_eq!(browser.get(page.location()).await.location(), "/connectors/slack");
    assert_eq!(browser.get("/connectors/slack").await.heading(), "Connect Slack to Acme Notes");
}

#[tokio::test]
async fn the_host_names_the_only_apps_that_there_are() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived_with(json!({ "connectors": ["Slack", "notion"] })).await;
    let choose = browser.get("/connectors").await;
    assert_eq!(choose.all("ul.rows b"), ["Notion", "Slack"]);
    for elsewhere in ["/connectors/hubspot", "/connectors/hubspot?another=1", "/connectors/nowhere"] {
        let page = browser.get(elsewhere).await;
        assert_eq!((page.status, page.heading().as_str()), (404, "We cannot find this page"), "{elsewhere}");
    }
    let form = browser.get("/connectors/slack").await.form("/connectors/slack/link");
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post("/connectors/hubspot/link", &fields).await.status, 404);
}

#[tokio::test]
async fn a_cookie_that_was_planted_before_is_worth_nothing_afterwards() {
    let app = TestApp::spawn().await;
    // The attacker's own session, planted in Jane's browser.
    let attackers = app.arrived_with(json!({ "user": { "id": "mallory" } })).await;
    let planted = attackers.cookie().unwrap().clone();
    let session = app.session_with(json!({})).await;
    let mut browser = app.browser();
    browser.plant(&planted);
    let page = browser.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    assert_eq!(page.status, 303);
    assert_ne!(browser.cookie(), Some(&planted));
    assert!(browser.get("/connectors").await.text().contains("Jane Doe"));
    let mut attacker = app.browser();
    attacker.plant(&planted);
    assert_eq!(attacker.get("/connectors").await.status, 401);
    attacker.plant("made-up");
    assert_eq!(attacker.get("/connectors").await.status, 401);
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_is_told_so() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let mut browser = app.browser();
    let page = browser.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    browser.forget_cookies();
    let without = browser.get(page.location()).await;
    assert_eq!((without.status, without.heading().as_str()), (401, "Your browser did not keep our cookie"));
    let never_here = browser.get("/connectors").await;
    assert_eq!((never_here.status, never_here.heading().as_str()), (401, "Your time on this page has ended"));
}
