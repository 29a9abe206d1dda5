//! A key of several lines is pasted: its line ends arrive, and it cannot be read on the screen.

use gangway::sandbox::Route;
use serde_json::Value;

use crate::{browser::Browser, engine::Engine, foreign_site::ForeignSite, world::World};

const FIELD: &str = "main .line :is(input, textarea)";

const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY-----";

/// Copies a text where it is shown, in a page of another site.
async fn copies(browser: &Browser, site: &ForeignSite, text: &str) {
    browser.goto(&site.shows("/key", &format!("<textarea rows=8 cols=60>{text}</textarea>"))).await;
    browser.is_titled("loaded").await;
    browser.presses_control("textarea", 'a').await;
    browser.presses_control("textarea", 'c').await;
}

/// The key's characters, as the style has them: discs, or the text itself. Pictures of one page differ a little in WebKit.
async fn characters(browser: &Browser) -> Value {
    browser.run(&format!("return getComputedStyle(document.querySelector('{FIELD}')).webkitTextSecurity")).await
}

async fn keeps_its_lines_and_is_hidden(engine: Engine) {
    let world = World::on_three_sites().await;
    let site = ForeignSite::open().await;
    let mut browser = Browser::with(engine).await;
    browser.goto(&world.host_page()).await;
    browser.goto(&world.link().await).await;
    browser.press_app("Shippo").await;
    browser.arrives("Connect Shippo to Acme Notes").await;
    let form = browser.url().await;

    // A field of one line loses the line ends, and the page asks for the key again.
    copies(&browser, &site, KEY).await;
    browser.goto(form.as_str()).await;
    browser.presses_control(FIELD, 'v').await;
    assert!(!browser.value(FIELD).await.contains('\n'), "{engine:?}");
    browser.press("Save key").await;
    browser.reads("has several lines, and they were lost").await;
    browser.gets_the_focus(".summary").await;
    browser.presses_control(FIELD, 'v').await;
    assert_eq!(browser.value(FIELD).await, KEY, "{engine:?}");
    assert_eq!(characters(&browser).await, "disc", "{engine:?}");
    browser.ticks("Show API key").await;
    assert_eq!(characters(&browser).await, "none", "{engine:?}: they are shown on demand");

    browser.press("Save key").await;
    browser.arrives("Shippo is connected").await;
    let calls = world.sandbox.calls();
    let stored = calls.iter().rfind(|call| call.route == Some(Route::CreateCredential)).unwrap();
    assert_eq!(stored.json()["data"]["token"], KEY, "{engine:?}");
}

#[tokio::test]
async fn pasted_key_keeps_its_lines_and_is_hidden_in_chromium() {
    keeps_its_lines_and_is_hidden(Engine::Chromium).await;
}

#[tokio::test]
async fn pasted_key_keeps_its_lines_and_is_hidden_in_firefox() {
    keeps_its_lines_and_is_hidden(Engine::Firefox).await;
}

#[tokio::test]
async fn pasted_key_keeps_its_lines_and_is_hidden_in_webkit() {
    keeps_its_lines_and_is_hidden(Engine::WebKit).await;
}
