//! Arrive by a link, as one would send it: whoever fetches it changes nothing, a press on its page does.

use reqwest::Method;
use serde_json::json;
use time::Duration;

use crate::app::TestApp;

#[tokio::test]
async fn reading_a_link_never_uses_it_up() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let url = session["url"].as_str().unwrap();
    for method in [Method::HEAD, Method::GET, Method::GET] {
        let seen = app.browser().send(method, url, &[], None).await;
        assert_eq!((seen.status, seen.set_cookies().len()), (200, 0));
    }
    let (mut browser, page) = app.opened(&session).await;
    assert_eq!(page.heading(), "Connect your apps to Acme Notes");
    assert!(page.text().contains("Jane Doe (jane@acme.test)"), "{}", page.text());
    assert!(page.text().contains("Continue only if you came here from Acme Notes yourself"), "{}", page.text());

    let pressed = browser.submit(&page, "/start", &[("connector", "slack")]).await;
    assert_eq!((pressed.status, pressed.location()), (303, "/connectors/slack?arrived=1"));
    // The word that it has just arrived leaves the address again.
    let settled = browser.get(pressed.location()).await;
    assert_eq!((settled.status, settled.location()), (303, "/connectors/slack"));
    let connect = browser.get(settled.location()).await;
    assert_eq!((connect.status, connect.heading().as_str()), (200, "Connect Slack to Acme Notes"));
}

#[tokio::test]
async fn what_is_connected_is_not_shown_before_the_press() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let (_, page) = app.opened(&app.session_with(json!({})).await).await;
    assert!(page.text().contains("Slack") && !page.text().contains("Jane's Slack"), "{}", page.text());
}

#[tokio::test]
async fn a_press_without_the_pages_own_token_changes_nothing() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let other = app.session_with(json!({ "user": { "id": "sam" } })).await;
    let code = session["start_code"].as_str().unwrap();
    let (mut browser, page) = app.opened(&session).await;
    let (_, foreign) = app.opened(&other).await;
    let token = |page: &crate::browser::Page| page.attributes("input[name=form_token]", "value").remove(0);
    assert_ne!(token(&page), token(&app.opened(&session).await.1), "it is masked afresh on each page");
    for wrong in ["", "nonsense", &token(&foreign)] {
        let again = browser.post("/start", &[("code", code), ("form_token", wrong), ("connector", "slack")]).await;
        assert_eq!((again.status, again.heading().as_str()), (200, "Connect your apps to Acme Notes"));
        assert!(again.set_cookies().is_empty(), "{:?}", again.set_cookies());
    }
    assert_eq!(browser.submit(&page, "/start", &[]).await.status, 303);
}

#[tokio::test]
async fn a_code_opens_one_browser_only() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let url = session["url"].as_str().unwrap();
    let (mut browser, page) = app.opened(&session).await;
    assert_eq!(browser.submit(&page, "/start", &[]).await.status, 303);

    // The same browser goes back to where it was.
    assert_eq!(browser.navigate(url, "none").await.location(), "/connectors");
    assert_eq!(browser.submit(&page, "/start", &[]).await.location(), "/connectors");
    // Any other reads that the link no longer works.
    let mut other = app.browser();
    let replayed = other.navigate(url, "none").await;
    assert_eq!((replayed.status, replayed.heading().as_str()), (410, "This link no longer works"));
    assert_eq!(other.submit(&page, "/start", &[]).await.status, 410);
    assert!(other.cookie().is_none());
}

#[tokio::test]
async fn twenty_presses_at_once_open_one_session() {
    let app = TestApp::spawn().await;
    let (_, page) = app.opened(&app.session_with(json!({})).await).await;
    let presses = (0..20).map(|_| {
        let (mut browser, page) = (app.browser(), &page);
        async move { browser.submit(page, "/start", &[]).await.status }
    });
    let statuses = futures_util::future::join_all(presses).await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 410).count(), 19, "{statuses:?}");
}

#[tokio::test]
async fn a_link_that_is_too_old_or_was_never_made_no_longer_works() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let (mut browser, page) = app.opened(&session).await;
    app.clock.pass(Duration::minutes(10));
    let mut pages = vec![browser.submit(&page, "/start", &[]).await];
    let addresses = ["/start", "/start?code=", "/start?code=never-made", "/start?code=%3Cscript%3E", "/start?code=%ff"];
    for address in [session["url"].as_str().unwrap()].into_iter().chain(addresses) {
        pages.push(browser.navigate(address, "none").await);
    }
    for page in pages {
        assert_eq!((page.status, page.heading().as_str()), (410, "This link no longer works"));
        assert!(page.set_cookies().is_empty() && !page.body.contains("<script>"), "{}", page.body);
    }
}

#[tokio::test]
async fn a_shorter_time_that_the_host_wants_is_kept() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({ "expires_in": 60 })).await;
    app.clock.pass(Duration::seconds(61));
    assert_eq!(app.opened(&session).await.1.status, 410);
}
