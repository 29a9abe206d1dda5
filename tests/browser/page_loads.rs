//! Number of page loads on the way.

use gangway::sandbox::Fault;

use crate::{browser::Browser, world::World};

#[tokio::test]
async fn return_shows_the_final_page_only() {
    let mut browser = Browser::open().await;
    for (seconds, by_link) in [(1, true), (2, false)] {
        let world = World::on_three_sites().await;
        world.sandbox.switch_on(Fault::ListLag.with(seconds));
        browser.goto(&world.host_page()).await;
        if by_link {
            browser.goto(&world.link().await).await;
        } else {
            browser.press("Connect your apps").await;
        }
        browser.press_app("Slack").await;
        browser.continue_to("Slack").await;
        browser.documents().await;
        browser.press("Allow").await;
        browser.arrives("Slack is connected").await;
        let documents = browser.documents().await;
        assert_eq!(documents, [browser.url().await.to_string()], "the list was {seconds} s late");
        assert!(documents[0].starts_with(&world.page("/attempts/")), "{documents:?}");
    }
    browser.has_nothing_to_complain_of().await;
}
