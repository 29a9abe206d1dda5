//! What an attempt brings after its end.

use serde_json::Value;

use crate::app::TestApp;

#[tokio::test]
async fn what_a_link_brings_after_its_attempt_was_given_up_is_never_shown_as_connected() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let link = jane.link("slack", &[]).await.location().to_owned();
    let state = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    // Jane comes back with nothing, and says that she cancelled. Her link is still good at Slack.
    app.sandbox.switch_on(gangway::sandbox::Fault::DenialBare);
    let page = jane.get(&format!("/attempts/{state}")).await;
    jane.submit(&page, &format!("/attempts/{state}/answer"), &[("answer", "canceled")]).await;
    jane.get(&format!("/attempts/{state}")).await;
    assert_eq!(app.attempt(&state).await["reason"], "canceled");
    // Somebody else opens it and allows it.
    app.sandbox.approve(&link).unwrap();
    assert_eq!(app.connections("jane").await, Vec::<Value>::new());
    assert!(!jane.get("/connectors").await.text().contains("Jane's Slack"));
    // What the host links by itself later is not taken for it.
    app.clock.pass(time::Duration::minutes(70));
    app.sandbox.shift_clock(time::Duration::minutes(70));
    let user = app.sandbox.users().into_iter().find(|user| user.username == "gangway-jane").unwrap();
    app.sandbox.add_credential(&user.user_id, "slack").unwrap();
    assert_eq!(app.connections("jane").await.len(), 1);
}
