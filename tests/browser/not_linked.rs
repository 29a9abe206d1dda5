//! Somebody else finishes what Jane began: nobody gets it, and both read what to do.

use time::Duration;

use crate::{browser::Browser, world::World};

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
    assert_eq!(world.connected("jane").await, [""; 0]);
    assert_eq!(victim.press_primary().await, "Back to Acme Notes");
    victim.arrives("Connections").await;
    // What is made within seconds of it could be the other person's too.
    world.time_passes(Duration::seconds(10));
    assert_eq!(jane.press_primary().await, "Try again");
    jane.connects("Slack").await;
    assert_eq!(world.connected("jane").await, ["slack"]);

    // Whoever says no to such a link leaves nothing behind that could be removed.
    jane.press("Connect another app").await;
    jane.press_app("Notion").await;
    jane.continue_to("Notion").await;
    victim.goto(&jane.authorization_url("notion").await).await;
    victim.press("Cancel").await;
    victim.arrives("This connection could not be confirmed").await;
    assert_eq!(victim.press_primary().await, "Back to Acme Notes");
    victim.arrives("Connections").await;
    victim.has_nothing_to_complain_of().await;
    jane.has_nothing_to_complain_of().await;
}
