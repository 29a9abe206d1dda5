//! Problem pages: unknown page, outdated link or form, expired session, missing cookies, rate limit. Each leads on, or back
//! to the host.

use gangway::config::Rate;
use serde_json::json;
use time::Duration;

use crate::{browser::Browser, world::World};

/// The first button of this page leads back to the host.
async fn leads_back(browser: &mut Browser) {
    assert_eq!(browser.press_primary().await, "Back to Acme Notes");
    browser.arrives("Connections").await;
}

#[tokio::test]
async fn unknown_page_old_form_and_expired_session_lead_on() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;
    for (path, heading) in [("/nowhere", "We cannot find this page"), ("/session/end", "We could not read this")] {
        browser.goto(&world.page(path)).await;
        browser.arrives(heading).await;
        assert_eq!(browser.press_primary().await, "Choose an app");
        browser.arrives("Choose an app").await;
    }
    browser.press_app("Slack").await;
    browser.arrives("Connect Slack to Acme Notes").await;

    // In another tab she presses the host's button once more: the form in the first one belongs to the visit before.
    let first = browser.window().await;
    browser.opens_a_tab().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;
    browser.goes_to(&first).await;
    assert_eq!(browser.press_primary().await, "Continue to Slack");
    browser.arrives("This page has expired").await;
    browser.reads("Nothing was changed.").await;
    leads_back(&mut browser).await;

    browser.press("Connect your apps").await;
    browser.press_app("Slack").await;
    browser.arrives("Connect Slack to Acme Notes").await;
    world.clock.pass(Duration::minutes(31));
    assert_eq!(browser.press_primary().await, "Continue to Slack");
    browser.arrives("Your time on this page has ended").await;
    browser.reads("What you connected before is safe.").await;
    leads_back(&mut browser).await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn outdated_links_lead_to_the_host() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::open().await;
    let (used, unused) = (world.link().await, world.link().await);
    browser.goto(&used).await;
    browser.press_app("Slack").await;
    browser.arrives("Connect Slack to Acme Notes").await;
    browser.devtools("Network.clearBrowserCookies", json!({})).await;
    world.clock.pass(Duration::minutes(11));
    for link in [used, unused] {
        browser.goto(&link).await;
        browser.arrives("This link no longer works").await;
        leads_back(&mut browser).await;
    }
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn browser_without_cookies_gets_an_explanation() {
    let world = World::on_three_sites().await;
    let mut browser = Browser::without_cookies().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Your browser did not keep our cookie").await;
    browser.reads("Allow cookies for this site, or use another browser.").await;
    leads_back(&mut browser).await;
    browser.goto(&world.link().await).await;
    browser.press_app("Slack").await;
    browser.arrives("Your browser did not keep our cookie").await;
    leads_back(&mut browser).await;
}

#[tokio::test]
async fn rate_limited_visitor_retries_after_a_while() {
    let seconds = std::time::Duration::from_secs;
    let world = World::with("connect.localhost", "acme.localhost", |settings| {
        settings.limits.per_session = Rate { requests: 2, per: seconds(8) };
    })
    .await;
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;
    while browser.texts("h1").await != ["Too many tries in a short time"] {
        browser.goto(&world.page("/connectors/slack")).await;
    }
    browser.reads("What you connected before is safe.").await;
    while browser.texts("h1").await != ["Connect Slack to Acme Notes"] {
        assert_eq!(browser.press_primary().await, "Try again");
    }
    browser.has_nothing_to_complain_of().await;
}
