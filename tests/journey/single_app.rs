//! A session for one app: its start page is the connect page, with two presses in all.

use serde_json::json;

use crate::{app::TestApp, browser::Browser, browser::Page};

/// What a browser does on 307: the same form again, to the new address.
async fn press_and_follow(browser: &mut Browser, page: &Page, answers: &[(&str, &str)]) -> Page {
    let pressed = browser.submit(page, "/start", answers).await;
    assert_eq!(pressed.status, 307, "{}", pressed.text());
    let mut form = page.form("/start");
    form.retain(|(name, _)| answers.iter().all(|(answered, _)| answered != name));
    let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend(answers);
    browser.post(pressed.location(), &fields).await
}

#[tokio::test]
async fn two_presses_link_the_only_app() {
    let app = TestApp::spawn().await;
    for wanted in [json!({ "connectors": ["slack"] }), json!({ "connector": "slack", "user": { "id": "sam" } })] {
        let (mut browser, page) = app.opened(&app.session_with(wanted).await).await;
        assert_eq!((page.status, page.heading().as_str()), (200, "Connect Slack to Acme Notes"));
        assert!(page.text().contains("Continue only if you came here from Acme Notes yourself"), "{}", page.text());
        assert_eq!(page.all("form button"), ["Continue to Slack"]);

        let leaving = press_and_follow(&mut browser, &page, &[]).await;
        let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
        assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
    }
}

#[tokio::test]
async fn only_app_is_chosen_already() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived_with(json!({ "connectors": ["slack"] })).await;
    assert_eq!(browser.get("/connectors").await.location(), "/connectors/slack");
}

#[tokio::test]
async fn form_is_filled_in_on_the_start_page() {
    let app = TestApp::spawn().await;
    let (mut browser, page) = app.opened(&app.session_with(json!({ "connectors": ["shopify"] })).await).await;
    let mistaken = press_and_follow(&mut browser, &page, &[("data.shopName", "")]).await;
    assert_eq!(mistaken.status, 422);
    assert!(mistaken.text().contains("Enter your shop name, for example acme."), "{}", mistaken.text());

    let answers = [("data.shopName", "https://acme.myshopify.com/admin")];
    let leaving = browser.submit(&mistaken, "/connectors/shopify/link", &answers).await;
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Shopify is connected");
}

#[tokio::test]
async fn form_token_belongs_to_one_start_page() {
    let app = TestApp::spawn().await;
    let (_, page) = app.opened(&app.session_with(json!({ "connectors": ["slack"] })).await).await;
    let token = page.attributes("input[name=form_token]", "value").remove(0);
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    let refused = sam.post("/connectors/slack/link", &[("form_token", &token)]).await;
    assert_eq!((refused.status, refused.heading().as_str()), (403, "This page has expired"));
}
