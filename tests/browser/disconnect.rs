//! An app is disconnected by pressing what a person would press, with and without scripts.

use serde_json::json;

use crate::{browser::Browser, world::World};

/// Whether heading and primary button are to be seen on a phone without scrolling.
async fn is_seen_at_once(browser: &Browser) {
    browser.is_a_phone(375, 667, 16).await;
    browser.run("scrollTo(0, 0)").await;
    let seen = "const places = [...document.querySelectorAll('h1, .primary')].map(one => one.getBoundingClientRect());
         return places.length == 2 && places.every(one => one.top >= 0 && one.bottom <= innerHeight && one.height > 0)";
    assert_eq!(browser.run(seen).await, json!(true));
    browser.is_a_desk().await;
}

async fn disconnects(world: &World, mut browser: Browser) {
    browser.goto(&world.host_page()).await;
    browser.goto(&world.link().await).await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Slack is connected").await;
    let jane = world.sandbox.user("gangway-jane").unwrap().user_id;
    let credential = world.sandbox.credentials(&jane).remove(0).credential_id;

    let address = world.page(&format!("/connections/{credential}/disconnect"));
    browser.goto(&address).await;
    browser.arrives("Disconnect Slack?").await;
    is_seen_at_once(&browser).await;
    browser.press("Keep it").await;
    browser.arrives("Slack is connected").await;
    assert_eq!(world.connected("jane").await, ["slack"]);
    browser.goto(&address).await;
    browser.press("Disconnect").await;
    browser.arrives("Slack is disconnected").await;
    is_seen_at_once(&browser).await;
    assert!(world.connected("jane").await.is_empty());
    browser.press("Back to Acme Notes").await;
    browser.arrives("Connections").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn slack_is_disconnected_by_two_presses() {
    let world = World::on_three_sites().await;
    disconnects(&world, Browser::open().await).await;
}

#[tokio::test]
async fn without_scripts_too() {
    let world = World::on_one_site().await;
    disconnects(&world, Browser::without_scripts().await).await;
}
