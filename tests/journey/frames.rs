//! Frames: which responses a page of the host may show in one, and what is different there.

use gangway::config::VerifyCompletion;
use reqwest::Method;
use serde_json::json;
use time::Duration;

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::{Browser, Page},
    secrets::captured_log::CapturedLog,
};

const OTHER_ORIGIN: &str = "https://notes.localhost";
pub(crate) const CLOSE: &str = "/window/close";

pub(crate) async fn app_with_frames(frames: bool) -> TestApp {
    TestApp::spawn_with(|settings| {
        settings.host.frames = frames;
        settings.host.origins.push(OTHER_ORIGIN.parse().unwrap());
    })
    .await
}

/// A navigation in the frame, from a page of ours.
pub(crate) async fn in_frame(
    browser: &mut Browser,
    method: Method,
    path: &str,
    fields: Option<&[(&str, &str)]>,
) -> Page {
    let origin = browser.origin().to_owned();
    let metadata = [
        ("origin", origin.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "iframe"),
    ];
    let metadata = if method == Method::GET { &metadata[1..] } else { &metadata[..] };
    browser.send(method, path, metadata, fields).await
}

pub(crate) async fn get(browser: &mut Browser, path: &str) -> Page {
    in_frame(browser, Method::GET, path, None).await
}

/// The host's page posts the code into its frame.
pub(crate) async fn posted(browser: &mut Browser, origin: &str, fields: &[(&str, &str)]) -> Page {
    let metadata = [
        ("origin", origin),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "iframe"),
    ];
    browser.send(Method::POST, "/start", &metadata, Some(fields)).await
}

pub(crate) async fn framed_with(app: &TestApp, more: serde_json::Value) -> (Browser, Page) {
    let session = app.session_with(more).await;
    let mut browser = app.browser();
    let code = session["start_code"].as_str().unwrap();
    let opened = posted(&mut browser, HOST_ORIGIN, &[("code", code), ("display", "frame")]).await;
    assert_eq!(opened.status, 303, "{}", opened.text());
    (browser, opened)
}

fn ancestors(page: &Page) -> &str {
    let policy = page.header("content-security-policy");
    policy.split("frame-ancestors ").nth(1).unwrap().split(';').next().unwrap()
}

/// A page of a registered origin may show it in a frame, and no other page.
pub(crate) fn may_be_framed(page: &Page, what: &str) {
    assert_eq!(ancestors(page), format!("{HOST_ORIGIN} {OTHER_ORIGIN}"), "{what}: {}", page.text());
    let header = |name| page.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>();
    assert!(header("x-frame-options").is_empty(), "{what}");
    assert_eq!(header("cross-origin-embedder-policy"), ["require-corp"], "{what}");
    assert_eq!(header("cross-origin-resource-policy"), ["cross-origin"], "{what}");
    assert_eq!(header("content-security-policy").len(), 1, "{what}");
}

pub(crate) fn is_in_no_frame(page: &Page, what: &str) {
    assert_eq!(ancestors(page), "'none'", "{what}: {}", page.text());
    assert_eq!(page.header("x-frame-options"), "DENY", "{what}");
    assert_eq!(page.header("cross-origin-embedder-policy"), "", "{what}");
    assert_eq!(page.header("cross-origin-resource-policy"), "same-origin", "{what}");
}

#[tokio::test]
async fn every_page_of_a_frame_may_be_framed_by_the_hosts_pages() {
    let app = app_with_frames(true).await;
    let (mut browser, opened) = framed_with(&app, json!({})).await;
    may_be_framed(&opened, "the answer to the code");
    let settled = get(&mut browser, opened.location()).await;
    may_be_framed(&settled, "the redirect without the mark");
    assert_eq!(settled.location(), "/connectors");
    for (path, status) in [
        ("/connectors", 200),
        ("/connectors?language=de", 200),
        ("/connectors/slack", 200),
        ("/connectors/shopify", 200),
        ("/connectors/nowhere", 404),
        ("/attempts/nothing", 404),
        ("/connections/nothing/disconnect", 404),
        (CLOSE, 200),
    ] {
        let page = get(&mut browser, path).await;
        assert_eq!(page.status, status, "{path}: {}", page.text());
        may_be_framed(&page, path);
    }
    let page = get(&mut browser, "/connectors/slack").await;
    let stale = in_frame(&mut browser, Method::POST, "/connectors/slack/link", Some(&[("form_token", "x")])).await;
    assert_eq!(stale.status, 403);
    may_be_framed(&stale, "a form that is too old");
    let token = page.form("/connectors/slack/link").remove(0).1;
    let fields: &[(&str, &str)] = &[("form_token", &token), ("method", "oauth2")];
    let wrong = in_frame(&mut browser, Method::POST, "/connectors/shopify/link", Some(fields)).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    may_be_framed(&wrong, "a form with a mistake");
    app.clock.pass(Duration::hours(5));
    let over = get(&mut browser, "/connectors").await;
    assert_eq!(over.status, 401);
    may_be_framed(&over, "the end of the time");
}

