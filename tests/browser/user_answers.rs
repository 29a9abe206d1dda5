//! A bare return, and the user's answer to the question what they saw. Without scripts the page does nothing by itself.

use gangway::sandbox::Fault;
use time::Duration;

use crate::{browser::Browser, world::World};

/// Jane has pressed the host's button, and has come back from Slack: the page does not know more than that.
async fn comes_back(world: &World, press: &str) -> Browser {
    let mut browser = Browser::without_scripts().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.press("Continue").await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press(press).await;
    browser.arrives("Checking with Slack…").await;
    browser
}

/// After a while the page asks.
async fn is_asked(world: &World, browser: &mut Browser) {
    world.clock.pass(Duration::seconds(15));
    assert_eq!(browser.press_primary().await, "Check again");
    browser.arrives("Slack has not confirmed yet").await;
    browser.reads("What happened at Slack?").await;
}

#[tokio::test]
async fn answer_allowed_links_as_soon_as_listed() {
    let world = World::on_three_sites().await;
    world.sandbox.switch_on(Fault::ListLag.with(600));
    let mut browser = comes_back(&world, "Allow").await;
    is_asked(&world, &mut browser).await;
    assert_eq!(browser.press_primary().await, "I allowed it: keep checking");
    browser.arrives("Checking with Slack…").await;
    world.sandbox.switch_all_off();
    assert_eq!(browser.press_primary().await, "Check again");
    browser.arrives("Slack is connected").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn answer_error_offers_a_new_attempt() {
    let world = World::on_three_sites().await;
    world.sandbox.switch_on(Fault::DenialBare);
    let mut browser = comes_back(&world, "Cancel").await;
    is_asked(&world, &mut browser).await;
    browser.press("I saw an error").await;
    browser.arrives("Slack could not be confirmed").await;
    browser.reads("the connection did not appear here").await;
    assert_eq!(browser.press_primary().await, "Try again");
    browser.connects("Slack").await;
    browser.has_nothing_to_complain_of().await;
}
