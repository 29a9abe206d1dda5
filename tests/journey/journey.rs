//! The whole way, as it goes well.

use crate::{app::TestApp, browser::Browser};

#[tokio::test]
async fn jane_links_slack() {
    let app = TestApp::spawn().await;
    let mut browser: Browser = app.arrived().await;

    let choose = browser.get("/connectors").await;
    assert_eq!((choose.status, choose.heading().as_str()), (200, "Choose an app"));

    let linked = browser.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!((linked.status, linked.heading().as_str()), (200, "Slack is connected"));
    assert!(linked.text().contains("Jane's Slack"), "{}", linked.text());

    let connections = app.connections("jane").await;
    assert_eq!(connections.len(), 1);
    assert_eq!(connections[0]["connector"], "slack");
    assert_eq!(connections[0]["origin"], "linked");
    let attempt = app.attempt(connections[0]["attempt_id"].as_str().unwrap()).await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("linked"), Some("new")));
}
