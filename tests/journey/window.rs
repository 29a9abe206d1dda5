//! A window of the host's page: how it is opened, and that every page in it closes it in place of leading to the host.

use gangway::config::VerifyCompletion;
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{HOST_ORIGIN, RETURN_URL, TestApp},
    browser::{Browser, Page},
    provider::redirect_uri,
};

const CLOSE: &str = "/window/close";

/// A browser in which the host's page has opened a pop-up for Jane, the first page there, and its session.
pub(crate) async fn popup_with(app: &TestApp, more: Value) -> (Browser, Page, Value) {
    let session = app.session_with(more).await;
    let mut browser = app.browser();
    let fields = [("code", session["start_code"].as_str().unwrap()), ("display", "popup")];
    let opened = browser.post_from(HOST_ORIGIN, "/start", &fields).await;
    let settled = browser.get(opened.location()).await;
    let page = browser.get(settled.location()).await;
    (browser, page, session)
}

async fn popup(app: &TestApp) -> (Browser, Page) {
    let (browser, page, _) = popup_with(app, json!({})).await;
    (browser, page)
}

/// The page is one of a window: a button of it closes the window, and nothing on it leads to the host.
fn closes(page: &Page, label: &str) {
    assert_eq!(page.all("main button[form=window]"), [label], "{}", page.text());
    assert_eq!(page.attributes("form#window", "action"), [CLOSE], "{}", page.body);
    let to_the_host = format!("a[href^='{RETURN_URL}']");
    assert!(page.all(&to_the_host).is_empty(), "{}", page.text());
    assert_eq!(page.all("main .primary").len(), 1, "{}", page.text());
}

fn is_of_window(page: &Page) -> bool {
    !page.attributes("form#window", "action").is_empty()
}

#[tokio::test]
async fn every_step_of_a_window_closes_it() {
    let app = TestApp::spawn().await;
    let (mut browser, choose) = popup(&app).await;
    assert_eq!(choose.all("main button[form=window]"), ["Close this window"]);
    let connect = browser.get("/connectors/slack").await;
    closes(&connect, "Cancel");
    assert_eq!(connect.all("main a.plain"), ["Choose another app"]);

    let linked = browser.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(linked.heading(), "Slack is connected");
    closes(&linked, "Close this window");
    assert_eq!(linked.all("main .primary"), ["Close this window"]);
    let status = linked.attributes("[role=status]", "data-closes");
    assert_eq!(status, ["This window closes by itself."]);
    closes(&browser.get("/connectors/slack").await, "Close this window");

    let leaving = browser.leave_for("notion").await;
    let denied = format!("{}?error=access_denied", redirect_uri(&leaving));
    let not_linked = browser.come_back(&denied).await;
    assert_eq!(not_linked.heading(), "Notion is not connected");
    closes(&not_linked, "Close this window");
    assert_eq!(not_linked.all("main .primary"), ["Try again"]);
    assert!(not_linked.attributes("[role=status]", "data-closes").is_empty());

    closes(&browser.get("/connectors/nowhere").await, "Close this window");
    let credential = app.connections("jane").await[0]["credential_id"].as_str().unwrap().to_owned();
    let path = format!("/connections/{credential}/disconnect");
    let question = browser.get(&path).await;
    let gone = browser.submit(&question, &path, &[]).await;
    let gone = browser.get(gone.location()).await;
    assert_eq!(gone.heading(), "Slack is disconnected");
    closes(&gone, "Close this window");

    app.clock.pass(Duration::hours(5));
    let over = browser.get("/connectors").await;
    assert_eq!((over.status, over.heading().as_str()), (401, "Your time on this page has ended"));
    closes(&over, "Close this window");
    closed(&mut browser, &over).await;
}

/// Presses the button without a script.
async fn closed(browser: &mut Browser, page: &Page) {
    let pressed = browser.submit(page, CLOSE, &[]).await;
    assert_eq!((pressed.status, pressed.location()), (303, CLOSE));
    let page = browser.get(CLOSE).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "You can close this window"));
    assert_eq!(page.attributes("main a.primary", "href"), [RETURN_URL]);
    assert!(!is_of_window(&page), "{}", page.body);
}

