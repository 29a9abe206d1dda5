//! Refused, then allowed: a later bound return with evidence links, and a foreign one does not.

use gangway::{
    config::{VerifyCompletion, WithoutReturn},
    sandbox::{Fault, Route},
};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::TestApp,
    browser::Browser,
    provider::{press, redirect_uri},
};

async fn denied(app: &TestApp, jane: &mut Browser) -> String {
    let leaving = jane.leave_for("slack").await;
    let back = press(&app.sandbox, &leaving, "Cancel").await.unwrap();
    let page = jane.come_back(&back).await;
    assert_eq!(page.heading(), "Slack is not connected");
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "denied");
    leaving
}

fn outcome(attempt: &Value) -> (&str, &str) {
    (attempt["state"].as_str().unwrap(), attempt["reason"].as_str().unwrap())
}

#[tokio::test]
async fn denied_then_allowed_is_linked() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = denied(&app, &mut jane).await;
    // Back at the provider's page she allows it.
    let back = press(&app.sandbox, &leaving, "Allow").await.unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(outcome(&attempt), ("linked", "new"));
    assert_eq!(app.events("jane").await, ["link_attempt.ended", "connection.linked", "link_attempt.ended"]);
    let steps: Vec<&str> =
        attempt["timeline"].as_array().unwrap().iter().map(|step| step["event"].as_str().unwrap()).collect();
    assert_eq!(steps, ["began", "sent", "returned", "ended", "returned", "ended"]);
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn late_list_links_what_was_denied_before() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = denied(&app, &mut jane).await;
    app.sandbox.switch_on(Fault::ListLag.with(60));
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let returned = jane.navigate(&back, "cross-site").await;
    let page = jane.get(returned.location()).await;
    assert_eq!(page.heading(), "Checking with Slack…");
    app.clock.pass(Duration::seconds(16));
    let page = jane.get(returned.location()).await;
    assert_eq!(page.heading(), "Slack could not be confirmed");
    assert!(!page.text().contains("Nothing was changed"), "{}", page.text());
    app.sandbox.shift_clock(Duration::seconds(60));
    app.clock.pass(Duration::seconds(44));
    // Without any browser.
    app.until("the link", async || app.last_attempt("jane", "slack").await["state"] == "linked").await;
    assert_eq!(jane.get(returned.location()).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn every_kind_of_refusal_gives_way() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    for (query, answer) in [
        ("error=access_denied&error_description=AADSTS90094", ""),
        ("setup_action=request", ""),
        ("", "canceled"),
        ("", "administrator"),
        ("", "error"),
        ("error=server_error", "error"),
    ] {
        let leaving = jane.leave_for("slack").await;
        let returned = jane.navigate(&format!("{}?{query}", redirect_uri(&leaving)), "cross-site").await;
        if !answer.is_empty() {
            app.clock.pass(Duration::seconds(15));
            let asking = jane.get(returned.location()).await;
            let action = asking.attributes("form", "action").remove(0);
            jane.submit(&asking, &action, &[("answer", answer)]).await;
        }
        let attempt = app.last_attempt("jane", "slack").await;
        assert!(["denied", "failed"].contains(&attempt["state"].as_str().unwrap()), "{query} {answer}: {attempt}");
        let back = app.sandbox.approve(&leaving).unwrap().unwrap();
        // Even with a word that says no.
        let page = jane.come_back(&format!("{back}?error=access_denied")).await;
        assert_eq!(page.heading(), "Slack is connected", "{query} {answer}");
        app.pass_everywhere(Duration::seconds(90));
    }
}

#[tokio::test]
async fn denied_twice_stays_denied() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = denied(&app, &mut jane).await;
    let back = press(&app.sandbox, &leaving, "Cancel").await.unwrap();
    let page = jane.come_back(&back).await;
    assert_eq!(page.heading(), "Slack is not connected");
    assert_eq!(app.events("jane").await, ["link_attempt.ended"]);
}

