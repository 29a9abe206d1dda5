//! One way through all the main pages, for those who look at each.

use gangway::sandbox::Fault;
use serde_json::json;
use time::Duration;

use crate::{browser::Browser, world::World};

/// Goes from page to page by pressing; at each one `look` gets its name.
pub(crate) async fn through_all_pages(
    world: &World,
    browser: &mut Browser,
    mut look: impl AsyncFnMut(&'static str, &Browser),
) {
    browser.goto(&world.host_page()).await;
    look("host-connections", browser).await;
    browser.press("Send a link instead").await;
    browser.arrives("Your link is ready").await;
    look("host-link", browser).await;
    browser.goto(&world.acme).await;
    look("host-notes", browser).await;

    let link = world.link().await;
    browser.goto(&link).await;
    look("start", browser).await;
    browser.press_app("Slack").await;
    browser.arrives("Connect Slack to Acme Notes").await;
    look("connect", browser).await;
    browser.press("Cancel").await;
    browser.arrives("Choose an app").await;
    look("choose", browser).await;

    browser.press_app("Shopify").await;
    browser.press("Continue to Shopify").await;
    browser.reads("Please check what you entered").await;
    look("form-with-mistake", browser).await;
    browser.goto(&world.page("/connectors/trello")).await;
    browser.arrives("Connect Trello to Acme Notes").await;
    look("key-form", browser).await;
    browser.fill("API key", "0123456789abcdef0123456789abcdef").await;
    browser.fill("Access key", "fedcba9876543210fedcba9876543210").await;
    browser.press("Save key").await;
    browser.arrives("Trello is connected").await;
    look("key-works", browser).await;
    browser.goto(&world.page("/connectors/shipStation")).await;
    browser.fill("API key", "0123456789abcdef0123456789abcdef").await;
    browser.fill("API secret", "fedcba9876543210fedcba9876543210").await;
    browser.press("Save key").await;
    browser.arrives("ShipStation key saved").await;
    look("key-saved", browser).await;

    browser.goto(&world.page("/connectors/slack")).await;
    browser.continue_to("Slack").await;
    look("provider", browser).await;
    browser.press("Allow").await;
    browser.arrives("Slack is connected").await;
    look("linked", browser).await;
    browser.press("Connect another app").await;
    browser.arrives("Choose an app").await;
    look("choose-connected", browser).await;
    browser.press_app("Slack").await;
    browser.arrives("Slack is connected").await;
    look("manage", browser).await;
    browser.press("Disconnect Jane's Slack").await;
    browser.arrives("Disconnect Slack?").await;
    look("disconnect", browser).await;
    browser.press("Disconnect").await;
    browser.arrives("Slack is disconnected").await;
    look("disconnected", browser).await;
    browser.goto(&world.host_page()).await;
    let drawer = browser.texts(".drawer > summary").await.remove(0);
    browser.press(&drawer).await;
    look("host-behind-the-scenes", browser).await;

    browser.goto(&world.page("/connectors/notion")).await;
    browser.continue_to("Notion").await;
    browser.press("Cancel").await;
    browser.arrives("Notion is not connected").await;
    look("cancelled", browser).await;

    world.sandbox.switch_on(Fault::DenialBare);
    browser.goto(&world.page("/connectors/hubspot")).await;
    browser.continue_to("HubSpot").await;
    browser.press("Cancel").await;
    browser.arrives("Checking with HubSpot…").await;
    look("checking", browser).await;
    world.clock.pass(Duration::seconds(15));
    browser.arrives("HubSpot has not confirmed yet").await;
    look("asking", browser).await;
    browser.press("It asked for an administrator").await;
    browser.arrives("Your HubSpot administrator needs to approve this").await;
    look("administrator", browser).await;

    let sam = json!({ "user": { "id": "sam", "name": "Sam Lee", "email": "sam@acme.test" } });
    browser.goto(&world.link_with(sam).await).await;
    browser.arrives("Switch accounts?").await;
    look("switch", browser).await;

    browser.goto(&world.page("/nowhere")).await;
    look("problem", browser).await;

    // A browser that has forgotten who began is another browser.
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;
    browser.goto(&world.page("/connectors/salesforce")).await;
    browser.continue_to("Salesforce").await;
    browser.devtools("Network.clearBrowserCookies", json!({})).await;
    browser.press("Allow").await;
    browser.arrives("This connection was not kept").await;
    look("other-browser", browser).await;
    browser.goto(&link).await;
    browser.arrives("This link no longer works").await;
    look("link-used", browser).await;
    browser.goto(&world.link().await).await;
    browser.press_app("Notion").await;
    browser.continue_to("Notion").await;
    browser.press("Allow").await;
    browser.arrives("Sign in to finish connecting").await;
    look("host-sign-in", browser).await;
}