/// A code that does not work, and a cookie that the browser did not store.
#[tokio::test]
async fn window_without_a_session_can_be_closed() {
    let app = TestApp::spawn().await;
    let mut browser = app.browser();
    for code in ["unknown", "?"] {
        let dead = browser.post_from(HOST_ORIGIN, "/start", &[("code", code), ("display", "popup")]).await;
        assert_eq!((dead.status, dead.heading().as_str()), (410, "This link no longer works"));
        closes(&dead, "Close this window");
        closed(&mut browser, &dead).await;
    }
    let dead = browser.get("/start?code=unknown&display=popup").await;
    assert_eq!(dead.status, 410);
    closes(&dead, "Close this window");
    closed(&mut browser, &dead).await;
    assert!(!is_of_window(&browser.get("/start?code=unknown").await));

    let session = app.session_with(json!({})).await;
    let fields = [("code", session["start_code"].as_str().unwrap()), ("display", "popup")];
    let opened = browser.post_from(HOST_ORIGIN, "/start", &fields).await;
    browser.forget_cookies();
    let without = browser.get(opened.location()).await;
    assert_eq!((without.status, without.heading().as_str()), (401, "Your browser did not keep our cookie"));
    closes(&without, "Close this window");
    assert!(without.attributes("form#window", "data-page").is_empty(), "{}", without.body);
    closed(&mut browser, &without).await;
}

#[tokio::test]
async fn page_of_its_own_leads_back_to_the_host() {
    let app = TestApp::spawn().await;
    for display in [vec![], vec![("display", "page")], vec![("display", "nonsense")], vec![("display", "")]] {
        let session = app.session_with(json!({ "after": "return" })).await;
        let mut browser = app.browser();
        let code = session["start_code"].as_str().unwrap();
        let fields = [vec![("code", code)], display].concat();
        assert_eq!(browser.post_from(HOST_ORIGIN, "/start", &fields).await.status, 303);
        let page = browser.get("/connectors").await;
        assert!(!is_of_window(&page), "{fields:?}");
        assert_eq!(page.all("main .actions a.plain"), ["Back to Acme Notes"]);
        let back = browser.link_and_allow(&app.sandbox, "slack").await;
        assert!(back.location().starts_with(RETURN_URL), "{}", back.location());
    }
}

#[tokio::test]
async fn window_stays_where_a_page_would_return() {
    let app = TestApp::spawn().await;
    let (mut browser, _, _) = popup_with(&app, json!({ "after": "return", "connector": "slack" })).await;
    let page = browser.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Slack is connected"));
    closes(&page, "Close this window");
    // The host sent the user for this app, so another one is not offered beside Cancel.
    assert!(browser.get("/connectors/slack?another=1").await.all("main a.plain").is_empty());
    let ended = browser.post("/session/end", &[("form_token", &token(&page))]).await;
    assert_eq!((ended.status, ended.location()), (303, CLOSE));
    assert_eq!(browser.get(CLOSE).await.heading(), "You can close this window");
}

fn token(page: &Page) -> String {
    page.attributes("form#window input[name=form_token]", "value").remove(0)
}

#[tokio::test]
async fn display_survives_the_start_page() {
    let app = TestApp::spawn().await;
    for more in [json!({}), json!({ "connector": "slack" })] {
        let session = app.session_with(more).await;
        let code = session["start_code"].as_str().unwrap();
        let mut browser = app.browser();
        let fields = [("code", code), ("display", "popup")];
        let start = browser.post_from("null", "/start", &fields).await;
        assert_eq!(start.status, 200);
        assert!(is_of_window(&start) && start.all("main button[form=window]").len() == 1, "{}", start.body);
        // In another language it still is a window.
        let german = start.attributes("footer a[lang=de]", "href").remove(0);
        let start = browser.get(&german).await;
        assert_eq!(start.all("main button[form=window]").len(), 1, "{german}");
        let pressed = browser.submit(&start, "/start", &[("connector", "slack")]).await;
        let location = pressed.location().to_owned();
        assert!([303, 307].contains(&pressed.status), "{}", pressed.text());
        if pressed.status == 303 {
            browser.get(&location).await;
        }
        let page = browser.get("/connectors/notion").await;
        assert!(is_of_window(&page), "{}", page.text());
    }
}

