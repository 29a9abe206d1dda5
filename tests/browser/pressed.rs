//! What was pressed says that it is on its way while Alloy works, and is sent once.

use gangway::sandbox::{Fault, Route};
use serde_json::{Value, json};

use crate::{browser::Browser, engine::Engine, world::World};

/// Longer than the five seconds after which the words change.
const SLOW: Fault = Fault::Slow;

/// What the button reads, and what is read out, until the next page is there. Drivers wait for that page, so the page itself keeps
/// the record.
const RECORD: &str = "
    const seen = [];
    const look = () => {
        const text = document.querySelector(arguments[0])?.innerText.trim();
        const aloud = [...document.querySelectorAll('body > [role=status]')].map((one) => one.textContent).join();
        const now = JSON.stringify([text, aloud]);
        // The page is emptied when it is left.
        if (text && seen.at(-1) !== now) seen.push(now);
        sessionStorage.seen = JSON.stringify(seen.map(JSON.parse));
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();";

/// Three presses, none of which the driver waits for.
const PRESSES: &str =
    "for (const time of [0, 50, 300]) setTimeout(() => document.querySelector(arguments[0]).click(), time);";

async fn presses_three_times(browser: &Browser, selector: &str) {
    let with_selector = |script: &str| script.replace("arguments[0]", &json!(selector).to_string());
    browser.run(&with_selector(RECORD)).await;
    browser.run(&with_selector(PRESSES)).await;
}

/// What the button read and what was read out, one after the other.
async fn record(browser: &Browser) -> Value {
    browser.run("return JSON.parse(sessionStorage.seen)").await
}

async fn sign_in_says_that_it_opens(engine: Engine) {
    let world = World::on_one_site().await;
    let browser = Browser::with(engine).await;
    browser.goto(&world.link_with(json!({ "connector": "slack" })).await).await;
    browser.arrives("Connect Slack to Acme Notes").await;
    world.sandbox.switch_on(SLOW.with(7).on(Route::CreateCredential));
    presses_three_times(&browser, "main .primary").await;
    browser.arrives("Alloy wants to use your Slack").await;
    assert_eq!(world.sandbox.count(Route::CreateCredential), 1, "{engine:?}: one press counts");
    browser.goto(&world.page("/")).await;
    let opening = "Opening Slack…";
    let still = "Still waiting for Slack…";
    assert_eq!(
        record(&browser).await,
        json!([["Continue to Slack", ""], [opening, opening], [still, still]]),
        "{engine:?}"
    );
}

#[tokio::test]
async fn sign_in_says_that_it_opens_in_chromium() {
    sign_in_says_that_it_opens(Engine::Chromium).await;
}

#[tokio::test]
async fn sign_in_says_that_it_opens_in_firefox() {
    sign_in_says_that_it_opens(Engine::Firefox).await;
}

#[tokio::test]
async fn sign_in_says_that_it_opens_in_webkit() {
    sign_in_says_that_it_opens(Engine::WebKit).await;
}

#[tokio::test]
async fn key_says_that_it_is_checked_and_is_saved_once() {
    let world = World::on_one_site().await;
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.goto(&world.link().await).await;
    browser.press_app("Trello").await;
    browser.arrives("Connect Trello to Acme Notes").await;
    browser.fill("API key", "0123456789abcdef0123456789abcdef").await;
    browser.fill("Access key", "fedcba9876543210fedcba9876543210").await;
    world.sandbox.switch_on(SLOW.with(2).on(Route::CreateCredential));
    presses_three_times(&browser, "main .primary").await;
    browser.arrives("Trello is connected").await;
    assert_eq!(world.sandbox.count(Route::CreateCredential), 1);
    let checking = "Checking your key…";
    assert_eq!(record(&browser).await[1], json!([checking, checking]));
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn rows_show_that_they_were_pressed() {
    let world = World::on_one_site().await;
    let browser = world.opened_by_jane().await;
    world.sandbox.switch_on(SLOW.with(2));
    presses_three_times(&browser, "main button[value=asana]").await;
    browser.arrives("Connect Asana to Acme Notes").await;
    let by_button = record(&browser).await;
    world.sandbox.switch_all_off();
    browser.goto(&world.page("/connectors")).await;
    browser.arrives("Choose an app").await;
    world.sandbox.switch_on(SLOW.with(2));
    presses_three_times(&browser, "main a[href$='/notion']").await;
    browser.arrives("Connect Notion to Acme Notes").await;
    for (name, seen) in [("Asana", by_button), ("Notion", record(&browser).await)] {
        assert_eq!(seen[1][1], "One moment…", "{seen}");
        assert!(seen[1][0].as_str().unwrap().starts_with(name), "a row keeps its words: {seen}");
    }
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn what_is_corrected_after_a_stop_can_be_sent() {
    let world = World::on_one_site().await;
    let mut browser = world.opened_by_jane().await;
    browser.press_app("Trello").await;
    browser.arrives("Connect Trello to Acme Notes").await;
    browser.fill("API key", "0123456789abcdef0123456789abcdef").await;
    browser.fill("Access key", "fedcba9876543210fedcba9876543210").await;
    world.sandbox.switch_on(SLOW.with(8).on(Route::CreateCredential).times(1));
    let stops = "const button = document.querySelector('main .primary');
        button.click();
        setTimeout(() => {
            sessionStorage.waiting = button.innerText;
            stop();
            document.querySelector('main input:not([type=hidden])').dispatchEvent(new Event('input', { bubbles: true }));
            sessionStorage.stopped = button.innerText;
            button.click();
        }, 400);";
    browser.run(stops).await;
    browser.arrives("Trello is connected").await;
    let labels = browser.run("return [sessionStorage.waiting, sessionStorage.stopped]").await;
    assert_eq!(labels, json!(["Checking your key…", "Save key"]));
}