#[tokio::test]
async fn pages_before_the_session_may_be_framed_too() {
    let app = app_with_frames(true).await;
    let session = app.session_with(json!({})).await;
    let code = session["start_code"].as_str().unwrap();
    let mut browser = app.browser();
    // `Referrer-Policy: no-referrer`, and a page that is not the host's: the browser decides by the header.
    for origin in ["null", "https://stranger.test"] {
        let start = posted(&mut browser, origin, &[("code", code), ("display", "frame")]).await;
        assert_eq!((start.status, start.heading().as_str()), (200, "Connect your apps to Acme Notes"));
        may_be_framed(&start, origin);
        assert!(start.form("/start").contains(&("display".to_owned(), "frame".to_owned())));
    }
    let start = posted(&mut browser, "null", &[("code", code), ("display", "frame")]).await;
    let mut other = browser.clone();
    let closed = in_frame(&mut other, Method::POST, CLOSE, Some(&fields(&start.form(CLOSE)))).await;
    may_be_framed(&closed, "closing the start page");
    may_be_framed(&get(&mut other, closed.location()).await, "the page of a closed start page");
    let path = format!("/start?code={code}&language=de&display=frame");
    may_be_framed(&get(&mut browser, &path).await, "the start page in another language");
    for code in ["nothing", "?"] {
        let gone = posted(&mut browser, HOST_ORIGIN, &[("code", code), ("display", "frame")]).await;
        assert_eq!(gone.status, 410);
        may_be_framed(&gone, "a code that does not work");
    }
    let opened = posted(&mut browser, HOST_ORIGIN, &[("code", code), ("display", "frame")]).await;
    browser.forget_cookies();
    let without = get(&mut browser, opened.location()).await;
    assert_eq!((without.status, without.heading().as_str()), (401, "Your browser did not keep our cookie"));
    may_be_framed(&without, "the missing cookie");
}

#[tokio::test]
async fn nothing_else_is_shown_in_a_frame() {
    let app = app_with_frames(true).await;
    let (mut browser, _) = framed_with(&app, json!({})).await;
    // The window that the frame opened.
    is_in_no_frame(&browser.get("/connectors").await, "a page of the same session in a window");
    for other in ["image", "script", "style", "object", "embed", "empty", "worker"] {
        let page = browser.send(Method::GET, "/connectors", &[("sec-fetch-dest", other)], None).await;
        is_in_no_frame(&page, other);
    }
    for display in [vec![], vec![("display", "popup")], vec![("display", "page")]] {
        let session = app.session_with(json!({})).await;
        let fields = [vec![("code", session["start_code"].as_str().unwrap())], display].concat();
        let mut browser = app.browser();
        is_in_no_frame(&posted(&mut browser, HOST_ORIGIN, &fields).await, "another display");
        for path in ["/connectors", "/connectors/slack", "/attempts/nothing", CLOSE] {
            is_in_no_frame(&get(&mut browser, path).await, path);
        }
    }
    let mut stranger = app.browser();
    for path in ["/connectors?arrived=1", "/connectors?arrived=popup", "/start?code=x", "/problems/not-found"] {
        is_in_no_frame(&get(&mut stranger, path).await, path);
    }
}

#[tokio::test]
async fn without_the_setting_there_is_no_frame() {
    let log = CapturedLog::listen();
    let app = app_with_frames(false).await;
    let (mut browser, opened) = framed_with(&app, json!({})).await;
    is_in_no_frame(&opened, "the answer to the code");
    framed_with(&app, json!({})).await;
    for path in ["/connectors", "/connectors?arrived=frame", "/connectors/slack", CLOSE] {
        let page = get(&mut browser, path).await;
        is_in_no_frame(&page, path);
        assert!(page.attributes("form#window", "action").is_empty(), "{path}: {}", page.body);
    }
    let said = log.text().lines().filter(|line| line.contains("display=frame without host.frames")).count();
    assert_eq!(said, 1);
}

