//! The page of a host with its own look for the apps: connect, reconnect and disconnect, in a window and without script.

use std::time::Instant;

use gangway::config::{Settings, VerifyCompletion};
use serde_json::json;

use crate::{
    axe,
    browser::{Browser, PATIENCE},
    foreign_site::ForeignSite,
    world::{HOST_KEY, World},
};

/// The host's server reports that the app refuses the only connection of Jane's.
async fn refuse(world: &World) {
    let id = world.connections("jane").await.remove(0)["credential_id"].as_str().unwrap().to_owned();
    let address = format!("{}/api/v1/users/jane/connections/{id}/refused", world.api);
    let request = reqwest::Client::new().post(address).bearer_auth(HOST_KEY).json(&json!({}));
    request.send().await.unwrap().error_for_status().unwrap();
}

/// What the page says of what is connected.
async fn connected(browser: &Browser) -> Vec<String> {
    browser.texts(".connected .what").await
}

async fn axe_objects_to_nothing(browser: &Browser) {
    for scheme in ["light", "dark"] {
        let violations = axe::says(browser, scheme).await.violations;
        assert!(violations.is_empty(), "{violations:#?}");
    }
}

#[tokio::test]
async fn app_is_connected_reconnected_and_disconnected_in_windows() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.reads("Nothing is connected yet.").await;
    let pictures = "const all = [...document.querySelectorAll('.apps img')];
        all.forEach((image) => image.loading = 'eager');
        await Promise.all(all.map((image) => image.decode()));
        return all.length > 10 && all.every((image) => image.naturalWidth > 0)";
    assert_eq!(browser.run(pictures).await, json!(true));

    browser.run("window.kept = 'a note that is being written'").await;
    browser.press("Connect Slack").await;
    let page = browser.goes_to_the_popup().await;
    browser.arrives("Connect Slack to Acme Notes").await;
    browser.goes_to(&page).await;
    assert_eq!(browser.run("return window.kept").await, json!("a note that is being written"), "the page stays");
    browser.allows_in_the_window("Slack").await;
    browser.reads("Slack is connected").await;
    assert_eq!(connected(&browser).await, ["Slack\nConnected as Acme HQ"]);
    assert_eq!(browser.focused().await, "Slack is connected");
    axe_objects_to_nothing(&browser).await;

    refuse(&world).await;
    browser.goto(&world.host_page()).await;
    browser.reads("Needs attention").await;
    axe_objects_to_nothing(&browser).await;
    browser.press("Reconnect Slack as Acme HQ").await;
    browser.goes_to_the_popup().await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    // It says that it is the same account, and stays for the question about the earlier connection.
    browser.press("Close this window").await;
    browser.is_alone_again().await;
    browser.reads("Slack is connected").await;
    assert_eq!(connected(&browser).await, ["Slack\nConnected as Acme HQ"], "the refused one is gone");
    assert!(browser.texts(".attention").await.is_empty());

    browser.press("Disconnect Acme HQ from Slack").await;
    axe_objects_to_nothing(&browser).await;
    assert_eq!(world.connected("jane").await, ["slack"], "it is asked first");
    browser.press("Yes, disconnect Slack").await;
    browser.reads("Slack is disconnected").await;
    browser.reads("Nothing is connected yet.").await;
    assert!(world.connected("jane").await.is_empty());
    browser.has_nothing_to_complain_of().await;
}

