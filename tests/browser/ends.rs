//! Every end without a link that a provider or Alloy brings about: what its page says, and where its first button leads
//! once the fault is gone.

use gangway::sandbox::{Fault, Route, Switch};
use time::Duration;

use crate::{browser::Browser, world::World};

/// Jane has pressed the host's button and sees all apps.
async fn at_the_choice(world: &World) -> Browser {
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;
    browser
}

/// From one end to the next app.
async fn next(browser: &mut Browser, app: &str) {
    browser.press("Connect another app").await;
    browser.press_app(app).await;
    browser.arrives(&format!("Connect {app} to Acme Notes")).await;
}

#[tokio::test]
async fn who_said_no_at_the_provider_or_met_an_error_there_tries_again() {
    let world = World::on_three_sites().await;
    let mut browser = at_the_choice(&world).await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Cancel").await;
    browser.arrives("Slack is not connected").await;
    browser.reads("Nothing was changed.").await;
    assert_eq!(browser.press_primary().await, "Try again");
    browser.connects("Slack").await;

    world.sandbox.switch_on(Fault::ProviderError);
    next(&mut browser, "Notion").await;
    browser.continue_to("Notion").await;
    browser.press("Allow").await;
    browser.arrives("Notion reported an error").await;
    browser.reads("We are still checking whether the connection was made.").await;
    world.sandbox.switch_all_off();
    assert_eq!(browser.press_primary().await, "Try again");
    browser.connects("Notion").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn what_alloy_refuses_at_the_start_is_tried_again() {
    let world = World::on_three_sites().await;
    let mut browser = at_the_choice(&world).await;
    let down = Fault::ServerErrors.on(Route::CreateCredential);
    let ends: [(&str, Switch, &str, &str); 3] = [
        ("Salesforce", Fault::RedirectAllowList.into(), "Salesforce is not connected", "The connection was refused."),
        ("Pipedrive", Fault::BadAuthorizationUrl.into(), "We could not open Pipedrive safely", "Nothing was changed."),
        (
            "Klaviyo",
            down,
            "The connection service of Acme Notes does not answer right now",
            "Klaviyo is not connected yet. Nothing was changed.",
        ),
    ];
    browser.press_app("ServiceNow").await;
    browser.arrives("This app is not set up yet").await;
    browser.reads("Acme Notes has to finish setting up ServiceNow.").await;
    assert_eq!(browser.press_primary().await, "Choose another app");
    browser.press_app("Asana").await;
    browser.connects("Asana").await;
    for (app, fault, heading, says) in ends {
        next(&mut browser, app).await;
        world.sandbox.switch_on(fault);
        assert_eq!(browser.press_primary().await, format!("Continue to {app}"));
        browser.arrives(heading).await;
        browser.reads(says).await;
        world.sandbox.switch_all_off();
        assert_eq!(browser.press_primary().await, "Try again");
        browser.connects(app).await;
    }
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn from_a_page_that_never_leads_back_people_come_back_by_themselves() {
    let world = World::on_three_sites().await;
    let mut browser = at_the_choice(&world).await;
    world.sandbox.switch_on(Fault::DenialNever);
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    browser.press("Cancel").await;
    browser.arrives("Not connected").await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect Slack").await;
    browser.allows_in_the_window("Slack").await;
    browser.reads("Connected as Acme HQ").await;

    world.sandbox.switch_on(Fault::AdminApproval);
    browser.press("Connect your apps").await;
    browser.press_app("Notion").await;
    browser.continue_to("Notion").await;
    browser.press("Allow").await;
    browser.arrives("Waiting for an administrator").await;
    world.sandbox.switch_all_off();
    browser.back().await;
    browser.press("Allow").await;
    browser.arrives("Notion is connected").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn who_comes_back_much_later_starts_again() {
    let hours = std::time::Duration::from_secs(8 * 3600);
    let world = World::with("connect.localhost", "acme.localhost", |settings| {
        (settings.session.idle, settings.session.absolute) = (hours, hours);
    })
    .await;
    let mut browser = at_the_choice(&world).await;
    browser.press_app("Slack").await;
    browser.continue_to("Slack").await;
    world.clock.pass(Duration::minutes(66));
    browser.press("Cancel").await;
    browser.arrives("Slack is not connected").await;
    browser.reads("You did not come back from Slack in time.").await;
    assert_eq!(browser.press_primary().await, "Try again");
    browser.connects("Slack").await;

    // Allowed in time, and nobody knows by whom.
    next(&mut browser, "Notion").await;
    browser.requests().await;
    browser.continue_to("Notion").await;
    world.sandbox.approve(&browser.authorization_url("notion").await).unwrap();
    world.clock.pass(Duration::minutes(66));
    browser.press("Cancel").await;
    browser.arrives("Notion could not be confirmed").await;
    browser.reads("We did not see you come back from Notion").await;
    assert_eq!(browser.press_primary().await, "Try again");
    browser.connects("Notion").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn cancel_of_an_earlier_attempt_leaves_the_newer_one() {
    let world = World::on_three_sites().await;
    let mut browser = at_the_choice(&world).await;
    browser.press_app("Zoho CRM").await;
    browser.choose("Region", "United States").await;
    browser.continue_to("Zoho CRM").await;
    let earlier = browser.authorization_url("zohoCRM").await;
    browser.back().await;
    browser.choose("Region", "Europe").await;
    browser.continue_to("Zoho CRM").await;

    browser.goto(&earlier).await;
    browser.press("Cancel").await;
    browser.arrives("Zoho CRM is not connected").await;
    assert_eq!(browser.press_primary().await, "Try again");
    browser.choose("Region", "Europe").await;
    browser.connects("Zoho CRM").await;
    browser.has_nothing_to_complain_of().await;
}