#[tokio::test]
async fn sign_in_goes_on_in_a_window_that_the_frame_follows() {
    let app = app_with_frames(true).await;
    let (mut frame, _) = framed_with(&app, json!({})).await;
    let connect = get(&mut frame, "/connectors/slack").await;
    let form = "form[action='/connectors/slack/link']";
    assert_eq!(connect.attributes(form, "target"), ["_blank"]);
    assert_eq!(connect.attributes(form, "rel"), ["opener"]);
    assert_eq!(connect.all("main button[form=window]"), ["Cancel"]);
    let [opened] = &connect.attributes(form, "data-follow")[..] else { panic!("{}", connect.body) };
    let follow = async |browser: &mut Browser, path: &str| {
        let metadata = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")];
        browser.send(Method::GET, path, &metadata, None).await
    };
    assert_eq!(follow(&mut frame, opened).await.status, 204);
    // A key stays in the frame.
    let key = get(&mut frame, "/connectors/trello").await;
    assert!(key.attributes("form[action='/connectors/trello/link']", "target").is_empty(), "{}", key.body);

    let mut window = frame.clone();
    let leaving = window.submit(&connect, "/connectors/slack/link", &[]).await;
    let began = follow(&mut frame, opened).await;
    let url = serde_json::from_str::<serde_json::Value>(&began.body).unwrap()["url"].as_str().unwrap().to_owned();
    let waiting = get(&mut frame, &url).await;
    assert_eq!(waiting.heading(), "Continue in the window that has opened");
    may_be_framed(&waiting, "the waiting page");
    assert_eq!(waiting.attributes("main a[target=_blank]", "rel"), ["opener"]);
    let [status] = &waiting.attributes("[data-status]", "data-status")[..] else { panic!("{}", waiting.body) };
    let at_once = status.replace("wait=20", "wait=0");
    assert_eq!(follow(&mut frame, &at_once).await.status, 204);

    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    let end = window.come_back(&back).await;
    is_in_no_frame(&end, "the end in the window");
    assert_eq!(end.heading(), "Slack is connected");
    assert_eq!(end.attributes("[role=status]", "data-closes"), ["This window closes by itself."]);
    assert_eq!(follow(&mut frame, &at_once).await.status, 200);
    let linked = get(&mut frame, &url).await;
    assert_eq!(linked.heading(), "Slack is connected");
    assert_eq!(linked.all("main .primary"), ["Close"]);
    // It says nothing of a window: the host's page removes the frame.
    assert_eq!(linked.attributes("[role=status]", "data-closes"), [""]);
    let closed = in_frame(&mut frame, Method::POST, CLOSE, Some(&fields(&linked.form(CLOSE)))).await;
    may_be_framed(&closed, "closing");
    let closed = get(&mut frame, closed.location()).await;
    may_be_framed(&closed, "the page of a closed frame");
    assert_eq!(closed.heading(), "You can go on in Acme Notes");
    assert!(closed.all("main a").is_empty(), "{}", closed.text());
}

pub(crate) fn fields(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn host_confirms_in_the_window_and_not_in_the_frame() {
    let app = TestApp::spawn_with(|settings| {
        settings.host.frames = true;
        settings.host.verify_completion = VerifyCompletion::Always;
    })
    .await;
    let (mut frame, _) = framed_with(&app, json!({ "connector": "slack" })).await;
    let mut window = frame.clone();
    let confirmed = window.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(confirmed.status, 303);
    let url = url::Url::parse(confirmed.location()).unwrap();
    let value = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted).unwrap().1.into_owned();
    let path = format!("/attempts/{}", value("gangway_attempt_id"));
    let waiting = get(&mut frame, &path).await;
    assert_eq!((waiting.status, waiting.heading().as_str()), (200, "Checking with Slack…"));
    let [status] = &waiting.attributes("[data-status]", "data-status")[..] else { panic!("{}", waiting.body) };
    let at_once = status.replace("wait=20", "wait=0");
    assert_eq!(get(&mut frame, &at_once).await.status, 204);
    let redeemed = json!({ "completion": value("gangway_completion"), "user_id": "jane" });
    let (_, attempt) = app.api("POST", "/link-attempts/complete", Some(redeemed)).await;
    assert_eq!(attempt["state"], "linked");
    assert_eq!(get(&mut frame, &at_once).await.status, 200);
    assert_eq!(get(&mut frame, &path).await.heading(), "Slack is connected");
    assert_eq!(window.get(attempt["continue_url"].as_str().unwrap()).await.heading(), "Slack is connected");
}
