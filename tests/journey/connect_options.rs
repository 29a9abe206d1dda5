//! What an app's page was opened for stays in each link and form of it: another account, a connection to
//! replace, a sign-in method.

use reqwest::Method;
use serde_json::json;

use crate::{
    app::TestApp,
    browser::{Browser, Page},
};

const INSTAGRAM: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Instagram 330.0.0";

fn fields(page: &Page, action: &str) -> Vec<(String, String)> {
    page.form(action)
}

fn has(page: &Page, action: &str, name: &str, value: &str) -> bool {
    fields(page, action).contains(&(name.to_owned(), value.to_owned()))
}

/// Presses a start page's button, and posts the form again where the 307 leads.
async fn begin(browser: &mut Browser, start: &Page) -> Page {
    let pressed = browser.submit(start, "/start", &[]).await;
    assert_eq!(pressed.status, 307, "{}", pressed.text());
    let form = fields(start, "/start");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(pressed.location(), &form).await
}

/// *Open in your browser* on that page: the fresh link.
async fn opens_elsewhere(app: &TestApp, browser: &mut Browser, path: &str) -> (String, Page) {
    let page = browser.send(Method::GET, path, &[("user-agent", INSTAGRAM)], None).await;
    assert_eq!(page.attributes("button.primary", "formaction"), ["/session/browser"]);
    let form = fields(&page, "/connectors/slack/link");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let headers = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin"), ("user-agent", INSTAGRAM)];
    let page = browser.send(Method::POST, "/session/browser", &headers, Some(&form)).await;
    (page.all("textarea").remove(0), page)
}

#[tokio::test]
async fn methods_and_languages_keep_another_account() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let page = jane.get("/connectors/hubspot?another=1").await;
    for link in page.attributes("nav.tabs a", "href") {
        assert!(link.ends_with("&another=1"), "{link}");
    }
    let key = jane.get(&page.attributes("nav.tabs a:not([aria-current])", "href")[0]).await;
    assert!(has(&key, "/connectors/hubspot/link", "another", "1"));
    let languages = key.attributes("a[href*='language=']", "href");
    assert!(!languages.is_empty() && languages.iter().all(|link| link.contains("another=1")), "{languages:?}");
    // After a mistake, too.
    let mistaken = jane.submit(&key, "/connectors/hubspot/link", &[]).await;
    assert_eq!(mistaken.status, 422);
    assert!(has(&mistaken, "/connectors/hubspot/link", "another", "1"));
    let languages = mistaken.attributes("a[href*='language=']", "href");
    assert!(!languages.is_empty());
    for link in mistaken.attributes("nav.tabs a", "href").iter().chain(&languages) {
        assert!(link.contains("another=1") && link.contains("method="), "{link}");
    }
    let german = jane.get(&languages[1]).await;
    assert!(has(&german, "/connectors/hubspot/link", "another", "1"), "{}", german.text());
    assert_eq!(german.all("nav.tabs a[aria-current]").len(), 1);
    assert!(german.attributes("input[type=password]", "name").len() == 1, "the access key, as before");
}

#[tokio::test]
async fn retry_after_an_outage_keeps_another_account() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let page = jane.get("/connectors/slack?another=1").await;
    app.sandbox.switch_on(gangway::sandbox::Fault::ServerErrors);
    let failed = jane.submit(&page, "/connectors/slack/link", &[]).await;
    assert_eq!(failed.status, 503);
    let again = failed.attributes("a.primary", "href").remove(0);
    assert!(again.starts_with("/connectors/slack?") && again.contains("another=1"), "{again}");
}

#[tokio::test]
async fn other_browser_is_for_another_account_too() {
    let app = TestApp::spawn().await;
    let mut inside = app.arrived_with(json!({ "locale": "en" })).await;
    inside.link_and_allow(&app.sandbox, "slack").await;
    let (link, page) = opens_elsewhere(&app, &mut inside, "/connectors/slack?another=1").await;
    assert!(link.contains("&another=1"), "{link}");
    let back = page.attributes("a[href^='/connectors/slack']", "href").remove(0);
    assert!(back.contains("another=1"), "{back}");
    let mut outside = app.browser();
    let start = outside.navigate(&link, "none").await;
    assert!(has(&start, "/start", "another", "1"), "{}", start.text());
    let languages = start.attributes("a[href*='language=']", "href");
    assert!(!languages.is_empty() && languages.iter().all(|link| link.contains("another=1")), "{languages:?}");
    let leaving = begin(&mut outside, &start).await;
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    assert_eq!(outside.come_back(&back).await.heading(), "Slack is connected");
    assert_eq!(app.connections("jane").await.len(), 2);
}

#[tokio::test]
async fn other_browser_of_another_person_keeps_another_account() {
    let app = TestApp::spawn().await;
    let mut inside = app.arrived_with(json!({ "locale": "en" })).await;
    inside.link_and_allow(&app.sandbox, "slack").await;
    let (link, _) = opens_elsewhere(&app, &mut inside, "/connectors/slack?another=1").await;
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    let switch = sam.navigate(&link, "none").await;
    let pressed = sam.submit(&switch, "/start", &[]).await;
    assert!(pressed.location().starts_with("/connectors/slack?") && pressed.location().contains("another=1"));
}

#[tokio::test]
async fn start_page_of_a_reconnect_connects_again() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let known = app.connections("jane").await.remove(0);
    let asked = json!({ "connector": "slack", "reconnect": known["credential_id"] });
    app.pass_everywhere(time::Duration::minutes(2));
    let (mut browser, start) = app.opened(&app.session_with(asked).await).await;
    assert_eq!(start.heading(), "Connect Slack to Acme Notes again");
    assert!(start.text().contains("Acme Notes asks you to connect Slack again."), "{}", start.text());
    assert!(!start.text().contains("Jane's Slack"), "before the session no account is named");
    let leaving = begin(&mut browser, &start).await;
    assert_eq!(leaving.status, 303);
    assert_eq!(app.last_attempt("jane", "slack").await["replaces"], known["credential_id"]);
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    let done = browser.come_back(&back).await;
    assert!(done.text().contains("Remove the earlier one"), "{}", done.text());
}

#[tokio::test]
async fn host_that_names_the_app_of_a_reconnect_leads_to_it() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let known = app.connections("jane").await.remove(0);
    let id = known["credential_id"].as_str().unwrap();
    let session = app.session_with(json!({ "connector": "slack", "reconnect": id })).await;
    let code = session["start_code"].as_str().unwrap();
    let fields = [("code", code), ("connector", "Slack")];
    let pressed = app.browser().post_from(crate::app::HOST_ORIGIN, "/start", &fields).await;
    assert_eq!(pressed.location(), format!("/connectors/Slack?replaces={id}&arrived=1"));
}
