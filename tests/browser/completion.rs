//! What was begun by a link is finished in another browser: the host knows who is signed in there.

use time::Duration;

use crate::{browser::Browser, world::World};

/// Jane has opened her link and is at Slack; with the address that somebody would pass on.
async fn at_slack(world: &World) -> (Browser, String) {
    let mut jane = world.opened_by_jane().await;
    jane.press_app("Slack").await;
    jane.continue_to("Slack").await;
    let passed_on = jane.authorization_url("slack").await;
    (jane, passed_on)
}

/// No code is left where somebody could read it later.
async fn shows_no_code(browser: &Browser) {
    let url = browser.url().await;
    assert!(!url.as_str().contains("gangway_completion"), "{url}");
}

#[tokio::test]
async fn jane_finishes_it_on_her_phone() {
    let world = World::on_three_sites().await;
    let (jane, passed_on) = at_slack(&world).await;
    let mut phone = Browser::open().await;
    phone.goto(&passed_on).await;
    phone.press("Allow").await;
    phone.arrives("Sign in to finish connecting").await;
    assert_eq!(world.connected("jane").await, [""; 0], "nobody has said who it was yet");
    phone.press("Sign in as Jane Doe").await;
    phone.arrives("Connections").await;
    phone.reads("Slack is connected").await;
    shows_no_code(&phone).await;
    assert_eq!(world.connected("jane").await, ["slack"]);
    jane.goto(&world.page("/connectors/slack")).await;
    jane.arrives("Slack is connected").await;
    phone.has_nothing_to_complain_of().await;
    jane.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn another_user_of_the_host_finishes_what_jane_began() {
    let world = World::on_three_sites().await;
    let (mut jane, passed_on) = at_slack(&world).await;
    let mut sam = Browser::open().await;
    sam.goto(&world.host_page()).await;
    sam.press("JD Jane Doe").await;
    sam.press("Switch to Sam Lee").await;
    sam.arrives("Connections").await;
    sam.goto(&passed_on).await;
    sam.press("Allow").await;
    sam.arrives("Connections").await;
    sam.reads("Nothing was connected to this account").await;
    sam.reads("If someone sent you the link, don't use it.").await;
    shows_no_code(&sam).await;

    // Allowing it herself afterwards makes nothing better.
    jane.press("Allow").await;
    jane.arrives("Slack is not connected").await;
    for user in ["jane", "sam"] {
        assert_eq!(world.connected(user).await, [""; 0], "{user}");
    }
    // What is made within seconds of it could be Sam's too.
    world.time_passes(Duration::seconds(10));
    assert_eq!(jane.press_primary().await, "Try again");
    jane.connects("Slack").await;
    sam.has_nothing_to_complain_of().await;
    jane.has_nothing_to_complain_of().await;
}
