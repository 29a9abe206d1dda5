//! The end of a session on a page: the warning before it, more time, and the page after it.

use std::time::Duration;

use gangway::config::Settings;
use serde_json::json;

use crate::{browser::Browser, world::World};

const MINUTE: Duration = Duration::from_secs(60);
/// The warning comes five minutes before the end: after so long a person sees it.
const WARNED_SOON: Duration = Duration::from_secs(5 * 60 + 4);

async fn with(change: impl FnOnce(&mut Settings)) -> World {
    World::with("connect.localhost", "acme.localhost", change).await
}

/// At a form, with something typed in.
async fn types_a_key(browser: &mut Browser, world: &World) {
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.press_app("Trello").await;
    browser.fill("API key", "0123456789abcdef").await;
}

/// What the warning shows, line by line; nothing while there is none.
async fn warning(browser: &Browser) -> Vec<String> {
    let lines = "return [...document.querySelectorAll('.closing > *')].filter((one) => one.checkVisibility())
        .map((one) => one.innerText)";
    serde_json::from_value(browser.run(lines).await).unwrap()
}

#[tokio::test]
async fn extension_keeps_what_was_typed() {
    let world = with(|settings| settings.session.idle = WARNED_SOON).await;
    let mut browser = Browser::open().await;
    types_a_key(&mut browser, &world).await;
    assert_eq!(warning(&browser).await, [""; 0], "not yet");
    browser.reads("Your time on this page ends at").await;
    let [says, press] = &warning(&browser).await[..] else { panic!("{:?}", warning(&browser).await) };
    assert!(says.starts_with("Your time on this page ends at "), "{says}");
    assert_eq!(press, "Give me more time");
    browser.press("Give me more time").await;
    browser.reads("You have more time now: until").await;
    assert_eq!(warning(&browser).await, [""; 0]);
    let typed = "return document.querySelector('main input[type=password]').value";
    assert_eq!(browser.run(typed).await, "0123456789abcdef");
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn refused_extension_is_said_and_the_warning_stays() {
    let world = with(|settings| settings.session.idle = WARNED_SOON).await;
    let mut browser = Browser::open().await;
    types_a_key(&mut browser, &world).await;
    browser.reads("Your time on this page ends at").await;
    browser.run("document.querySelector('.closing [name=form_token]').value = 'of-another-page'").await;
    browser.press("Give me more time").await;
    browser.reads("That did not work.").await;
    assert_eq!(warning(&browser).await.len(), 2);
}

#[tokio::test]
async fn absolute_end_is_announced_and_leads_back() {
    let mut browser = Browser::open().await;
    let world = with(|settings| settings.session.absolute = WARNED_SOON).await;
    types_a_key(&mut browser, &world).await;
    browser.reads("Your time on this page ends at").await;
    let [_, last] = &warning(&browser).await[..] else { panic!("{:?}", warning(&browser).await) };
    assert_eq!(last, "This page cannot stay open any longer than that. Please finish before then.");

    let world = with(|settings| settings.session.idle = Duration::from_secs(3)).await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Your time on this page has ended").await;
    assert_eq!(browser.press_primary().await, "Back to Acme Notes");
    browser.arrives("Connections").await;

    // Without scripts nothing can come up later, so it is said from the beginning.
    let world = with(|settings| settings.session.idle = 30 * MINUTE).await;
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    browser.goto(&world.link().await).await;
    browser.press_app("Trello").await;
    browser.arrives("Connect Trello to Acme Notes").await;
    let said = browser.texts("noscript").await;
    assert!(said.concat().starts_with("Your time on this page ends at") && said.concat().contains("(UTC)"), "{said:?}");
    browser.has_nothing_to_complain_of().await;
}