#[tokio::test]
async fn display_survives_the_question_whether_to_switch() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived_with(json!({ "user": { "id": "sam", "name": "Sam Lee" } })).await;
    let session = app.session_with(json!({})).await;
    let fields = [("code", session["start_code"].as_str().unwrap()), ("display", "popup")];
    let switch = browser.post_from("https://evil.test", "/start", &fields).await;
    assert_eq!(switch.heading(), "Switch accounts?");
    assert_eq!(switch.all("main button[form=window]"), ["Stay with Sam Lee"]);
    assert_eq!(browser.submit(&switch, "/start", &[]).await.status, 303);
    let page = browser.get("/connectors").await;
    assert!(is_of_window(&page) && page.text().contains("Jane Doe"), "{}", page.text());
}

#[tokio::test]
async fn link_for_another_browser_opens_no_window() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let code = session["start_code"].as_str().unwrap();
    let mut browser = app.browser();
    let page = browser.get(&format!("/start?code={code}&display=popup&browser=1")).await;
    let link = page.all("#link").remove(0);
    assert!(link.contains(code) && !link.contains("display"), "{link}");
    assert_eq!(page.attributes("main a.plain", "href"), [format!("/start?code={code}&display=popup")]);

    let (mut browser, page) = popup(&app).await;
    let shared = browser.post("/session/browser", &[("form_token", &token(&page)), ("connector", "slack")]).await;
    let link = shared.all("#link").remove(0);
    let (mut other, page) = (app.browser(), app.browser().navigate(&link, "none").await);
    assert!(!is_of_window(&page), "{link}");
    assert_eq!(other.submit(&page, "/start", &[]).await.status, 307);
    assert!(!is_of_window(&other.get("/connectors").await));
}

#[tokio::test]
async fn completion_goes_on_in_the_window() {
    let app = TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Always).await;
    for (user, state, heading) in
        [("jane", "linked", "Slack is connected"), ("sam", "unverified", "Slack is not connected")]
    {
        let (mut browser, _, _) = popup_with(&app, json!({ "after": "return", "connector": "slack" })).await;
        let to_host = browser.link_and_allow(&app.sandbox, "slack").await;
        let url = url::Url::parse(to_host.location()).unwrap();
        assert!(to_host.location().starts_with(RETURN_URL), "{url}");
        let code = url.query_pairs().find(|(name, _)| name == "gangway_completion").unwrap().1.into_owned();
        let body = json!({ "completion": code, "user_id": user });
        let (status, answer) = app.api("POST", "/link-attempts/complete", Some(body)).await;
        assert_eq!((status, answer["state"].as_str()), (200, Some(state)));
        let on = answer["continue_url"].as_str().unwrap();
        assert!(on.starts_with(&app.url), "{on}");
        let page = browser.get(on).await;
        assert_eq!(page.heading(), heading);
        closes(&page, "Close this window");
    }
}

#[tokio::test]
async fn window_is_closed_by_its_own_pages_only() {
    let app = TestApp::spawn().await;
    let (mut jane, page) = popup(&app).await;
    let (_, sams, _) = popup_with(&app, json!({ "user": { "id": "sam" } })).await;
    let (own, sams) = (token(&page), token(&sams));
    for path in [CLOSE, "/window/left"] {
        for wrong in ["", "nonsense", sams.as_str()] {
            let refused = jane.post(path, &[("form_token", wrong), ("page", "1")]).await;
            assert_eq!((refused.status, refused.heading().as_str()), (403, "This page has expired"), "{path} {wrong}");
        }
        let fields = [("form_token", own.as_str()), ("page", "1")];
        let foreign = jane.post_from(HOST_ORIGIN, path, &fields).await;
        assert_eq!((foreign.status, foreign.heading().as_str()), (403, "We did not accept this"), "{path}");
        let unknown = app.browser().post(path, &fields).await;
        assert_eq!(unknown.status, 401, "{path}");
    }
    for wrong in ["", "-1", "1.5", "99999999999999999999999"] {
        let refused = jane.post("/window/left", &[("form_token", &own), ("page", wrong)]).await;
        assert_eq!(refused.status, 400, "{wrong}");
    }
    assert_eq!(jane.send(Method::GET, "/window/left", &[], None).await.status, 405);
}
