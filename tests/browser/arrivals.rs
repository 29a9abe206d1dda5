//! Arriving by a link, and in a browser that another user of the host uses already.

use serde_json::json;

use crate::{browser::Browser, world::World};

#[tokio::test]
async fn a_link_opens_the_start_page_first() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;

    // The sample host makes the link, as one would mail it.
    browser.goto(&world.host_page()).await;
    browser.press("Send a link instead").await;
    browser.arrives("Your link is ready").await;
    browser.press("Open the link").await;
    browser.arrives("Connect your apps to Acme Notes").await;
    browser.reads("Jane Doe").await;
    browser.press_app("Notion").await;
    browser.arrives("Connect Notion to Acme Notes").await;
    browser.continue_to("Notion").await;
    browser.press("Allow").await;
    browser.arrives("Notion is connected").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn with_one_app_two_presses_are_enough() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    // Jane is signed in at the host: that is who its server says she is.
    browser.goto(&world.host_page()).await;

    browser.goto(&world.link_with(json!({ "connector": "slack", "after": "return" })).await).await;
    browser.arrives("Connect Slack to Acme Notes").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Connections").await;
    browser.reads("Slack is connected").await;
    assert_eq!(browser.presses, 2);
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn a_link_for_sam_asks_whether_jane_may_go() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;

    let sam = json!({ "user": { "id": "sam", "name": "Sam Lee", "email": "sam@acme.test" } });
    let link = world.link_with(sam).await;
    browser.goto(&link).await;
    browser.arrives("Switch accounts?").await;
    browser.press("Stay with Jane Doe").await;
    browser.arrives("Choose an app").await;
    assert_eq!(browser.texts(".who").await, ["Jane Doe"]);

    browser.goto(&link).await;
    browser.press("Switch to Sam Lee").await;
    browser.arrives("Choose an app").await;
    assert_eq!(browser.texts(".who").await, ["Sam Lee"]);
    browser.has_nothing_to_complain_of().await;
}
