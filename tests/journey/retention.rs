//! Months pass: what is over goes by itself, and nobody's connections change by that.

use time::Duration;

use crate::{app::TestApp, provider::redirect_uri};

/// The ids of what Jane has connected.
async fn connected(app: &TestApp) -> Vec<String> {
    let connections = app.connections("jane").await;
    connections.iter().map(|connection| connection["credential_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_is_over_goes_and_what_is_connected_stays_connected() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    // She cancels, and the link is used all the same: what comes of it is deleted at the deadline.
    let given_up = jane.leave_for("notion").await;
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&given_up))).await;
    app.sandbox.approve(&given_up).unwrap();
    let before = connected(&app).await;
    assert_eq!((before.len(), app.held("jane").len()), (1, 2));
    let over = app.last_attempt("jane", "notion").await["id"].as_str().unwrap().to_owned();
    let linked = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();

    app.pass_everywhere(Duration::hours(2));
    app.until("the deletion", async || app.held("jane").len() == 1).await;
    app.until("its event", async || app.events("jane").await.last().is_some_and(|last| last == "connection.removed"))
        .await;
    assert_eq!(connected(&app).await, before);

    app.pass_everywhere(Duration::days(91));
    // It is looked for at the start, and every minute.
    let app = app.restart().await;
    let gone = async || app.api("GET", &format!("/link-attempts/{over}"), None).await.0 == 404;
    app.until("the end of what is old", gone).await;
    assert_eq!(connected(&app).await, before);
    assert_eq!(app.attempt(&linked).await["state"], "linked");
    assert_eq!(app.events("jane").await, Vec::<String>::new());
    let user = app.sandbox.user("gangway-jane").unwrap();
    let external = app.sandbox.add_credential(&user.user_id, "notion").unwrap();
    assert_eq!(connected(&app).await, [before[0].clone(), external]);
    assert!(app.metrics().await.contains("gangway_purged_total{kind=\"attempts\"} 1"));
    let mut jane = app.arrived().await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "hubspot").await.heading(), "HubSpot is connected");
}
