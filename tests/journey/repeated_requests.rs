//! Repeated, simultaneous and resumed attempts.

use gangway::sandbox::{Fault, Route};

use crate::{app::TestApp, browser::Browser, provider::redirect_uri};

async fn press_link(mut browser: Browser, connector: &str, answers: &[(&str, &str)]) -> String {
    browser.link(connector, answers).await.location().to_owned()
}

#[tokio::test]
async fn three_tabs_return_in_reverse_order() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let mut returns = Vec::new();
    for connector in ["slack", "notion", "hubspot"] {
        let leaving = browser.clone().leave_for(connector).await;
        returns.push(app.sandbox.approve(&leaving).unwrap().unwrap());
    }
    for (back, heading) in returns.iter().rev().zip(["HubSpot", "Notion", "Slack"]) {
        assert_eq!(browser.come_back(back).await.heading(), format!("{heading} is connected"));
    }
    assert_eq!(app.connections("jane").await.len(), 3);
}

#[tokio::test]
async fn same_input_continues_the_attempt() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let first = browser.leave_for("slack").await;
    let began = app.last_attempt("jane", "slack").await["id"].clone();
    let second = browser.leave_for("slack").await;
    assert_eq!(redirect_uri(&first), redirect_uri(&second));
    assert_eq!(app.last_attempt("jane", "slack").await["id"], began);
    let back = app.sandbox.approve(&first).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);
}

#[tokio::test]
async fn other_input_is_another_attempt_beside_it() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let first = browser.link("zohoCRM", &[("data.region", "com")]).await.location().to_owned();
    let earlier = app.last_attempt("jane", "zohoCRM").await["id"].as_str().unwrap().to_owned();
    let second = browser.link("zohoCRM", &[("data.region", "eu")]).await.location().to_owned();
    assert_ne!(redirect_uri(&first), redirect_uri(&second));
    assert_eq!(app.attempt(&earlier).await["state"], "pending");
    let back = app.sandbox.approve(&second).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Zoho CRM is connected");
    assert_eq!(app.attempt(&earlier).await["state"], "pending");
    let back = app.sandbox.approve(&first).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Zoho CRM is connected");
    assert_eq!(app.connections("jane").await.len(), 2);
}

#[tokio::test]
async fn simultaneous_submissions_are_one_attempt() {
    let app = TestApp::spawn().await;
    let browser = app.arrived().await;
    let presses = (0..10).map(|_| press_link(browser.clone(), "slack", &[]));
    let links = futures_util::future::join_all(presses).await;
    let states: std::collections::BTreeSet<String> = links.iter().map(|link| redirect_uri(link)).collect();
    assert_eq!(states.len(), 1, "{states:?}");
    assert_eq!(app.sandbox.count(Route::CreateUser), 1);
}

#[tokio::test]
async fn double_click_saves_a_key_once() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors/shippo").await;
    app.sandbox.switch_on(Fault::Slow.with(1).on(Route::CreateCredential));
    let presses = (0..3).map(|_| press_link(browser.clone(), "shippo", &[("data.token", "shippo_live_1")]));
    let pages = futures_util::future::join_all(presses).await;
    assert_eq!(app.sandbox.count(Route::CreateCredential), 1);
    for page in &pages {
        assert_eq!(browser.get(page).await.heading(), "Shippo key saved");
    }
    assert_eq!(app.connections("jane").await.len(), 1);
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);
}

#[tokio::test]
async fn just_saved_key_is_not_saved_again() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/shippo").await;
    let answers = [("data.token", "shippo_live_1")];
    let first = browser.submit(&page, "/connectors/shippo/link", &answers).await;
    let second = browser.submit(&page, "/connectors/shippo/link", &answers).await;
    assert_eq!(first.location(), second.location());
    assert_eq!(app.sandbox.count(Route::CreateCredential), 1);
    // Another key is another matter, and so is the same one later.
    browser.submit(&page, "/connectors/shippo/link", &[("data.token", "shippo_live_2")]).await;
    assert_eq!(app.sandbox.count(Route::CreateCredential), 2);
    app.clock.pass(time::Duration::seconds(61));
    browser.submit(&page, "/connectors/shippo/link", &[("data.token", "shippo_live_2")]).await;
    assert_eq!(app.sandbox.count(Route::CreateCredential), 3);
}
