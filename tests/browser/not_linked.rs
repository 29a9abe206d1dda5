//! Ends without a link, and what comes after them.

use crate::{browser::Browser, world::World};

#[tokio::test]
async fn cancelled_and_tried_again() {
    let world = World::on_three_sites().await;
    let mut browser = world.opened_by_jane().await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Cancel").await;
    browser.arrives("Slack is not connected").await;
    browser.reads("Nothing was changed.").await;

    browser.press("Try again").await;
    browser.arrives("Connect Slack to Acme Notes").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Slack is connected").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn another_person_finishes_what_jane_began() {
    let world = World::on_three_sites().await;
    let mut jane = Browser::open().await;
    jane.goto(&world.host_page()).await;
    jane.press("Connect your apps").await;
    jane.press_app("Slack").await;
    jane.continue_to("Slack").await;
    let authorization_url = jane.authorization_url("slack").await;

    let mut victim = Browser::open().await;
    victim.goto(&authorization_url).await;
    victim.press("Allow").await;
    victim.arrives("This connection was not kept").await;
    victim.reads("If someone sent you the link, do not use it.").await;
    let page = victim.texts("body").await.join(" ");
    assert!(!page.contains("Jane"), "the page names nobody: {page}");

    // Allowing it herself afterwards makes nothing better.
    jane.press("Allow").await;
    jane.arrives("Slack is not connected").await;
    jane.reads("It was finished in another browser").await;
    jane.goto(&world.page("/connectors")).await;
    jane.arrives("Choose an app").await;
    assert!(!jane.texts("h2").await.contains(&"Connected".to_owned()));
    assert_eq!(world.connected("jane").await, [""; 0]);
    victim.has_nothing_to_complain_of().await;
    jane.has_nothing_to_complain_of().await;
}
