//! Apps that ask for something before: a shop's name, a key.

use crate::world::World;

#[tokio::test]
async fn a_mistake_is_said_at_the_field_and_a_pasted_address_works() {
    let world = World::on_three_sites().await;
    let mut browser = world.opened_by_jane().await;
    browser.press_app("Shopify").await;
    browser.arrives("Connect Shopify to Acme Notes").await;

    browser.press("Continue to Shopify").await;
    browser.reads("Please check what you entered").await;
    assert_eq!(browser.focused().await, "Please check what you entered", "the summary is read first");
    let [summary, error] = [browser.texts(".summary li").await, browser.texts(".error").await];
    assert_eq!(summary, error);
    browser.press(&summary[0]).await;
    let at_field = browser.run("return document.activeElement.getAttribute('aria-invalid')").await;
    assert_eq!(at_field, "true", "the summary leads to the field");

    browser.fill("Shop name", "https://acme.myshopify.com/admin").await;
    browser.continue_to("Shopify").await;
    browser.press("Allow").await;
    browser.arrives("Shopify is connected").await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn a_key_is_typed_unseen_and_saved() {
    let world = World::on_three_sites().await;
    let mut browser = world.opened_by_jane().await;
    browser.press_app("Trello").await;
    browser.arrives("Connect Trello to Acme Notes").await;

    browser.fill("API key", "0123456789abcdef0123456789abcdef").await;
    let kind = "return document.querySelector('main form input:not([type=hidden])').type";
    assert_eq!(browser.run(kind).await, "password");
    browser.press("Show API key").await;
    assert_eq!(browser.run(kind).await, "text");
    browser.fill("Access key", "fedcba9876543210fedcba9876543210").await;
    browser.press("Save key").await;
    // It was tried at once: whose account it is shows that it works.
    browser.arrives("Trello is connected").await;
    browser.reads("Account: Jane Doe").await;
    assert_eq!(world.connected("jane").await, ["trello"]);
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn a_key_that_does_not_work_is_entered_again() {
    let world = World::on_three_sites().await;
    let mut browser = world.opened_by_jane().await;
    browser.press_app("Shippo").await;
    browser.arrives("Connect Shippo to Acme Notes").await;
    browser.fill("API key", "shippo_revoked_1").await;
    assert_eq!(browser.press_primary().await, "Save key");
    browser.arrives("Shippo did not accept this key").await;
    browser.reads("Check it at Shippo, and enter it again.").await;
    assert_eq!(browser.press_primary().await, "Try again");
    browser.fill("API key", "shippo_live_1").await;
    assert_eq!(browser.press_primary().await, "Save key");
    browser.arrives("Shippo is connected").await;
    browser.has_nothing_to_complain_of().await;
}