#[tokio::test]
async fn foreign_return_to_a_denied_attempt_links_nothing() {
    let app = TestApp::spawn().await;
    for own_return in ["none", "before", "after"] {
        let mut jane = app.arrived().await;
        let leaving = denied(&app, &mut jane).await;
        if own_return == "before" {
            jane.come_back(&redirect_uri(&leaving)).await;
        }
        let back = app.sandbox.approve(&leaving).unwrap().unwrap();
        let victim = app.browser().navigate(&back, "cross-site").await;
        assert_eq!(victim.status, 403, "{own_return}");
        if own_return == "after" {
            jane.come_back(&back).await;
        }
        app.until("the deletion", async || app.held("jane").is_empty()).await;
        let attempt = app.last_attempt("jane", "slack").await;
        assert_eq!(outcome(&attempt), ("unverified", "foreign_return"), "{own_return}");
        let page = jane.get(&format!("/attempts/{}", attempt["id"].as_str().unwrap())).await;
        assert!(page.text().contains("It was finished in another browser"), "{own_return}: {}", page.text());
        assert_eq!(app.connections("jane").await, Vec::<Value>::new());
        app.pass_everywhere(Duration::seconds(90));
    }
}

#[tokio::test]
async fn foreign_return_revokes_what_a_later_return_linked() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = denied(&app, &mut jane).await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    app.browser().navigate(&back, "cross-site").await;
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(outcome(&attempt), ("unverified", "foreign_return"));
    app.until("the deletion", async || app.held("jane").is_empty()).await;
}

#[tokio::test]
async fn later_return_after_the_deadline_links_nothing() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = denied(&app, &mut jane).await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.clock.pass(Duration::minutes(66));
    let mut jane = app.arrived().await;
    jane.navigate(&back, "cross-site").await;
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    assert_eq!(outcome(&app.last_attempt("jane", "slack").await), ("unverified", "no_return"));
    assert_eq!(app.connections("jane").await, Vec::<Value>::new());
}

#[tokio::test]
async fn denied_then_allowed_without_a_return_is_deleted_at_the_deadline() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = denied(&app, &mut jane).await;
    // She goes back, allows, and closes the tab.
    app.sandbox.approve(&leaving).unwrap().unwrap();
    app.clock.pass(Duration::minutes(64));
    assert_eq!((app.held("jane").len(), app.connections("jane").await.len()), (1, 0));
    app.clock.pass(Duration::minutes(2));
    app.until("the deletion", async || app.events("jane").await.len() == 4).await;
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((outcome(&attempt), app.held("jane").len()), (("unverified", "no_return"), 0));
    let told = ["link_attempt.ended", "connection.unverified", "link_attempt.ended", "connection.removed"];
    assert_eq!(app.events("jane").await, told);
    let page = app.arrived().await.get(&format!("/attempts/{}", attempt["id"].as_str().unwrap())).await;
    assert_eq!(page.heading(), "This connection was not kept");
    for words in ["Access was allowed at Slack later", "It was not used, and it has been deleted."] {
        assert!(page.text().contains(words), "{}", page.text());
    }
}

#[tokio::test]
async fn failed_then_allowed_without_a_return_follows_the_setting() {
    for (setting, held) in [(WithoutReturn::Report, 1), (WithoutReturn::Delete, 0)] {
        let app = TestApp::spawn_with(|settings| settings.link.without_return = setting).await;
        let mut jane = app.arrived().await;
        let leaving = jane.leave_for("slack").await;
        let returned = jane.navigate(&redirect_uri(&leaving), "cross-site").await;
        app.clock.pass(Duration::seconds(15));
        let asking = jane.get(returned.location()).await;
        let action = asking.attributes("form", "action").remove(0);
        jane.submit(&asking, &action, &[("answer", "error")]).await;
        assert_eq!(app.last_attempt("jane", "slack").await["state"], "failed");
        app.sandbox.approve(&leaving).unwrap().unwrap();
        app.clock.pass(Duration::minutes(66));
        app.until("the end", async || app.last_attempt("jane", "slack").await["state"] == "unverified").await;
        app.until("the rest", async || app.held("jane").len() == held).await;
        assert_eq!(app.connections("jane").await, Vec::<Value>::new());
        let heading = if held == 0 { "This connection was not kept" } else { "Slack is not connected" };
        let id = app.last_attempt("jane", "slack").await["id"].clone();
        app.until("the events", async || app.events("jane").await.len() == 4 - held).await;
        let page = app.arrived().await.get(&format!("/attempts/{}", id.as_str().unwrap())).await;
        assert_eq!(page.heading(), heading);
    }
}

