//! The browser's back button after the host has ended the session.

use serde_json::{Value, json};

use crate::{browser::Browser, engine::Engine, world::World};

const KEY: &str = "0123456789abcdef";

/// Opens the form for Trello's key, types a key, and leaves for another page.
async fn types_a_key_and_leaves(engine: Engine, world: &World, browser: &mut Browser, more: Value) -> Value {
    let of_one_app = more["connector"] == "trello";
    let session = world.session_with(more).await;
    browser.goto(session["url"].as_str().unwrap()).await;
    if !of_one_app {
        browser.press_app("Trello").await;
    }
    browser.arrives("Connect Trello to Acme Notes").await;
    browser.fill("API key", KEY).await;
    // WebKit's driver loses the page on the way back from another site.
    let elsewhere = if engine == Engine::WebKit { world.page("/nowhere") } else { world.host_page() };
    browser.goto(&elsewhere).await;
    session
}

/// What the page holds, typed or written.
async fn content(browser: &Browser) -> String {
    let all = "return document.body.innerText + [...document.querySelectorAll('input')].map((one) => one.value).join()";
    browser.run(all).await.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn back_shows_nothing_of_an_ended_session() {
    for engine in Engine::ALL {
        let world = World::of_siblings(|_| ()).await;
        let mut browser = Browser::with(engine).await;
        for (more, heading) in [
            (json!({}), "Your time on this page has ended"),
            (json!({ "connector": "trello" }), "This link no longer works"),
        ] {
            let session = types_a_key_and_leaves(engine, &world, &mut browser, more).await;
            world.ends(&session).await;
            browser.back().await;
            let shown = content(&browser).await;
            assert!(!shown.contains(KEY) && !shown.contains("Trello"), "{engine:?}: {shown}");
            browser.arrives(heading).await;
        }
    }
}

#[tokio::test]
async fn back_in_a_live_session_leads_on() {
    for engine in Engine::ALL {
        let world = World::of_siblings(|_| ()).await;
        let mut browser = Browser::with(engine).await;
        types_a_key_and_leaves(engine, &world, &mut browser, json!({})).await;
        browser.back().await;
        browser.arrives("Connect Trello to Acme Notes").await;
    }
}
