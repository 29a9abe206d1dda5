//! Connections that were made without Gangway.

use gangway::sandbox::Route;

use crate::app::TestApp;

#[tokio::test]
async fn what_the_host_linked_before_gangway_counts_as_connected() {
    let app = TestApp::spawn().await;
    let user = app.sandbox.add_user("gangway-sam", Some("Sam Lee"));
    app.sandbox.add_credential(&user, "notion").unwrap();

    let connections = app.connections("sam").await;
    assert_eq!(connections.len(), 1);
    assert_eq!(
        (connections[0]["connector"].as_str(), connections[0]["origin"].as_str()),
        (Some("notion"), Some("external"))
    );
}

#[tokio::test]
async fn asking_for_a_stranger_makes_no_user() {
    let app = TestApp::spawn().await;
    assert!(app.connections("nobody-knows").await.is_empty());
    assert_eq!(app.sandbox.count(Route::CreateUser), 0);
}
