//! The good end: what is linked, for whom, and what next.

use gangway::sandbox::{Fault, Route};
use serde_json::json;
use time::Duration;

use crate::{
    app::{RETURN_URL, TestApp},
    provider::{press, redirect_uri},
};

#[tokio::test]
async fn allowed_app_is_connected() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = press(&app.sandbox, &leaving, "Allow").await.unwrap();
    assert_eq!(back, redirect_uri(&leaving));
    let page = browser.come_back(&back).await;
    assert_eq!(page.heading(), "Slack is connected");
    assert!(page.text().contains("Acme Notes can now use Jane's Slack"), "{}", page.text());
    assert_eq!(page.all("a.primary"), ["Back to Acme Notes"]);
    assert!(page.all("a.button").contains(&"Connect another app".to_owned()));

    let attempt = app.last_attempt("jane", "slack").await;
    let steps: Vec<&str> =
        attempt["timeline"].as_array().unwrap().iter().map(|step| step["event"].as_str().unwrap()).collect();
    assert_eq!(steps, ["began", "sent", "returned", "ended"]);
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);
}

#[tokio::test]
async fn only_the_list_is_evidence() {
    let app = TestApp::spawn().await;
    for (fault, connector) in [(Fault::ReturnOauth, "slack"), (Fault::ReturnVendor, "notion")] {
        app.sandbox.switch_on(fault);
        let mut browser = app.arrived().await;
        let linked = browser.link_and_allow(&app.sandbox, connector).await;
        assert!(linked.heading().ends_with("is connected"), "{}", linked.text());
        app.sandbox.switch_all_off();
    }
    // A return that only claims it links nothing.
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("hubspot").await;
    let theirs = app.sandbox.add_user("somebody-else", None);
    let foreign = app.sandbox.add_credential(&theirs, "hubspot").unwrap();
    let claimed = format!("{}?success=true&credentialId={foreign}", redirect_uri(&leaving));
    browser.navigate(&claimed, "cross-site").await;
    assert_eq!(app.last_attempt("jane", "hubspot").await["state"], "pending");
}

#[tokio::test]
async fn lagging_list_is_awaited() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::ListLag.with(1).on(Route::ListUserCredentials));
    let mut browser = app.arrived().await;
    // No waiting page: the answer is held instead.
    assert_eq!(browser.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
}

#[tokio::test]
async fn after_return_goes_straight_back_to_the_host_with_the_result() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived_with(json!({ "after": "return", "return_url": RETURN_URL })).await;
    let page = browser.link_and_allow(&app.sandbox, "slack").await;
    let id = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    assert_eq!(page.status, 303);
    assert_eq!(page.location(), format!("{RETURN_URL}?gangway_attempt_id={id}&gangway_state=linked"));
}

#[tokio::test]
async fn existing_credential_is_no_evidence() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    app.sandbox.add_credential(&jane, "slack").unwrap();
    let leaving = browser.leave_for("slack").await;
    browser.navigate(&redirect_uri(&leaving), "cross-site").await;
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "pending");
    let connections = app.connections("jane").await;
    assert_eq!((connections.len(), &connections[0]["origin"]), (1, &json!("external")));
}

#[tokio::test]
async fn open_attempt_is_not_connected() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(app.connections("jane").await.len(), 0);
    assert!(!browser.get("/connectors").await.text().contains("Jane's Slack"));
    browser.come_back(&back).await;
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn reconnecting_keeps_the_earlier_connection() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    let manage = browser.get("/connectors/slack").await;
    let again = manage.attributes(".accounts a", "href").remove(0);
    let page = browser.get(&again).await;
    assert_eq!(page.heading(), "Connect Slack to Acme Notes again");
    let leaving = browser.submit(&page, "/connectors/slack/link", &[]).await;
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    let done = browser.come_back(&back).await;
    assert!(done.text().contains("The earlier connection Jane's Slack is still there."), "{}", done.text());
    let connections = app.connections("jane").await;
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((connections.len(), &attempt["replaces"]), (2, &connections[0]["credential_id"]));
    assert_eq!((&attempt["credential_id"], &attempt["reason"]), (&connections[1]["credential_id"], &json!("new")));
    assert_eq!(app.events("jane").await[2..], ["connection.replaced", "link_attempt.ended"]);
}

#[tokio::test]
async fn renewed_connection_is_linked_again() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    app.sandbox.switch_on(Fault::ReconnectRenews);
    app.sandbox.shift_clock(Duration::minutes(5));
    let again = browser.get("/connectors/slack").await.attributes(".accounts a", "href").remove(0);
    let page = browser.get(&again).await;
    let leaving = browser.submit(&page, "/connectors/slack/link", &[]).await;
    app.sandbox.shift_clock(Duration::seconds(3));
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected again");
    assert_eq!(app.last_attempt("jane", "slack").await["reason"], "renewed");
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn the_host_asks_for_a_connection_to_be_made_anew_and_the_page_says_so() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let known = app.connections("jane").await.remove(0);
    let asked = json!({ "connector": "slack", "reconnect": known["credential_id"] });
    let mut browser = app.arrived_with(asked).await;
    let page = browser.get(&format!("/connectors/slack?replaces={}", known["credential_id"].as_str().unwrap())).await;
    assert_eq!(page.heading(), "Connect Slack to Acme Notes again");
    assert!(page.text().contains("Acme Notes asks you to connect Jane's Slack again."), "{}", page.text());
    // Who does it without being asked reads something else.
    let own = app
        .arrived()
        .await
        .get(&format!("/connectors/slack?replaces={}", known["credential_id"].as_str().unwrap()))
        .await;
    assert!(own.text().contains("This renews Jane's Slack."), "{}", own.text());
}
