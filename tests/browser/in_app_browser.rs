//! In-app browsers, where some providers refuse to sign users in: the user's own browser is offered before the press.

use crate::{browser::Browser, world::World};

const INSTAGRAM: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
                         (KHTML, like Gecko) Mobile/15E148 Instagram 334.0.0 (iPhone14,5; iOS 17_5; en_US)";
const WEBVIEW: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A; wv) AppleWebKit/537.36 \
                       (KHTML, like Gecko) Version/4.0 Chrome/125.0.0.0 Mobile Safari/537.36";

/// The link that the page offers to copy.
async fn offered(browser: &Browser) -> String {
    browser.arrives("Open this page in your browser").await;
    browser.run("return document.querySelector('main textarea').value").await.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn link_copied_from_instagram_links_in_another_browser() {
    let world = World::on_three_sites().await;
    let mut inside = Browser::open().await;
    inside.says_it_is(INSTAGRAM).await;
    let link = world.link().await;
    inside.goto(&link).await;
    inside.arrives("Connect your apps to Acme Notes").await;
    inside.reads("Some apps may refuse to sign you in inside this app.").await;
    inside.press("Open in your browser").await;
    assert_eq!(offered(&inside).await, link, "nobody has used it yet");
    inside.press("Go back").await;
    inside.press_app("Slack").await;
    inside.arrives("Connect Slack to Acme Notes").await;
    inside.reads("Slack may refuse to sign you in inside this app.").await;
    assert_eq!(inside.press_primary().await, "Open in your browser");
    let fresh = offered(&inside).await;
    assert_ne!(fresh, link);
    assert_eq!(inside.press_primary().await, "Copy link");
    inside.reads("Copied").await;
    assert_eq!(inside.clipboard().await, fresh);

    let mut outside = Browser::open().await;
    outside.goto(&fresh).await;
    outside.arrives("Connect Slack to Acme Notes").await;
    outside.reads("jane@acme.test").await;
    outside.continue_to("Slack").await;
    outside.press("Allow").await;
    // Whoever was given the link could have opened it: the host knows who is signed in there.
    outside.arrives("Sign in to finish connecting").await;
    outside.press("Sign in as Jane Doe").await;
    outside.arrives("Slack is connected").await;
    assert_eq!(world.connected("jane").await, ["slack"]);
    inside.has_nothing_to_complain_of().await;
    outside.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn android_offers_its_browser_and_can_continue() {
    let world = World::on_three_sites().await;
    let mut inside = Browser::open().await;
    inside.says_it_is(WEBVIEW).await;
    inside.is_touched().await;
    inside.goto(&world.host_page()).await;
    inside.press("Connect Slack").await;
    inside.arrives("Connect Slack to Acme Notes").await;
    assert_eq!(inside.press_primary().await, "Open in your browser");
    let link = offered(&inside).await;
    let button =
        "return [...document.querySelectorAll('main .primary')].map((one) => [one.innerText, one.href]).flat()";
    let intent = link.replacen("http:", "intent:", 1) + "#Intent;scheme=http;action=android.intent.action.VIEW;end";
    assert_eq!(inside.run(button).await, serde_json::json!(["Open in your browser", intent]));
    inside.press("Go back").await;
    inside.press("Continue here anyway").await;
    inside.press("Allow").await;
    inside.arrives("Connections").await;
    inside.reads("Slack is connected").await;
    inside.has_nothing_to_complain_of().await;
}
