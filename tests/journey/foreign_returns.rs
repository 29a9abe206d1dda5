//! Foreign returns and noise: another browser, a scanner, an image, an unknown state.

use gangway::sandbox::Route;
use reqwest::Method;
use serde_json::json;
use time::Duration;

use crate::{app::TestApp, browser::Page, provider::redirect_uri};

#[tokio::test]
async fn foreign_return_shows_no_success() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    for site in ["cross-site", "same-site"] {
        let visitor = app.browser().navigate(&back, site).await;
        assert_eq!(visitor.status, 403);
        assert!(visitor.text().contains("It was started in another browser"), "{}", visitor.text());
        assert!(!visitor.text().contains("Jane") && visitor.set_cookies().is_empty(), "{}", visitor.text());
    }
    // Jane's own return comes too late to make it good.
    let page = jane.come_back(&back).await;
    assert_eq!(page.heading(), "Slack is not connected");
    assert!(page.text().contains("finished in another browser"), "{}", page.text());
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("unverified"), Some("foreign_return")));
    assert_eq!(app.connections("jane").await.len(), 0);
    let events = ["connection.unverified", "link_attempt.ended", "connection.removed"];
    app.until("the deletion", async || app.events("jane").await == events).await;
}

/// After a redirect without a referrer, Firefox says that the address was typed.
#[tokio::test]
async fn foreign_return_in_firefox_may_look_typed() {
    let typed = [("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    for system in ["X11; Linux x86_64; rv:153.0", "Android 16; Mobile; rv:153.0"] {
        let app = TestApp::spawn().await;
        let mut jane = app.arrived().await;
        let leaving = jane.leave_for("slack").await;
        let back = app.sandbox.approve(&leaving).unwrap().unwrap();
        let firefox = format!("Mozilla/5.0 ({system}) Gecko/20100101 Firefox/153.0");
        let headers = [&typed[..], &[("user-agent", firefox.as_str())]].concat();
        assert_eq!(app.browser().send(Method::GET, &back, &headers, None).await.status, 403);
        assert_eq!(app.last_attempt("jane", "slack").await["reason"], "foreign_return", "{system}");
        assert_eq!(jane.come_back(&back).await.heading(), "Slack is not connected");
        assert_eq!(app.connections("jane").await.len(), 0);
    }
}

#[tokio::test]
async fn return_in_another_users_session_is_foreign() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(sam.navigate(&back, "cross-site").await.status, 403);
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(attempt["state"], "unverified");
    let page = sam.get(&format!("/attempts/{}", attempt["id"].as_str().unwrap())).await;
    assert_eq!((page.status, page.heading().as_str()), (404, "We cannot find this page"));
}

#[tokio::test]
async fn scanners_and_images_do_not_block_the_return() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let image = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")];
    let prefetch = [("sec-purpose", "prefetch"), ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    let typed = [("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    for headers in [&image[..], &prefetch, &typed, &[]] {
        app.browser().send(Method::HEAD, &back, headers, None).await;
        app.browser().send(Method::GET, &back, headers, None).await;
    }
    // In Jane's own browser too, a prefetch is no return.
    jane.send(Method::HEAD, &back, &[], None).await;
    jane.send(Method::GET, &back, &prefetch, None).await;
    jane.send(Method::GET, &back, &image, None).await;
    let steps = app.last_attempt("jane", "slack").await["timeline"].to_string();
    assert!(!steps.contains("returned"), "{steps}");
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
}

/// A page without what differs from request to request.
fn bytes(page: &Page) -> (u16, String) {
    (page.status, page.body.replace(&page.reference(), "K7F3-92QD"))
}

#[tokio::test]
async fn unknown_states_are_indistinguishable() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let denied = jane.leave_for("slack").await;
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&denied))).await;
    let late = redirect_uri(&jane.leave_for("notion").await);
    let unknown = app.browser().navigate("/callback/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cross-site").await;
    assert_eq!((unknown.status, unknown.heading().as_str()), (404, "We cannot find this page"));
    app.sandbox.forget_calls();
    for state in ["x", "%00", "%ff", "..%2f..%2fattempts", "%3Cscript%3E", &"A".repeat(3000)] {
        let page = app.browser().navigate(&format!("/callback/{state}?error=access_denied"), "cross-site").await;
        assert_eq!(bytes(&page), bytes(&unknown), "{state}");
        assert_eq!(bytes(&jane.navigate(&format!("/callback/{state}"), "cross-site").await), bytes(&unknown));
    }
    let used = app.browser().send(Method::GET, &redirect_uri(&denied), &[], None).await;
    assert_eq!(bytes(&used), bytes(&unknown));
    assert_eq!(app.sandbox.count(Route::ListUserCredentials), 0);
    app.clock.pass(Duration::minutes(65));
    for site in ["cross-site", "none"] {
        assert_eq!(bytes(&app.browser().navigate(&late, site).await), bytes(&unknown), "{site}");
    }
    assert_eq!(app.last_attempt("jane", "slack").await["reason"], "access_denied");
}

#[tokio::test]
async fn return_with_a_slash_too_many_counts_like_one_without() {
    let app = TestApp::spawn().await;
    for (place, refused) in [("end", false), ("end", true), ("two", false), ("middle", false), ("start", false)] {
        let mut jane = app.arrived().await;
        let leaving = jane.leave_for("slack").await;
        let back = if refused { redirect_uri(&leaving) } else { app.sandbox.approve(&leaving).unwrap().unwrap() };
        let path = back.strip_prefix(&app.url).unwrap_or(&back).split('?').next().unwrap().to_owned();
        let path = match place {
            "end" => format!("{path}/"),
            "two" => format!("{path}//"),
            "middle" => path.replace("/callback/", "/callback//"),
            _ => format!("/{path}"),
        };
        let query = if refused { "?error=access_denied" } else { "" };
        let page = jane.come_back(&format!("{path}{query}")).await;
        let heading = if refused { "Slack is not connected" } else { "Slack is connected" };
        assert_eq!(page.heading(), heading, "{place}");
        app.pass_everywhere(Duration::minutes(2));
    }
    // In a victim's browser, too.
    let leaving = app.arrived().await.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(app.browser().navigate(&format!("{back}/"), "cross-site").await.status, 403);
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "unverified");
    let unknown = app.browser().navigate("/callback/x", "cross-site").await;
    for path in ["/callback/x/", "/callback//x", "//callback/x", "/callback/x/y"] {
        assert_eq!(bytes(&app.browser().navigate(path, "cross-site").await), bytes(&unknown), "{path}");
    }
    for path in ["/callback/", "/connectors/", "//connectors", "//evil.example/x"] {
        let page = app.browser().navigate(path, "cross-site").await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.attributes("[href^='//']", "href").is_empty(), "{path}");
    }
}
