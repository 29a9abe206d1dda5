//! Alloy is away while somebody opens a page: what the page says, and that its button works once Alloy is back.

use gangway::sandbox::{Fault, Route};
use time::Duration;

use crate::{browser::Browser, world::World};

const DOWN: &str = "The connection service of Acme Notes does not answer right now";

#[tokio::test]
async fn a_first_visit_is_tried_again_and_ends_linked() {
    let mut browser = Browser::open().await;
    for by_link in [true, false] {
        let world = World::on_three_sites().await;
        world.sandbox.switch_on(Fault::ServerErrors.on(Route::ListConnectors));
        browser.goto(&world.host_page()).await;
        if by_link {
            browser.goto(&world.link().await).await;
        } else {
            browser.press("Connect your apps").await;
        }
        browser.arrives(DOWN).await;
        browser.reads("It usually takes a minute or two. Then try again.").await;
        assert_eq!(browser.press_primary().await, "Try again");
        browser.arrives(DOWN).await;
        world.sandbox.switch_all_off();
        assert_eq!(browser.press_primary().await, "Try again");
        browser.press_app("Slack").await;
        browser.connects("Slack").await;
        assert_eq!(world.connected("jane").await, ["slack"]);
    }
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn the_apps_are_still_there_and_can_be_opened_once_it_is_back() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;
    world.sandbox.switch_on(Fault::ServerErrors);
    world.clock.pass(Duration::minutes(6));
    while !browser.texts("main .note").await.concat().contains("so this is an earlier list of apps.") {
        browser.goto(&world.page("/connectors")).await;
    }
    browser.reads("We cannot see right now which apps are connected. What you connected before is safe.").await;
    // How an app is signed in to is not known yet.
    browser.press_app("Slack").await;
    browser.arrives(DOWN).await;
    world.sandbox.switch_all_off();
    while browser.texts("h1").await == [DOWN] {
        assert_eq!(browser.press_primary().await, "Try again");
    }
    browser.connects("Slack").await;
    browser.has_nothing_to_complain_of().await;
}
