//! In which language people read, and how they change it.

use serde_json::json;

use crate::{browser::Browser, world::World};

/// The page's language, as it says itself.
async fn spoken(browser: &Browser) -> String {
    browser.run("return document.documentElement.lang").await.as_str().unwrap().to_owned()
}

/// Words of the main part in Latin letters that are no names, and none of the host's own.
async fn foreign_words(browser: &Browser) -> Vec<String> {
    let words = "const main = document.querySelector('main').cloneNode(true);
        main.querySelectorAll('bdi, .reference').forEach((one) => one.remove());
        const said = [...main.querySelectorAll('[placeholder], [aria-label]')]
            .map((one) => `${one.placeholder ?? ''} ${one.ariaLabel ?? ''}`);
        return [main.textContent, ...said].join(' ').match(/[A-Za-z]{2,}/g) ?? []";
    serde_json::from_value(browser.run(words).await).unwrap()
}

#[tokio::test]
async fn the_switch_at_the_foot_counts_for_this_page_and_all_later_ones() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.goto(&world.link().await).await;
    browser.arrives("Connect your apps to Acme Notes").await;
    assert!(foreign_words(&browser).await.contains(&"Which".to_owned()), "they are seen where there are some");
    browser.press("Language: English").await;
    browser.press("Deutsch").await;
    browser.arrives("Ihre Apps mit Acme Notes verbinden").await;
    // The link was not used up by that.
    browser.press_app("Slack").await;
    browser.arrives("Slack mit Acme Notes verbinden").await;
    assert_eq!(spoken(&browser).await, "de");

    browser.goto(&world.page("/connectors?q=slack")).await;
    browser.arrives("App auswählen").await;
    browser.press("Sprache: Deutsch").await;
    browser.press("Español").await;
    browser.arrives("Elegir una aplicación").await;
    assert_eq!(browser.run("return document.querySelector('input[name=q]').value").await, "slack");
    assert_eq!(browser.texts("main .row b").await, ["Slack"]);
    browser.goto(&world.page("/nowhere")).await;
    browser.arrives("No encontramos esta página").await;
    assert_eq!(spoken(&browser).await, "es");
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn the_host_names_a_language_and_else_the_browser_does() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.asks_for("de-CH,de,en").await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("App auswählen").await;
    browser.goto(&world.page("/nowhere")).await;
    browser.arrives("Wir können diese Seite nicht finden").await;

    browser.goto(&world.link_with(json!({ "locale": "ar" })).await).await;
    browser.press_app("Slack").await;
    browser.reads("Alloy").await;
    assert_eq!(spoken(&browser).await, "ar");
    let sides = "const left = (one) => document.querySelector(one).getBoundingClientRect().left;
        return [getComputedStyle(document.body).direction, left('.who') < left('.top .host')]";
    assert_eq!(browser.run(sides).await, json!(["rtl", true]), "the host's name stands where reading begins");
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn the_whole_way_is_japanese() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.asks_for("ja").await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    let mut headings = Vec::new();
    for page in ["choose", "connect", "linked"] {
        match page {
            "choose" => browser.reads("Team chat and channels").await,
            "connect" => browser.press_app("Slack").await,
            _ => {
                browser.press_primary().await;
                browser.press("Allow").await;
                browser.reads("Slack が接続").await;
            }
        }
        assert_eq!(spoken(&browser).await, "ja", "{page}");
        assert_eq!(foreign_words(&browser).await, [""; 0], "{page}");
        headings.extend(browser.texts("h1").await);
    }
    assert_eq!(headings.len(), 3, "{headings:?}");
    browser.press_primary().await;
    browser.arrives("Connections").await;
    browser.has_nothing_to_complain_of().await;
}
