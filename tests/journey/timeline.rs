//! The steps of an attempt, each with whoever caused it.

use gangway::{config::VerifyCompletion, domain::connection::CredentialId};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{RETURN_URL, TestApp},
    provider::redirect_uri,
};

/// The steps of an attempt: what happened, and by whom.
fn told(attempt: &Value) -> Vec<(String, String)> {
    let text = |step: &Value, name: &str| step[name].as_str().unwrap_or("nobody knows").to_owned();
    attempt["timeline"].as_array().unwrap().iter().map(|step| (text(step, "event"), text(step, "actor"))).collect()
}

fn steps(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(event, actor)| ((*event).to_owned(), (*actor).to_owned())).collect()
}

#[tokio::test]
async fn page_steps_name_the_user() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let attempt = app.last_attempt("jane", "slack").await;
    let own = [("began", "user"), ("sent", "user"), ("returned", "user"), ("ended", "user")];
    assert_eq!(told(&attempt), steps(&own));
}

#[tokio::test]
async fn background_steps_name_the_reconciler() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    jane.navigate(&back, "cross-site").await;
    app.clock.pass(Duration::seconds(11));
    app.until("the link", async || app.events("jane").await.len() == 2).await;
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(told(&attempt).last(), steps(&[("ended", "reconciler")]).last());
}

#[tokio::test]
async fn api_steps_name_the_host() {
    let app = TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Always).await;
    let mut jane = app.arrived().await;
    let page = jane.link_and_allow(&app.sandbox, "slack").await;
    let back = url::Url::parse(page.location()).unwrap();
    assert!(back.as_str().starts_with(RETURN_URL));
    let code = back.query_pairs().find(|(name, _)| name == "gangway_completion").unwrap().1.into_owned();
    let body = json!({ "completion": code, "user_id": "jane" });
    let (status, attempt) = app.api("POST", "/link-attempts/complete", Some(body)).await;
    assert_eq!(status, 200, "{attempt}");
    assert_eq!(told(&attempt)[3..], steps(&[("confirmed", "user"), ("completed", "host"), ("ended", "host")]));

    // An attempt that nobody comes back for ends when the host's server is the first to look after its deadline.
    jane.leave_for("notion").await;
    app.pass_everywhere(Duration::minutes(66));
    let attempt = app.last_attempt("jane", "notion").await;
    let last = told(&attempt).pop().unwrap();
    assert!(last.0 == "ended" && ["host", "reconciler"].contains(&last.1.as_str()), "{last:?}");
}

#[tokio::test]
async fn revocations_name_gangway() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let given_away = jane.leave_for("slack").await;
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&given_away))).await;
    let own = jane.leave_for("slack").await;
    // A stranger allows what Jane gave away, and Jane is quicker than his browser.
    let back = app.sandbox.approve(&given_away).unwrap().unwrap();
    assert_eq!(jane.come_back(&redirect_uri(&own)).await.heading(), "Slack is connected");
    app.browser().navigate(&back, "cross-site").await;
    let attempt = app.last_attempt("jane", "slack").await;
    let ends: Vec<_> = told(&attempt).into_iter().filter(|(event, _)| event == "ended").collect();
    assert_eq!(ends, steps(&[("ended", "user"), ("ended", "gangway")]));
}

#[tokio::test]
async fn steps_of_earlier_releases_have_no_actor() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    app.in_the_database("update link_attempt set timeline = replace(timeline, ' user', '')").await;
    let attempt = app.last_attempt("jane", "slack").await;
    assert!(told(&attempt).iter().all(|(_, actor)| actor == "nobody knows"), "{attempt}");
    let credential = CredentialId::parse(attempt["credential_id"].as_str().unwrap()).unwrap();
    let page = jane.get(&format!("/connections/{credential}/disconnect")).await;
    jane.submit(&page, &format!("/connections/{credential}/disconnect"), &[]).await;
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(told(&attempt).last(), steps(&[("removed", "user")]).last());
}
