//! The browser is back before the list shows anything.

use gangway::sandbox::Fault;
use time::Duration;

use crate::{browser::Browser, world::World};

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
    browser.reads("You cancelled at Slack. Nothing was changed.").await;
    assert_eq!(browser.press_primary().await, "Try again");
    browser.connects("Slack").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn refusal_in_the_fragment_is_read_and_leaves_the_address() {
    let world = World::on_three_sites().await;
    world.sandbox.switch_on(Fault::DenialFragment);
    let mut browser = world.opened_by_jane().await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Cancel").await;
    browser.arrives("Slack is not connected").await;
    browser.reads("You cancelled at Slack, or Slack did not allow it. Nothing was changed.").await;
    assert_eq!(browser.url().await.fragment(), None);
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn who_needs_an_administrator_gets_words_for_them_and_goes_back_to_the_host() {
    let world = World::on_three_sites().await;
    world.sandbox.switch_on(Fault::AdminApproval);
    world.sandbox.switch_on(Fault::DenialBare);
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Waiting for an administrator").await;
    browser.back().await;
    browser.press("Cancel").await;
    browser.arrives("Checking with Slack…").await;
    world.clock.pass(Duration::seconds(15));
    browser.press("It asked for an administrator").await;
    browser.arrives("Your Slack administrator needs to approve this").await;
    browser.press("Copy message").await;
    browser.reads("Copied").await;
    let words = "Please approve the app Alloy in our Slack, so that I can use it with Acme Notes.";
    assert_eq!(browser.clipboard().await, words);

    assert_eq!(browser.press_primary().await, "Back to Acme Notes");
    browser.arrives("Connections").await;
    browser.reads("An administrator has to approve it first.").await;
    world.sandbox.switch_all_off();
    browser.press("Connect Slack").await;
    browser.allows_in_the_window("Slack").await;
    browser.reads("Slack is connected").await;
    browser.has_nothing_to_complain_of().await;
}
