//! Double-clickjacking: the second click of a double click reaches a page of ours, because the window that took the first
//! one closed.

use std::time::{Duration, Instant};

use fantoccini::key::Key;
use gangway::sandbox::Route;
use serde_json::json;

use crate::{browser::Browser, engine::Engine, foreign_site::ForeignSite, gallery, world::World};

/// How long a page takes no pointer press.
const GUARDED: Duration = Duration::from_millis(700);

/// The middle of what fits.
async fn place(browser: &Browser, selector: &str) -> (f64, f64) {
    let middle = format!(
        "const box = document.querySelector(\"{selector}\").getBoundingClientRect();
         return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]"
    );
    serde_json::from_value(browser.run(&middle).await).unwrap()
}

/// Whether the click that was made just now left the browser where it was: on a busy machine it may come too late.
async fn ignored(browser: &Browser, url: &str, began: Instant) -> bool {
    let in_time = began.elapsed() < GUARDED;
    // A press that counts leads on at once; and from then on the page takes presses.
    tokio::time::sleep(GUARDED).await;
    let ignored = browser.url().await.as_str() == url;
    assert!(ignored || !in_time, "the click had an effect: {}", browser.url().await);
    ignored
}

/// An attacker's page whose click opens a pop-up. That sends its opener to the link, and closes when it is pressed.
fn attack(attacker: &ForeignSite, link: &str) -> String {
    let popup = attacker.shows(
        "/popup",
        &format!(
            "<p>Double-click here</p><script>opener.location = '{link}'; addEventListener('mousedown', () => close())</script>"
        ),
    );
    attacker.shows("/attack", &format!("<script>addEventListener('click', () => open('{popup}', 'popup'))</script>"))
}

#[tokio::test]
async fn second_click_of_an_attackers_double_click_does_nothing() {
    for engine in Engine::ALL {
        let world = World::of_siblings(|_| ()).await;
        let attacker = ForeignSite::open().await;
        let link = || world.link_with(json!({ "user": { "id": "mallory" }, "connector": "slack" }));
        let victim = Browser::with(engine).await;
        // The attacker knows where the button is.
        victim.goto(&link().await).await;
        let button = place(&victim, "main .primary").await;
        loop {
            let link = link().await;
            victim.goto(&attack(&attacker, &link)).await;
            victim.clicks(button).await;
            let opener = victim.goes_to_the_popup().await;
            victim.is_titled("loaded").await;
            // The page behind it was loaded long ago.
            tokio::time::sleep(2 * GUARDED).await;
            let first = Instant::now();
            victim.presses_down(button).await;
            victim.goes_to(&opener).await;
            // Drivers reach a page that is not yet in front; a mouse does not.
            let in_front = "return document.hasFocus() && document.visibilityState === 'visible'";
            while victim.run(in_front).await != true {}
            victim.clicks(button).await;
            if ignored(&victim, &link, first).await {
                break;
            }
        }
        victim.clicks(button).await;
        victim.arrives("Alloy wants to use your Slack").await;
    }
}

#[tokio::test]
async fn click_just_after_loading_does_nothing() {
    for engine in Engine::ALL {
        let world = World::of_siblings(|_| ()).await;
        let browser = Browser::with(engine).await;
        for (more, button, next) in [
            (json!({}), "main button.row", "Next, "),
            (json!({ "connector": "slack" }), "main .primary", "Alloy wants to use your Slack"),
        ] {
            loop {
                let link = world.link_with(more.clone()).await;
                let began = Instant::now();
                browser.goto(&link).await;
                let button = place(&browser, button).await;
                browser.clicks(button).await;
                if ignored(&browser, &link, began).await {
                    browser.clicks(button).await;
                    break;
                }
            }
            browser.reads(next).await;
        }
    }
}

#[tokio::test]
async fn keyboard_works_at_once() {
    for engine in Engine::ALL {
        let world = World::of_siblings(|_| ()).await;
        let browser = Browser::with(engine).await;
        browser.goto(&world.link_with(json!({ "connector": "slack" })).await).await;
        browser.run(HOLD).await;
        for _ in 0..9 {
            browser.key(Key::Tab).await;
            if browser.focused().await == "Continue to Slack" {
                break;
            }
        }
        assert_eq!(browser.focused().await, "Continue to Slack", "{engine:?}");
        assert_eq!(world.sandbox.count(Route::CreateCredential), 0, "{engine:?}");
        browser.key(Key::Enter).await;
        browser.arrives("Alloy wants to use your Slack").await;
    }
}

/// Keeps the page as it is just after loading.
const HOLD: &str = "document.querySelectorAll('main, .closing').forEach((part) => part.animate({ pointerEvents: ['none', 'none'] }, 60000));";

/// What takes a press just after loading and should not, and what takes none and should.
async fn objections(browser: &Browser) -> Vec<String> {
    let mut all = Vec::new();
    for (feature, value) in [("prefers-color-scheme", "dark"), ("forced-colors", "active")] {
        browser.prefers(feature, value).await;
        let objections = format!(
            "{HOLD}
            const name = (one) => one.localName + ' ' + one.innerText;
            const all = (selector) => [...document.querySelectorAll(selector)];
            const takes = (one) => getComputedStyle(one).pointerEvents !== 'none';
            return [
                ...all('main, .closing').filter((one) => getComputedStyle(one).animationName !== 'guard').map((one) => `no guard: ${{name(one)}}`),
                ...all('main :is(a, button), form button').filter(takes).map((one) => `takes a press: ${{name(one)}}`),
                ...all('main :is(label, input, select, textarea)').filter((one) => !takes(one)).map((one) => `takes none: ${{name(one)}}`),
            ]"
        );
        let found = browser.run(&objections).await;
        all.extend(found.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()));
    }
    browser.prefers_nothing().await;
    all
}

#[tokio::test]
async fn every_page_is_guarded() {
    let wrong = [
        ("no guard: main", "<p>Connect</p>"),
        ("takes a press: button", "<button style='pointer-events:auto'>Connect</button>"),
        ("takes a press: a", "<a href=/ style='pointer-events:auto'>Connect</a>"),
        ("takes none: input", "<input aria-label=Key>"),
    ];
    gallery::hold("en", objections, &wrong).await;
}
