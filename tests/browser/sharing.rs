//! What a connection is for: Acme Notes shares a note to the Slack that the user connected, and so does the assistant.

use crate::{browser::Browser, world::World};

/// From the page of Gangway that a deep link opens to the consent.
async fn allow(browser: &mut Browser) {
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
}

#[tokio::test]
async fn note_is_shared_and_again_after_removed_access() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.goto(&world.acme).await;
    browser.press("Share to Slack").await;
    allow(&mut browser).await;
    browser.arrives("Jane Doe's notes").await;
    browser.reads("Slack is connected").await;
    browser.press("Share “Spring release, last steps”").await;
    browser.reads("“Spring release, last steps” is in #general at Acme HQ.").await;
    browser.has_nothing_to_complain_of().await;

    browser.press("Open in Slack").await;
    browser.arrives("#general").await;
    browser.reads("Jane's Slack at Acme HQ").await;
    browser.reads("Read the release notes aloud once").await;
    browser.press("Installed apps").await;
    browser.press("Remove access of Jane's Slack").await;
    browser.reads("Access removed").await;
    browser.has_nothing_to_complain_of().await;

    browser.goto(&world.acme).await;
    browser.press("Share to Slack").await;
    browser.reads("Slack needs attention").await;
    assert_eq!(world.sandbox.messages().len(), 1);
    browser.goto(&world.host_page()).await;
    browser.reads("Needs attention").await;
    browser.goto(&world.acme).await;
    browser.press("Reconnect Slack").await;
    allow(&mut browser).await;
    browser.arrives("Jane Doe's notes").await;
    browser.reads("Shared to Slack").await;
    assert_eq!(world.sandbox.messages().len(), 2);
    assert_eq!(world.connected("jane").await, ["slack"], "the refused connection is gone");
    browser.has_nothing_to_complain_of().await;
}

/// The assistant asks for Slack in the conversation, and posts after the link.
async fn assistant_posts(mut browser: Browser, scripts: bool) {
    let world = World::on_three_sites().await;
    browser.goto(&world.acme).await;
    browser.press("Ask the assistant to post it").await;
    browser.reads("I need your Slack for that.").await;
    browser.press("Connect Slack").await;
    browser.arrives("Connect Slack for the assistant").await;
    browser.has_nothing_to_complain_of().await;
    browser.press("Continue").await;
    if !scripts {
        browser.arrives("Opening your apps…").await;
        browser.press("Continue").await;
    }
    allow(&mut browser).await;
    browser.arrives("Jane Doe's notes").await;
    browser.reads("Done: “Spring release, last steps” is in #general at Acme HQ.").await;
    let [message] = &world.sandbox.messages()[..] else { panic!("one message") };
    assert_eq!((message.author.as_str(), message.account.as_str()), ("Jane Doe", "Jane's Slack"));
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn assistant_posts_after_the_link() {
    assistant_posts(Browser::open().await, true).await;
}

#[tokio::test]
async fn assistant_posts_without_scripts() {
    assistant_posts(Browser::without_scripts().await, false).await;
}

#[tokio::test]
async fn another_person_opens_the_assistants_link() {
    let world = World::on_three_sites().await;
    let mut jane = Browser::open().await;
    jane.goto(&world.acme).await;
    jane.press("Ask the assistant to post it").await;
    jane.reads("I need your Slack for that.").await;
    let link = jane.run("return document.querySelector('.chat a').href").await;
    let mut sam = Browser::open().await;
    sam.goto(link.as_str().unwrap()).await;
    sam.press("Sign in as Sam Lee").await;
    sam.arrives("This request is another account's").await;
    jane.goto(&world.acme).await;
    jane.reads("Another account opened the link, so nothing was connected.").await;
    assert!(world.connected("sam").await.is_empty() && world.connected("jane").await.is_empty());
}
