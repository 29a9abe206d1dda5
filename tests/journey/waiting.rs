//! The page that waits, its script's question, and who may see it.

use gangway::{
    alloy::Timeouts,
    sandbox::{Fault, Route},
};
use serde_json::json;
use time::Duration;

use crate::{
    app::TestApp,
    browser::{Browser, Page},
    provider::redirect_uri,
};

/// Jane came back, and nothing shows yet: her browser, the attempt's page, and the link that she had followed.
async fn returned(app: &TestApp) -> (Browser, String, String) {
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let returned = browser.navigate(&redirect_uri(&leaving), "cross-site").await;
    (browser, returned.location().to_owned(), leaving)
}

fn script(page: &Page) -> String {
    page.attributes("[data-status]", "data-status").remove(0)
}

#[tokio::test]
async fn status_is_answered_on_news() {
    let app = TestApp::spawn().await;
    let (mut browser, here, leaving) = returned(&app).await;
    let page = browser.get(&here).await;
    assert_eq!(page.heading(), "Checking with Slack…");
    let status = script(&page);
    assert!(status.contains("/status?wait=20"), "{status}");
    let now = status.replace("wait=20", "wait=0");
    let quiet = browser.get(&now).await;
    assert_eq!((quiet.status, quiet.body.as_str(), quiet.header("cache-control")), (204, "", "no-store"));

    let mut script = browser.clone();
    let asked = tokio::spawn(async move { script.get(&status).await });
    app.sandbox.approve(&leaving).unwrap();
    let answer = asked.await.unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"state\":\"linked\"}"));
    let again = page.attributes("[data-again]", "data-again").remove(0);
    assert_eq!(browser.get(&again).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn status_is_answered_when_the_page_should_ask() {
    let app = TestApp::spawn().await;
    let (mut browser, here, _) = returned(&app).await;
    let waiting = script(&browser.get(&here).await).replace("wait=20", "wait=0");
    app.clock.pass(Duration::seconds(15));
    assert_eq!(browser.get(&waiting).await.status, 200);
    let asking = script(&browser.get(&here).await).replace("wait=20", "wait=0");
    assert_eq!(browser.get(&asking).await.status, 204);
}

#[tokio::test]
async fn attempt_is_visible_to_its_user_only() {
    let app = TestApp::spawn().await;
    let (_, here, _) = returned(&app).await;
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    let never = "/attempts/01890a5d-ac96-774b-bcce-b302099a8057";
    for path in [here.as_str(), never, "/attempts/x", "/attempts/%ff"] {
        let page = sam.get(path).await;
        assert_eq!((page.status, page.heading().as_str()), (404, "We cannot find this page"), "{path}");
        assert_eq!(sam.get(&format!("{path}/status?wait=20")).await.status, 404);
    }
    let form = sam.get("/connectors/slack").await.form("/connectors/slack/link");
    let answer = [(form[0].0.as_str(), form[0].1.as_str()), ("answer", "canceled")];
    assert_eq!(sam.post(&format!("{here}/answer"), &answer).await.status, 404);
    assert_eq!(app.browser().get(&here).await.status, 401);
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "pending");
}

#[tokio::test]
async fn unknown_answer_is_refused() {
    let app = TestApp::spawn().await;
    let (mut browser, here, _) = returned(&app).await;
    app.clock.pass(Duration::seconds(15));
    let asking = browser.get(&here).await;
    let action = asking.attributes("form", "action").remove(0);
    assert_eq!(browser.submit(&asking, &action, &[("answer", "linked")]).await.status, 400);
    assert_eq!(browser.submit(&asking, &action, &[]).await.status, 400);
    let forged = [("answer", "canceled"), ("form_token", "nonsense")];
    assert_eq!(browser.submit(&asking, &action, &forged).await.heading(), "This page has expired");
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "pending");
}

#[tokio::test]
async fn slow_upstream_does_not_hold_pages() {
    let two = std::time::Duration::from_secs(2);
    let app = TestApp::spawn_patient(Timeouts { connect: two, read: two, total: two }, |_| ()).await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    app.sandbox.switch_on(Fault::Slow.with(60).on(Route::ListUserCredentials));
    let began = std::time::Instant::now();
    let page = browser.come_back(&redirect_uri(&leaving)).await;
    assert_eq!(page.heading(), "Checking with Slack…");
    assert!(began.elapsed() < std::time::Duration::from_secs(11), "{:?}", began.elapsed());
}
