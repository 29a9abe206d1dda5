//! What is recorded of a window of the host's page: the pages that it was served, and that it was left.

use gangway::{
    config::VerifyCompletion,
    domain::{session::SessionId, window::Window},
};
use reqwest::Method;
use serde_json::json;

use crate::{
    app::TestApp,
    browser::{Browser, Page},
    provider::redirect_uri,
    window::popup_with,
};

/// The pop-up of a session of Jane's.
struct Popup<'a> {
    app: &'a TestApp,
    session: SessionId,
    browser: Browser,
    first: Page,
}

impl<'a> Popup<'a> {
    async fn open(app: &'a TestApp) -> Self {
        let (browser, first, session) = popup_with(app, json!({ "connector": "slack" })).await;
        Self { app, session: SessionId::parse(session["id"].as_str().unwrap()).unwrap(), browser, first }
    }

    async fn window(&self) -> Window {
        self.app.store.session_window(self.session).await.unwrap().unwrap().window
    }

    /// The page is the newest one of the window, which is open.
    async fn shows(&self, page: &Page) {
        let window = self.window().await;
        assert_eq!(number(page), window.pages.to_string(), "{}", page.text());
        assert_eq!((window.away_at, window.left_at), (None, None), "{}", page.text());
    }

    /// The script of the page reports that it was left.
    async fn leaves(&mut self, page: &Page) {
        let token = page.attributes("form#window input[name=form_token]", "value").remove(0);
        let fields = [("form_token", token.as_str()), ("page", &number(page))];
        let origin = self.app.origin();
        // As `navigator.sendBeacon` sends it.
        let metadata = [("origin", origin.as_str()), ("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "no-cors")];
        let answer = self.browser.send(Method::POST, "/window/left", &metadata, Some(&fields)).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    }
}

fn number(page: &Page) -> String {
    page.attributes("form#window", "data-page").remove(0)
}

#[tokio::test]
async fn each_page_of_a_window_has_a_number() {
    let app = TestApp::spawn().await;
    let mut popup = Popup::open(&app).await;
    let mut last = number(&popup.first).parse::<u64>().unwrap();
    popup.shows(&popup.first).await;
    for path in ["/connectors", "/connectors/slack", "/connectors/nowhere", "/callback/unknown", "/attempts/unknown"] {
        let page = popup.browser.get(path).await;
        popup.shows(&page).await;
        let number = number(&page).parse().unwrap();
        assert!(number > last, "{path}: {number}");
        last = number;
    }
    // A form with a mistake is a page of its own.
    let page = popup.browser.link("shopify", &[]).await;
    assert_eq!(page.status, 422);
    popup.shows(&page).await;
}

#[tokio::test]
async fn requests_of_scripts_are_no_pages() {
    let app = TestApp::spawn().await;
    let mut popup = Popup::open(&app).await;
    popup.browser.leave_for("slack").await;
    let attempt = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    let page = popup.browser.get(&format!("/attempts/{attempt}")).await;
    assert_eq!(page.heading(), "Slack has not confirmed yet");
    let before = popup.window().await.pages;
    let token = page.attributes("form#window input[name=form_token]", "value").remove(0);
    let origin = app.origin();
    let without_metadata = [("origin", origin.as_str()), ("accept", "application/json")];
    let by_script = [&without_metadata[..], &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")]].concat();
    let status = format!("/attempts/{attempt}/status");
    for headers in [&by_script[..], &without_metadata] {
        assert_eq!(popup.browser.send(Method::GET, &status, headers, None).await.status, 204);
        let more = popup.browser.send(Method::POST, "/session/extend", headers, Some(&[("form_token", &token)])).await;
        assert_eq!(more.status, 200);
    }
    popup.browser.send(Method::HEAD, "/connectors", &[], None).await;
    assert_eq!(popup.window().await.pages, before);
}

#[tokio::test]
async fn window_is_left_until_a_later_page() {
    let app = TestApp::spawn().await;
    let mut popup = Popup::open(&app).await;
    let first = popup.first.clone();
    popup.leaves(&first).await;
    assert!(popup.window().await.left_at.is_some());
    // Loaded again, also from the back/forward cache.
    let second = popup.browser.get("/connectors/slack").await;
    popup.shows(&second).await;
    // Browsers report the page before when the next one is there.
    popup.leaves(&first).await;
    popup.shows(&second).await;
    popup.leaves(&second).await;
    assert!(popup.window().await.left_at.is_some());
}

#[tokio::test]
async fn page_of_another_session_leaves_nothing() {
    let app = TestApp::spawn().await;
    let mut other = Popup::open(&app).await;
    let page = other.browser.get("/connectors").await;
    let mut jane = Popup::open(&app).await;
    let first = jane.first.clone();
    // Its number is not one of this window, and its token not one of this browser.
    let token = first.attributes("form#window input[name=form_token]", "value").remove(0);
    let answer = jane.browser.post("/window/left", &[("form_token", &token), ("page", &number(&page))]).await;
    assert_eq!(answer.status, 204);
    jane.shows(&first).await;
    other.shows(&page).await;
}

#[tokio::test]
async fn browser_at_a_provider_has_not_left() {
    let app = TestApp::spawn().await;
    let mut popup = Popup::open(&app).await;
    let first = popup.first.clone();
    let leaving = popup.browser.leave_for("slack").await;
    popup.leaves(&first).await;
    let window = popup.window().await;
    assert!(window.away_at.is_some() && window.left_at.is_none() && window.end_shown_at.is_none(), "{window:?}");
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let linked = popup.browser.come_back(&back).await;
    popup.shows(&linked).await;
    assert!(popup.window().await.end_shown_at.is_some());
}

#[tokio::test]
async fn each_end_is_recorded() {
    let app = TestApp::spawn().await;
    let mut denied = Popup::open(&app).await;
    let leaving = denied.browser.leave_for("slack").await;
    let address = format!("{}?error=access_denied", redirect_uri(&leaving));
    assert_eq!(denied.browser.come_back(&address).await.heading(), "Slack is not connected");
    assert!(denied.window().await.end_shown_at.is_some());

    let mut not_set_up = Popup::open(&app).await;
    let page = not_set_up.browser.get("/connectors/microsoftDynamicsBC").await;
    assert_eq!(page.heading(), "This app is not set up yet");
    assert!(not_set_up.window().await.end_shown_at.is_some());

    let mut over = Popup::open(&app).await;
    assert!(over.window().await.end_shown_at.is_none());
    app.clock.pass(time::Duration::hours(5));
    assert_eq!(over.browser.get("/connectors").await.status, 401);
    assert!(over.window().await.end_shown_at.is_some());
}

#[tokio::test]
async fn closed_window_is_left_at_once() {
    let app = TestApp::spawn().await;
    let mut popup = Popup::open(&app).await;
    let first = popup.first.clone();
    assert_eq!(popup.browser.submit(&first, "/window/close", &[]).await.status, 303);
    let closed = popup.window().await;
    assert!(closed.left_at.is_some_and(|at| at <= app.now()), "{closed:?}");
    // The page that says so does not open it again.
    popup.browser.get("/window/close").await;
    popup.leaves(&first).await;
    assert_eq!(popup.window().await, closed);
}

#[tokio::test]
async fn window_is_away_while_the_host_completes() {
    let app = TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Always).await;
    let mut popup = Popup::open(&app).await;
    let to_host = popup.browser.link_and_allow(&app.sandbox, "slack").await;
    assert!(to_host.location().contains("gangway_completion"), "{}", to_host.location());
    assert!(popup.window().await.away_at.is_some());
}

#[tokio::test]
async fn start_page_in_a_window_can_be_closed() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let code = session["start_code"].as_str().unwrap();
    let id = SessionId::parse(session["id"].as_str().unwrap()).unwrap();
    let mut browser = app.browser();
    let start = browser.post_from("null", "/start", &[("code", code), ("display", "popup")]).await;
    let window = async || app.store.session_window(id).await.unwrap().unwrap().window;
    let page: i64 = number(&start).parse().unwrap();
    let shown = Window { pages: page, changes: 1, ..Window::default() };
    assert_eq!(window().await, shown);
    let forged = browser.submit(&start, "/window/close", &[("form_token", "nonsense")]).await;
    assert_eq!((forged.status, window().await.left_at), (403, None));
    assert_eq!(browser.submit(&start, "/window/close", &[]).await.location(), "/window/close");
    assert!(window().await.left_at.is_some());
    // The code still works.
    let opened = browser.submit(&start, "/start", &[]).await;
    browser.get(opened.location()).await;
    browser.get("/connectors").await;
    assert_eq!(window().await.left_at, None);
}
