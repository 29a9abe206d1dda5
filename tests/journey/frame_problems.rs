//! Problems in a frame: those that no handler sees are shown there too, and each can be closed.

use gangway::config::Rate;
use reqwest::Method;
use serde_json::json;

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::{Browser, Page},
    frames::{CLOSE, app_with_frames, fields, framed_with, get, in_frame, is_in_no_frame, may_be_framed, posted},
};

/// The page closes the frame, without a script, and nothing on it leads to the host.
async fn can_be_closed(browser: &mut Browser, page: &Page, what: &str) {
    assert_eq!(page.all("main button[form=window]"), ["Close"], "{what}: {}", page.text());
    assert!(page.all("main a[href^=http]").is_empty(), "{what}: {}", page.text());
    let closed = in_frame(browser, Method::POST, CLOSE, Some(&fields(&page.form(CLOSE)))).await;
    assert_eq!(closed.status, 303, "{what}: {}", closed.text());
    may_be_framed(&closed, what);
    may_be_framed(&get(browser, closed.location()).await, what);
}

/// A request that fails before a handler knows the session, loaded into that place.
async fn failures(browser: &mut Browser, into: &str) -> Vec<(u16, Page)> {
    let origin = browser.origin().to_owned();
    let own = [("origin", origin.as_str()), ("sec-fetch-site", "same-origin")];
    let foreign = [("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")];
    let large = "x".repeat(40_000);
    let large: &[(&str, &str)] = &[("code", &large)];
    let mut pages = Vec::new();
    for (status, method, path, headers, fields) in [
        (404, Method::GET, "/nowhere", own, None),
        (405, Method::POST, "/connectors", own, Some(&[][..])),
        (403, Method::POST, "/session/extend", foreign, Some(&[][..])),
        (413, Method::POST, "/start", own, Some(large)),
        (415, Method::POST, "/start", own, None),
    ] {
        let headers = [&headers[..], &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", into)]].concat();
        let page = browser.send(method, path, &headers, fields).await;
        assert_eq!(page.status, status, "{path}: {}", page.text());
        pages.push((status, page));
    }
    pages
}

#[tokio::test]
async fn problems_of_every_layer_are_shown_in_the_frame() {
    let app = app_with_frames(true).await;
    let (mut browser, _) = framed_with(&app, json!({})).await;
    for (status, page) in failures(&mut browser, "iframe").await {
        may_be_framed(&page, &status.to_string());
        can_be_closed(&mut browser, &page, &status.to_string()).await;
    }
    // Its session was erased.
    let mut without = app.browser();
    let over = get(&mut without, "/connectors").await;
    assert_eq!(over.status, 401);
    may_be_framed(&over, "no session");
    can_be_closed(&mut without, &over, "no session").await;
}

#[tokio::test]
async fn rate_limit_is_shown_in_the_frame() {
    let app = TestApp::spawn_with(|settings| {
        settings.host.frames = true;
        settings.host.origins.push("https://notes.localhost".parse().unwrap());
        settings.limits.per_address = Rate { requests: 3, per: std::time::Duration::from_secs(24 * 3600) };
    })
    .await;
    let (mut browser, _) = framed_with(&app, json!({})).await;
    for status in [200, 200, 429] {
        let page = get(&mut browser, "/connectors").await;
        assert_eq!(page.status, status, "{}", page.text());
        may_be_framed(&page, &status.to_string());
    }
}

#[tokio::test]
async fn problems_elsewhere_are_in_no_frame() {
    let with_frames = app_with_frames(true).await;
    let without = app_with_frames(false).await;
    for (app, into) in [(&with_frames, "document"), (&with_frames, "image"), (&with_frames, ""), (&without, "iframe")] {
        for (status, page) in failures(&mut app.browser(), into).await {
            is_in_no_frame(&page, &format!("{status} {into}"));
            assert!(page.attributes("form#window", "action").is_empty(), "{}", page.body);
        }
    }
    // The session of this browser is in no frame.
    let mut jane = with_frames.arrived().await;
    for path in ["/connectors/nowhere", "/attempts/nothing", "/start?code=unknown"] {
        is_in_no_frame(&get(&mut jane, path).await, path);
    }
}

#[tokio::test]
async fn frame_without_a_session_can_be_closed() {
    let app = app_with_frames(true).await;
    let mut browser = app.browser();
    let dead = posted(&mut browser, HOST_ORIGIN, &[("code", "unknown"), ("display", "frame")]).await;
    assert_eq!((dead.status, dead.heading().as_str()), (410, "This link no longer works"));
    may_be_framed(&dead, "a code that does not work");
    can_be_closed(&mut browser, &dead, "a code that does not work").await;
    let (mut browser, opened) = framed_with(&app, json!({})).await;
    browser.forget_cookies();
    let without = get(&mut browser, opened.location()).await;
    assert_eq!((without.status, without.heading().as_str()), (401, "Your browser did not keep our cookie"));
    can_be_closed(&mut browser, &without, "the missing cookie").await;
}
