//! The first time: from the host's button to "Slack is connected", and back.

use fantoccini::key::Key;
use gangway::cli::demo::{Demo, Ports};

use crate::{browser::Browser, world::World};

/// Presses the host's button and what comes after it, until Slack is connected; gives the presses after that button.
async fn connect_slack(browser: &mut Browser) -> u32 {
    browser.press("Connect your apps").await;
    let before = browser.presses;
    browser.press_app("Slack").await;
    browser.arrives("Connect Slack to Acme Notes").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Slack is connected").await;
    browser.reads("Acme Notes can now use Jane's Slack.").await;
    browser.presses - before
}

#[tokio::test]
async fn a_stranger_tries_the_demo() {
    let ports = Ports { gangway: 0, admin: 0, sandbox: 0, acme: 0 };
    let demo = Demo::build(ports).await.unwrap();
    let host_page = format!("{}/connections", demo.acme_url());
    tokio::spawn(demo.run_until(std::future::pending()));
    let mut browser = Browser::open().await;

    browser.goto(&host_page).await;
    browser.reads("Nothing is connected yet.").await;
    browser.press("Connect Slack").await;
    browser.allows_in_the_window("Slack").await;
    browser.reads("Slack is connected").await;
    assert_eq!(browser.presses, 3, "the host's button and two");
    assert_eq!(browser.texts(".connected strong").await, ["Slack"]);

    // Six that the product made, and two events of which Gangway told it while the window was open.
    browser.press("Behind the scenes 8 calls").await;
    let calls = browser.texts(".call pre").await.join("\n");
    assert!(calls.contains("curl") && calls.contains("/api/v1/users/jane/connections"), "{calls}");
    let paths = browser.texts(".call .path").await;
    assert_eq!(paths.iter().filter(|path| *path == "/webhooks").count(), 2, "{paths:?}");
    assert!(calls.contains("$GANGWAY_API_KEY"), "the key is named, not shown: {calls}");
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn product_gangway_and_provider_are_different_sites() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;

    browser.goto(&world.host_page()).await;
    assert_eq!(connect_slack(&mut browser).await, 3, "presses after the host's button");
    browser.press("Connect another app").await;
    browser.arrives("Choose an app").await;
    browser.press("Back to Acme Notes").await;
    browser.arrives("Connections").await;
    assert_eq!(browser.texts(".connected strong").await, ["Slack"]);

    // One app, named by the host, in a window: no choice, and the page stays.
    browser.press("Connect Notion").await;
    browser.allows_in_the_window("Notion").await;
    browser.reads("Notion is connected").await;
    assert_eq!(world.connected("jane").await, ["slack", "notion"]);
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn without_scripts_everything_works_too() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::without_scripts().await;

    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Opening your apps…").await;
    browser.press("Continue").await;
    browser.arrives("Choose an app").await;
    browser.fill("Find an app", "team chat").await;
    browser.press("Find").await;
    browser.reads("Apps that match “team chat”").await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Slack is connected").await;
    browser.press("Back to Acme Notes").await;
    browser.arrives("Connections").await;
    assert_eq!(browser.texts(".connected strong").await, ["Slack"]);
    browser.has_nothing_to_complain_of().await;
}

/// Presses Tab until what has the focus has that name.
async fn tab_to(browser: &Browser, name: &str) {
    let mut seen = Vec::new();
    for _ in 0..20 {
        browser.key(Key::Tab).await;
        let focused = browser.focused().await;
        if focused == name {
            return;
        }
        seen.push(focused);
    }
    panic!("{name} cannot be reached: {seen:?}");
}

#[tokio::test]
async fn a_keyboard_is_enough() {
    let world = World::on_three_sites().await;
    let browser = Browser::open().await;

    browser.goto(&world.host_page()).await;
    tab_to(&browser, "Connect your apps").await;
    browser.key(Key::Enter).await;
    browser.arrives("Choose an app").await;
    tab_to(&browser, "Find an app").await;
    browser.types("slack").await;
    browser.reads("1 found").await;
    tab_to(&browser, "Slack").await;
    browser.key(Key::Enter).await;
    browser.arrives("Connect Slack to Acme Notes").await;
    tab_to(&browser, "Continue to Slack").await;
    browser.key(Key::Enter).await;
    browser.arrives("Alloy wants to use your Slack").await;
    tab_to(&browser, "Allow").await;
    browser.key(Key::Enter).await;
    browser.arrives("Slack is connected").await;
    tab_to(&browser, "Back to Acme Notes").await;
    browser.key(Key::Enter).await;
    browser.arrives("Connections").await;
    browser.has_nothing_to_complain_of().await;
}
