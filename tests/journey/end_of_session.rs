//! Every way in which a session ends.

use serde_json::json;
use time::Duration;

use crate::{
    app::{RETURN_URL, TestApp},
    browser::Browser,
};

async fn is_over(browser: &mut Browser) -> bool {
    let page = browser.get("/connectors").await;
    page.status == 401 && page.heading() == "Your time on this page has ended"
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    app.clock.pass(Duration::minutes(29));
    assert!(!is_over(&mut browser).await);
    app.clock.pass(Duration::minutes(29));
    assert!(!is_over(&mut browser).await);
    app.clock.pass(Duration::minutes(31));
    assert!(is_over(&mut browser).await);
}

#[tokio::test]
async fn a_session_ends_after_four_hours_however_much_it_is_used() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    for _ in 0..11 {
        app.clock.pass(Duration::minutes(20));
        assert!(!is_over(&mut browser).await);
    }
    app.clock.pass(Duration::minutes(21));
    assert!(is_over(&mut browser).await);
}

#[tokio::test]
async fn the_host_ends_a_session_at_once() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let path = format!("/connect-sessions/{}", session["id"].as_str().unwrap());
    assert_eq!(app.api("GET", &path, None).await.1["state"], "waiting");
    let (mut browser, page) = app.opened(&session).await;
    browser.submit(&page, "/start", &[]).await;
    assert_eq!(app.api("GET", &path, None).await.1["state"], "live");
    assert!(!is_over(&mut browser).await);
    for _ in 0..2 {
        assert_eq!(app.api("DELETE", &path, None).await.0, 204);
    }
    assert!(is_over(&mut browser).await);
    assert_eq!(app.api("GET", &path, None).await.1["state"], "ended");

    let unused = app.session_with(json!({})).await;
    let (mut browser, page) = app.opened(&unused).await;
    let path = format!("/connect-sessions/{}", unused["id"].as_str().unwrap());
    assert_eq!(app.api("DELETE", &path, None).await.0, 204);
    assert_eq!(browser.submit(&page, "/start", &[]).await.status, 410);
}

#[tokio::test]
async fn the_user_leaves() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let before = browser.cookie().unwrap().clone();
    let refused = browser.post("/session/end", &[]).await;
    assert_eq!((refused.status, is_over(&mut browser).await), (403, false));

    let form = browser.get("/connectors/slack").await.form("/connectors/slack/link");
    let token = &form.iter().find(|(name, _)| name == "form_token").unwrap().1;
    let left = browser.post("/session/end", &[("form_token", token)]).await;
    assert_eq!((left.status, left.location(), left.header("clear-site-data")), (303, RETURN_URL, "\"cache\""));
    assert!(browser.cookie().is_none(), "{:?}", left.set_cookies());
    for cookie in left.set_cookies() {
        assert!(cookie.starts_with("gangway=") && !cookie.contains("Secure"), "{cookie}");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
            "{cookie}"
        );
    }
    browser.plant(&before);
    assert!(is_over(&mut browser).await);
}
