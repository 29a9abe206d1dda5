//! The operator puts a new session key in front of the old one, and takes the old one away later.

use gangway::config::Settings;

use crate::{
    app::{SESSION_KEY, TestApp},
    provider::redirect_uri,
};

const NEW_KEY: &str = "another-session-key-of-32-or-more-bytes";

fn keys(keys: &'static [&str]) -> impl FnOnce(&mut Settings) {
    |settings| settings.session.keys = keys.iter().map(|&key| key.into()).collect()
}

#[tokio::test]
async fn who_is_in_the_middle_of_it_notices_nothing() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let before = browser.leave_for("slack").await;
    let app = app.restart_with(keys(&[NEW_KEY, SESSION_KEY])).await;
    let page = browser.get("/connectors/slack?another=1").await;
    assert_eq!(page.status, 200);
    let again = browser.submit(&page, "/connectors/slack/link", &[]).await;
    assert_eq!(redirect_uri(again.location()), redirect_uri(&before));
    let back = app.sandbox.approve(&before).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn once_the_old_key_is_gone_so_are_its_sessions() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let app = app.restart_with(keys(&[NEW_KEY])).await;
    assert_eq!(browser.get("/connectors").await.status, 401);
    assert_eq!(app.arrived().await.get("/connectors").await.status, 200);
}
