//! From an in-app browser to the user's own.

use reqwest::Method;
use serde_json::json;
use time::Duration;

use crate::{
    app::TestApp,
    browser::{Browser, Page},
};

pub(crate) const INSTAGRAM: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Instagram 330.0.0";
const WEBVIEW: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Version/4.0 Chrome/125.0";

async fn looks(browser: &mut Browser, path: &str, user_agent: &str) -> Page {
    browser.send(Method::GET, path, &[("user-agent", user_agent)], None).await
}

/// Presses *Open in your browser* on an app's page; gives the page with the link.
pub(crate) async fn opens_elsewhere(app: &TestApp, browser: &mut Browser, user_agent: &str) -> Page {
    let page = looks(browser, "/connectors/slack", user_agent).await;
    assert_eq!(page.all("button.primary"), ["Open in your browser"]);
    assert_eq!(page.attributes("button.primary", "formaction"), ["/session/browser"]);
    let fields = page.form("/connectors/slack/link");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let headers = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin"), ("user-agent", user_agent)];
    let page = browser.send(Method::POST, "/session/browser", &headers, Some(&fields)).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Open this page in your browser"));
    page
}

#[tokio::test]
async fn fresh_link_leads_to_the_same_app_and_user() {
    let app = TestApp::spawn().await;
    let mut inside = app.arrived_with(json!({ "locale": "en", "after": "stay" })).await;
    let page = opens_elsewhere(&app, &mut inside, INSTAGRAM).await;
    assert!(page.all("a.primary").is_empty(), "an iPhone has no address that opens a browser");
    let link = page.all("textarea").remove(0);
    assert!(link.starts_with(&format!("{}/start?code=", app.url)), "{link}");

    let mut outside = app.browser();
    let start = outside.navigate(&link, "none").await;
    assert_eq!(start.heading(), "Connect Slack to Acme Notes");
    assert!(start.text().contains("For Jane Doe (jane@acme.test)"), "{}", start.text());
    let pressed = outside.submit(&start, "/start", &[]).await;
    assert_eq!(pressed.status, 307);
    // It works once.
    assert_eq!(app.browser().navigate(&link, "none").await.status, 410);
}

#[tokio::test]
async fn android_gets_an_intent() {
    let app = TestApp::spawn().await;
    let mut inside = app.arrived().await;
    let page = opens_elsewhere(&app, &mut inside, WEBVIEW).await;
    let intent = page.attributes("a.primary", "href").remove(0);
    assert!(intent.starts_with("intent://") && intent.contains("/start?code=") && intent.ends_with(";end"), "{intent}");
    // Every press is a fresh link: the one before is as good, and none is anybody else's.
    let other = opens_elsewhere(&app, &mut inside, WEBVIEW).await;
    assert_ne!(page.all("textarea"), other.all("textarea"));
}

#[tokio::test]
async fn start_link_is_offered_and_not_redeemed() {
    let app = TestApp::spawn().await;
    for more in [json!({}), json!({ "connector": "slack" })] {
        let session = app.session_with(more).await;
        let mut inside = app.browser();
        let url = session["url"].as_str().unwrap();
        let page = looks(&mut inside, url, INSTAGRAM).await;
        let way_out = page.attributes("a[href*='browser=1']", "href").remove(0);
        let page = looks(&mut inside, &way_out, INSTAGRAM).await;
        assert_eq!(page.all("textarea"), [url]);
        assert_eq!(app.browser().navigate(url, "none").await.status, 200, "nobody used it");
    }
}

#[tokio::test]
async fn keys_and_ordinary_browsers_get_no_offer() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    assert_eq!(looks(&mut browser, "/connectors/trello", INSTAGRAM).await.all("button.primary"), ["Save key"]);
    let ordinary =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1";
    let page = looks(&mut browser, "/connectors/slack", ordinary).await;
    assert_eq!(page.all("button.primary"), ["Continue to Slack"]);
}

#[tokio::test]
async fn derived_session_ends_with_its_parent() {
    let app = TestApp::spawn_with(|settings| settings.session.absolute = std::time::Duration::from_secs(3600)).await;
    let session = app.session_with(json!({})).await;
    let code = session["start_code"].as_str().unwrap();
    let mut inside = app.browser();
    inside.post_from(crate::app::HOST_ORIGIN, "/start", &[("code", code)]).await;
    app.clock.pass(Duration::minutes(20));
    inside.get("/connectors").await;
    app.clock.pass(Duration::minutes(25));
    let link = opens_elsewhere(&app, &mut inside, INSTAGRAM).await.all("textarea").remove(0);
    let mut outside = app.browser();
    let start = outside.navigate(&link, "none").await;
    outside.submit(&start, "/start", &[]).await;
    assert_eq!(outside.get("/connectors").await.status, 200);
    // A link of that session's own would start the hour anew, and so on for ever.
    app.clock.pass(Duration::minutes(16));
    assert_eq!(outside.get("/connectors").await.status, 401);

    let session = app.session_with(json!({})).await;
    inside.post_from(crate::app::HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    let link = opens_elsewhere(&app, &mut inside, INSTAGRAM).await.all("textarea").remove(0);
    let id = session["id"].as_str().unwrap();
    assert_eq!(app.api("DELETE", &format!("/connect-sessions/{id}"), None).await.0, 204);
    assert_eq!(app.browser().navigate(&link, "none").await.status, 410, "the host ended it");
}

#[tokio::test]
async fn fresh_link_needs_the_form_token() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    assert_eq!(browser.post("/session/browser", &[("form_token", "x")]).await.status, 403);
    assert_eq!(browser.post_from("https://evil.test", "/session/browser", &[]).await.status, 403);
    assert_eq!(app.browser().post("/session/browser", &[]).await.status, 401);
}
