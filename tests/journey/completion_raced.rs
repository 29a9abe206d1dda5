//! Y has opened a start link of X's, or a link of X's to the provider, and X tries to be the one whom the host names.

use gangway::config::VerifyCompletion;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{RETURN_URL, TestApp},
    browser::{Browser, Page},
    provider::redirect_uri,
};

async fn app() -> TestApp {
    TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Links).await
}

/// A browser that has opened a start link for Jane, who is X.
async fn by_link(app: &TestApp) -> Browser {
    let (mut browser, page) = app.opened(&app.session_with(json!({})).await).await;
    assert_eq!(browser.submit(&page, "/start", &[]).await.status, 303);
    browser
}

/// The code that a page takes to the host, if it does.
fn code_on(page: &Page) -> Option<String> {
    let address = url::Url::parse(page.leads_to().filter(|address| address.starts_with(RETURN_URL))?).unwrap();
    address.query_pairs().find(|(name, _)| name == "gangway_completion").map(|(_, code)| code.into_owned())
}

async fn redeem(app: &TestApp, code: &str, user: &str) -> (u16, Value) {
    app.api("POST", "/link-attempts/complete", Some(json!({ "completion": code, "user_id": user }))).await
}

/// Comes back to that address and goes on; where a code comes of it, the host says that X is signed in there.
async fn back_as_x(app: &TestApp, browser: &mut Browser, address: &str) {
    let mut page = browser.navigate(address, "cross-site").await;
    if let Some(next) = page.leads_to().filter(|next| next.starts_with("/attempts/")) {
        page = browser.get(next).await;
    }
    if let Some(code) = code_on(&page) {
        redeem(app, &code, "jane").await;
    }
}

/// The same in Y's browser, where Y is signed in to the host.
async fn back_as_y(app: &TestApp, browser: &mut Browser, address: &str) {
    let mut page = browser.navigate(address, "cross-site").await;
    if let Some(next) = page.leads_to().filter(|next| next.starts_with("/attempts/")) {
        page = browser.get(next).await;
    }
    if let Some(code) = code_on(&page) {
        redeem(app, &code, "sam").await;
    }
}

async fn nothing_is_linked(app: &TestApp) {
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    assert!(app.connections("jane").await.is_empty());
    let (_, listed) = app.api("GET", "/link-attempts?user=jane", None).await;
    let attempts = listed["link_attempts"].as_array().unwrap();
    assert!(attempts.iter().all(|attempt| attempt["state"] != "linked"), "{attempts:?}");
}

#[tokio::test]
async fn start_link_does_not_replace_completion() {
    let app = app().await;
    let mut x = app.arrived().await;
    x.leave_for("slack").await;
    let mut y = by_link(&app).await;
    let link = y.leave_for("slack").await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    back_as_y(&app, &mut y, &back).await;
    nothing_is_linked(&app).await;
}

#[tokio::test]
async fn return_in_a_start_link_browser_is_foreign() {
    let app = app().await;
    let mut x = app.arrived().await;
    let link = x.leave_for("slack").await;
    let mut y = by_link(&app).await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    back_as_y(&app, &mut y, &back).await;
    nothing_is_linked(&app).await;
}

#[tokio::test]
async fn attacker_completes_before_victim_returns() {
    let app = app().await;
    let (mut x, mut y) = (by_link(&app).await, by_link(&app).await);
    x.leave_for("slack").await;
    let link = y.leave_for("slack").await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    back_as_x(&app, &mut x, &back).await;
    back_as_y(&app, &mut y, &back).await;
    nothing_is_linked(&app).await;
}

#[tokio::test]
async fn attacker_takes_code_after_victims_return() {
    let app = app().await;
    let (mut x, mut y) = (by_link(&app).await, by_link(&app).await);
    let link = y.leave_for("slack").await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    let page = y.navigate(&back, "cross-site").await.location().to_owned();
    let ys = y.get(&page).await;
    // X knows the attempt's address, because pressing the same button led there.
    if let Some(code) = code_on(&x.get(&page).await) {
        redeem(&app, &code, "jane").await;
    }
    redeem(&app, &code_on(&ys).unwrap(), "sam").await;
    nothing_is_linked(&app).await;
}

#[tokio::test]
async fn attacker_returns_without_cookies() {
    for before in [true, false] {
        let app = app().await;
        let mut y = by_link(&app).await;
        let link = y.leave_for("slack").await;
        let (mut x, callback) = (app.browser(), redirect_uri(&link));
        if before {
            x.navigate(&callback, "cross-site").await;
        }
        let back = app.sandbox.approve(&link).unwrap().unwrap();
        y.navigate(&back, "cross-site").await;
        back_as_x(&app, &mut x, &callback).await;
        nothing_is_linked(&app).await;
    }
}

#[tokio::test]
async fn attacker_begins_again_while_victim_allows() {
    let app = app().await;
    let (mut x, mut y) = (app.arrived().await, by_link(&app).await);
    let ys = y.leave_for("slack").await;
    let xs = x.leave_for("slack").await;
    let back = app.sandbox.approve(&ys).unwrap().unwrap();
    back_as_x(&app, &mut x, &redirect_uri(&xs)).await;
    back_as_y(&app, &mut y, &back).await;
    nothing_is_linked(&app).await;
}

#[tokio::test]
async fn attacker_begins_with_other_input_while_victim_allows() {
    let app = app().await;
    let (mut x, mut y) = (app.arrived().await, by_link(&app).await);
    let ys = y.link("zohoCRM", &[("data.region", "com")]).await.location().to_owned();
    let xs = x.link("zohoCRM", &[("data.region", "eu")]).await.location().to_owned();
    let back = app.sandbox.approve(&ys).unwrap().unwrap();
    back_as_x(&app, &mut x, &redirect_uri(&xs)).await;
    back_as_y(&app, &mut y, &back).await;
    nothing_is_linked(&app).await;
}

#[tokio::test]
async fn first_page_waits_during_completion_elsewhere() {
    let app = app().await;
    let mut jane = by_link(&app).await;
    let link = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    let phone = app.browser().navigate(&back, "cross-site").await;
    let id = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    let page = jane.get(&format!("/attempts/{id}")).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Slack has not confirmed yet"));
    // 200 would load the same page again, at once and for ever.
    assert_eq!(jane.get(&format!("/attempts/{id}/status?wait=0&phase=asking")).await.status, 204);
    assert_eq!(redeem(&app, &code_on(&phone).unwrap(), "jane").await.0, 200);
    assert_eq!(jane.get(&format!("/attempts/{id}/status?wait=20&phase=asking")).await.status, 200);
}

#[tokio::test]
async fn newer_or_expired_session_goes_to_the_host() {
    for newer in [true, false] {
        let app = app().await;
        let mut jane = by_link(&app).await;
        let link = jane.leave_for("slack").await;
        if newer {
            // Another start link, in the same browser.
            let page = jane.navigate(app.session_with(json!({})).await["url"].as_str().unwrap(), "none").await;
            assert_eq!(jane.submit(&page, "/start", &[]).await.status, 303);
        } else {
            app.pass_everywhere(Duration::minutes(40));
        }
        let back = app.sandbox.approve(&link).unwrap().unwrap();
        let page = jane.navigate(&back, "cross-site").await;
        let (status, attempt) = redeem(&app, &code_on(&page).unwrap(), "jane").await;
        assert_eq!((status, attempt["state"].as_str()), (200, Some("linked")));
    }
}
