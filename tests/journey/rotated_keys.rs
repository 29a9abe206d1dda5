//! The operator puts a new session key in front of the old one, and takes the old one away later.

use gangway::config::Settings;
use serde_json::json;

use crate::{
    app::{HOST_ORIGIN, SESSION_KEY, TestApp},
    browser::{Browser, Page},
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

/// Presses the button of a start page; a link for one app begins at once.
async fn press_start(browser: &mut Browser, page: &Page, app_named: bool) -> Page {
    let form = page.form("/start");
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pressed = browser.post("/start", &fields).await;
    if !app_named {
        assert_eq!(pressed.status, 303, "{}", pressed.text());
        // The mark of the first visit is taken off first.
        let landed = browser.get(pressed.location()).await;
        return browser.get(landed.location()).await;
    }
    assert_eq!(pressed.status, 307, "{}", pressed.text());
    browser.post(pressed.location(), &fields).await
}

#[tokio::test]
async fn links_made_before_the_new_key_work() {
    let app = TestApp::spawn().await;
    let (named, unnamed) = (app.session_with(json!({ "connector": "slack" })).await, app.session_with(json!({})).await);
    let by_post = app.session_with(json!({})).await;
    let (mut open, opened_before) = app.opened(&app.session_with(json!({ "connector": "slack" })).await).await;
    let app = app.restart_with(keys(&[NEW_KEY, SESSION_KEY])).await;
    for (session, app_named) in [(named, true), (unnamed, false)] {
        let (mut browser, page) = app.opened(&session).await;
        let pressed = press_start(&mut browser, &page, app_named).await;
        assert_eq!(pressed.status, if app_named { 303 } else { 200 }, "{}", pressed.text());
    }
    // Its page was open during the restart.
    let pressed = press_start(&mut open, &opened_before, true).await;
    assert_eq!(pressed.status, 303, "{}", pressed.text());
    let code = by_post["start_code"].as_str().unwrap();
    let mut browser = app.browser();
    assert_eq!(browser.post_from(HOST_ORIGIN, "/start", &[("code", code)]).await.status, 303);
    assert_eq!(browser.get("/connectors").await.status, 200);
}

/// The order of `docs/operations.md` for several processes: behind the old key first, then in front of it.
#[tokio::test]
async fn processes_restarted_one_after_the_other_serve_each_others_links() {
    for (older, newer) in [
        (keys(&[SESSION_KEY]), keys(&[SESSION_KEY, NEW_KEY])),
        (keys(&[SESSION_KEY, NEW_KEY]), keys(&[NEW_KEY, SESSION_KEY])),
    ] {
        let one = TestApp::spawn_with(older).await;
        let other = one.beside_with(newer).await;
        for (made, pressed) in [(&one, &other), (&other, &one)] {
            for app_named in [true, false] {
                let session = made.session_with(if app_named { json!({ "connector": "slack" }) } else { json!({}) });
                let mut browser = Browser::behind_proxy(&made.url, &one.origin());
                // The other process is not at the public URL, and leads there first.
                let page = browser.navigate(session.await["url"].as_str().unwrap(), "none").await;
                let page = if page.status == 303 { browser.navigate(page.location(), "none").await } else { page };
                browser.move_to(&pressed.url);
                let answer = press_start(&mut browser, &page, app_named).await;
                assert_eq!(answer.status, if app_named { 303 } else { 200 }, "{}", answer.text());
                for process in [made, pressed, made] {
                    browser.move_to(&process.url);
                    assert_eq!(browser.get("/connectors").await.status, 200);
                }
            }
        }
    }
}

#[tokio::test]
async fn once_the_old_key_is_gone_so_are_its_sessions() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let app = app.restart_with(keys(&[NEW_KEY])).await;
    assert_eq!(browser.get("/connectors").await.status, 401);
    assert_eq!(app.arrived().await.get("/connectors").await.status, 200);
}
