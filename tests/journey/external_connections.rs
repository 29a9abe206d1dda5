//! Connections that were made without Gangway.

use gangway::sandbox::Route;

use crate::app::TestApp;

#[tokio::test]
async fn credentials_made_without_gangway_are_connected() {
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
async fn listing_an_unknown_user_creates_none() {
    let app = TestApp::spawn().await;
    assert!(app.connections("nobody-knows").await.is_empty());
    assert_eq!(app.sandbox.count(Route::CreateUser), 0);
}