/// The page waits for the window, whose user may try again.
#[tokio::test]
async fn second_try_in_the_same_window_counts() {
    let (world, mut browser) = opened(|_| ()).await;
    let told =
        "window.told = []; document.addEventListener('gangway-outcome', ({ detail }) => told.push(detail.outcome))";
    for (answer, says) in [("Cancel", "Slack was not connected"), ("Allow", "Slack is connected")] {
        browser.goto(&world.host_page()).await;
        browser.run(told).await;
        browser.press("Connect Slack").await;
        let page = browser.goes_to_the_popup().await;
        browser.continue_to("Slack").await;
        browser.press("Cancel").await;
        browser.arrives("Slack is not connected").await;
        let popup = browser.window().await;
        browser.goes_to(&page).await;
        let began = Instant::now();
        while browser.run("return told?.[0]").await != "ended" {
            assert!(began.elapsed() < PATIENCE, "the page is not told");
        }
        browser.goes_to(&popup).await;
        if answer == "Allow" {
            browser.press("Try again").await;
            browser.continue_to("Slack").await;
            browser.press(answer).await;
        } else {
            browser.press("Close this window").await;
        }
        browser.is_alone_again().await;
        browser.reads(says).await;
    }
    assert_eq!(connected(&browser).await, ["Slack\nConnected as Acme HQ"]);
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn same_page_works_without_script() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::without_scripts().await;
    browser.goto(&world.host_page()).await;
    for (button, times) in [("Connect Slack", 0), ("Reconnect Slack as Acme HQ", 1)] {
        if times > 0 {
            refuse(&world).await;
            browser.goto(&world.host_page()).await;
            browser.reads("Needs attention").await;
        }
        browser.press(button).await;
        browser.arrives("Opening your apps…").await;
        browser.press("Continue").await;
        browser.continue_to("Slack").await;
        browser.press("Allow").await;
        browser.arrives("Connections").await;
        browser.reads("Slack is connected").await;
        assert_eq!(connected(&browser).await, ["Slack\nConnected as Acme HQ"]);
    }
    browser.press("Disconnect Acme HQ from Slack").await;
    browser.press("Yes, disconnect Slack").await;
    browser.reads("Slack is disconnected").await;
    assert!(world.connected("jane").await.is_empty());
    browser.has_nothing_to_complain_of().await;
}

/// A world with other settings, and a browser at the host's page.
async fn opened(change: impl FnOnce(&mut Settings)) -> (World, Browser) {
    let world = World::with("connect.localhost", "acme.localhost", change).await;
    let browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    (world, browser)
}

#[tokio::test]
async fn host_confirms_in_the_window_who_came_back() {
    let (world, mut browser) = opened(|settings| settings.host.verify_completion = VerifyCompletion::Always).await;
    browser.press("Connect Slack").await;
    browser.allows_in_the_window("Slack").await;
    browser.reads("Slack is connected").await;
    assert_eq!(world.connected("jane").await, ["slack"]);
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn refusal_is_told_in_plain_words_in_the_tab() {
    // The page itself needs two calls.
    let (world, mut browser) = opened(|settings| settings.limits.per_key.requests = 2).await;
    browser.press("Connect Slack").await;
    browser.arrives("Apps cannot be connected right now").await;
    browser.reads("Our connection service refused to begin.").await;
    browser.is_alone_again().await;
    assert!(world.sandbox.user("gangway-jane").is_none(), "nothing was begun");
}

#[tokio::test]
async fn finger_goes_on_in_the_same_tab() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.is_touched().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.arrives("Connections").await;
    browser.reads("Slack is connected").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn other_origins_can_load_pictures_of_apps_and_nothing_else() {
    let world = World::on_three_sites().await;
    let host = ForeignSite::open().await;
    let browser = Browser::open().await;
    let page = reqwest::get(format!("{}/nowhere", world.api)).await.unwrap().text().await.unwrap();
    let file = |end: &str| page.split('"').find(|part| part.starts_with('/') && part.ends_with(end)).unwrap();
    let (icon, logo) = (world.page("/icons/slack"), world.page("/brand/logo"));
    let (style, script) = (world.page(file(".css")), world.page(file(".js")));
    let failed = "onerror='failed.push(this.tagName)'";
    let all = format!(
        "<script>window.failed = []</script><img src='{icon}' alt='' {failed}><img src='{logo}' {failed}>
         <link rel='stylesheet' href='{style}' {failed}><script src='{script}' {failed}></script>"
    );
    let address = host.shows("/apps", &all);
    for policy in ["unsafe-none", "require-corp"] {
        host.says("cross-origin-embedder-policy", policy);
        browser.goto(&address).await;
        browser.is_titled("loaded").await;
        assert_eq!(browser.run("return failed.sort()").await, json!(["IMG", "LINK", "SCRIPT"]), "{policy}");
        assert_eq!(browser.run("return document.images[0].naturalWidth > 0").await, json!(true), "{policy}");
    }
}
