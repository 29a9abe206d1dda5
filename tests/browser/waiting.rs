//! The browser is back before the list shows anything.

use gangway::sandbox::Fault;
use time::Duration;

use crate::world::World;

#[tokio::test]
async fn the_page_finds_out_by_itself() {
    let world = World::on_three_sites().await;
    world.sandbox.switch_on(Fault::ListLag.with(5));
    let mut browser = world.opened_by_jane().await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Checking with Slack…").await;
    browser.arrives("Slack is connected").await;
    assert_eq!(browser.presses, 3, "nobody had to press anything");
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn a_return_that_says_nothing_is_asked_about() {
    let world = World::on_three_sites().await;
    world.sandbox.switch_on(Fault::DenialBare);
    let mut browser = world.opened_by_jane().await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Cancel").await;
    browser.arrives("Checking with Slack…").await;
    world.clock.pass(Duration::seconds(15));
    browser.arrives("Slack has not confirmed yet").await;
    browser.press("I cancelled").await;
    browser.arrives("Slack is not connected").await;
    browser.has_nothing_to_complain_of().await;
}
