//! A session for some apps shows nothing of the others, also not the user's own attempts at them.

use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{HOST_ORIGIN, RETURN_URL, TestApp},
    browser::{Browser, Page},
};

/// The same browser in a newer session of the same user.
async fn with_session(app: &TestApp, browser: &mut Browser, more: Value) {
    let session = app.session_with(more).await;
    let page = browser.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    assert_eq!(page.status, 303, "{}", page.text());
}

/// The page without what differs each time: its reference and its tokens.
fn shown(page: &Page) -> (u16, String) {
    (page.status, page.text().replace(&page.reference(), ""))
}

#[tokio::test]
async fn another_apps_attempt_is_not_found() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived_with(json!({ "connectors": ["slack"] })).await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    let attempt = app.last_attempt("jane", "slack").await;
    let (id, credential) = (attempt["id"].as_str().unwrap(), attempt["credential_id"].as_str().unwrap());
    with_session(&app, &mut browser, json!({ "connectors": ["notion"] })).await;

    let never = "01890a5d-ac96-774b-bcce-b302099a8057";
    for path in ["/attempts/{id}", "/attempts/{id}/status", "/attempts/{id}/status?wait=20&phase=waiting"] {
        let page = browser.get(&path.replace("{id}", id)).await;
        assert_eq!(page.status, 404, "{path}: {}", page.text());
        assert_eq!(shown(&page), shown(&browser.get(&path.replace("{id}", never)).await), "{path}");
    }
    let notion = browser.get("/connectors/notion").await;
    let token = notion.attributes("input[name=form_token]", "value").remove(0);
    let answered =
        browser.post(&format!("/attempts/{id}/answer"), &[("form_token", &token), ("answer", "allowed")]).await;
    assert_eq!(answered.status, 404);
    for path in ["/connectors/slack".to_owned(), format!("/connections/{credential}/disconnect")] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    let gone = format!("/connections/{credential}/disconnect");
    assert_eq!(browser.post(&gone, &[("form_token", &token)]).await.status, 404);
    assert_eq!(app.connections("jane").await.len(), 1);

    with_session(&app, &mut browser, json!({ "connectors": ["notion", "SLACK"] })).await;
    assert_eq!(browser.get(&format!("/attempts/{id}")).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn a_return_is_judged_in_a_newer_session_for_another_app() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived_with(json!({ "connectors": ["slack"] })).await;
    let back = app.sandbox.approve(&browser.leave_for("slack").await).unwrap().unwrap();
    with_session(&app, &mut browser, json!({ "connectors": ["notion"] })).await;

    let returned = browser.navigate(&back, "cross-site").await;
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((&attempt["state"], &attempt["reason"]), (&json!("linked"), &json!("new")));
    let id = attempt["id"].as_str().unwrap();
    let host = format!("{RETURN_URL}?gangway_attempt_id={id}&gangway_state=linked");
    assert_eq!((returned.status, returned.location()), (303, host.as_str()));
    // What is no navigation changes nothing, and leads nowhere else.
    let image = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")];
    let noise = browser.send(reqwest::Method::GET, &back, &image, None).await;
    assert_eq!((noise.status, noise.location()), (303, host.as_str()));
}

#[tokio::test]
async fn a_return_finds_its_page_in_a_newer_session_that_allows_the_app() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived_with(json!({ "connectors": ["slack"] })).await;
    let back = app.sandbox.approve(&browser.leave_for("slack").await).unwrap().unwrap();
    for connectors in [json!(["slack", "notion"]), json!([])] {
        with_session(&app, &mut browser, json!({ "connectors": connectors })).await;
        assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
    }
}

#[tokio::test]
async fn a_refused_return_of_another_app_is_told_to_the_host() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived_with(json!({ "connectors": ["slack"] })).await;
    let leaving = browser.leave_for("slack").await;
    let callback = crate::provider::redirect_uri(&leaving);
    with_session(&app, &mut browser, json!({ "connectors": ["notion"] })).await;
    let returned = browser.navigate(&format!("{callback}?error=access_denied"), "cross-site").await;
    assert!(returned.location().starts_with(&format!("{RETURN_URL}?gangway_attempt_id=")), "{}", returned.location());
    app.pass_everywhere(Duration::seconds(10));
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "denied");
}

#[tokio::test]
async fn without_a_return_url_the_choice_of_the_session_is_shown() {
    let app = TestApp::spawn_with(|settings| settings.host.return_urls = Vec::new()).await;
    let mut browser = app.arrived_with(json!({ "connectors": ["slack"] })).await;
    let back = app.sandbox.approve(&browser.leave_for("slack").await).unwrap().unwrap();
    with_session(&app, &mut browser, json!({ "connectors": ["notion"] })).await;
    let returned = browser.navigate(&back, "cross-site").await;
    assert_eq!((returned.status, returned.location()), (303, "/connectors"));
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "linked");
    assert_eq!(browser.get("/connectors").await.location(), "/connectors/notion");
}