#[tokio::test]
async fn credential_that_another_tab_may_bring_is_not_deleted() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    denied(&app, &mut jane).await;
    app.pass_everywhere(Duration::minutes(30));
    // She begins again, and is at the provider when the time of the first attempt is over.
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    app.pass_everywhere(Duration::minutes(33));
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.sandbox.forget_calls();
    app.clock.pass(Duration::minutes(3));
    app.until("the list", async || app.sandbox.count(Route::ListUserCredentials) > 0).await;
    let mut jane = app.arrived().await;
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    app.clock.pass(Duration::hours(3));
    app.until("another list", async || app.sandbox.count(Route::ListUserCredentials) > 2).await;
    assert_eq!((app.connections("jane").await.len(), app.held("jane").len()), (1, 1));
}

#[tokio::test]
async fn credential_of_a_second_attempt_stays_with_it() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let first = denied(&app, &mut jane).await;
    let attempt = app.last_attempt("jane", "slack").await["id"].clone();
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    // Back to the first one, without a credential.
    app.pass_everywhere(Duration::seconds(10));
    jane.come_back(&redirect_uri(&first)).await;
    assert_eq!(app.attempt(attempt.as_str().unwrap()).await["state"], "denied");
    // And with one.
    let back = app.sandbox.approve(&first).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    assert_eq!(app.attempt(attempt.as_str().unwrap()).await["state"], "linked");
    assert_eq!(app.connections("jane").await.len(), 2);
}

/// Denied and then allowed where the host confirms; gives the attempt's id and the code.
async fn to_be_confirmed(app: &TestApp) -> (Browser, String, String) {
    let mut jane = app.arrived().await;
    let leaving = denied(app, &mut jane).await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let page = jane.come_back(&back).await;
    let brought = url::Url::parse(page.location()).unwrap();
    let value = |name: &str| brought.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!(value("gangway_state"), "pending");
    (jane, value("gangway_attempt_id"), value("gangway_completion"))
}

#[tokio::test]
async fn host_confirms_what_was_denied_before() {
    let always = || TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Always);
    for (user, end) in [("jane", ("linked", "new")), ("sam", ("unverified", "completion_mismatch"))] {
        let app = always().await;
        let (mut jane, id, code) = to_be_confirmed(&app).await;
        assert_eq!(app.attempt(&id).await["state"], "denied");
        assert_eq!(app.connections("jane").await, Vec::<Value>::new());
        let body = json!({ "completion": code, "user_id": user });
        let (status, attempt) = app.api("POST", "/link-attempts/complete", Some(body)).await;
        assert_eq!((status, outcome(&attempt)), (200, end));
        let page = jane.get(&format!("/attempts/{id}")).await;
        assert_eq!(page.heading(), if user == "jane" { "Slack is connected" } else { "Slack is not connected" });
        if user == "sam" {
            app.until("the deletion", async || app.held("jane").is_empty()).await;
        }
    }
    let app = always().await;
    let (_, id, code) = to_be_confirmed(&app).await;
    app.clock.pass(Duration::minutes(66));
    app.until("the end", async || app.attempt(&id).await["reason"] == "completion_missing").await;
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    let body = json!({ "completion": code, "user_id": "jane" });
    assert_eq!(app.api("POST", "/link-attempts/complete", Some(body)).await.0, 404);
}
