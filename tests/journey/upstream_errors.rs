//! Alloy fails while an attempt begins: the page says what to do, and nothing of what Alloy said.

use gangway::sandbox::{Fault, Route, Switch};

use crate::app::TestApp;

/// What Alloy's answers and our log may say, and no page.
const NEVER_SHOWN: [&str; 9] = [
    "Invalid Authorization",
    "Rate limit",
    "We will be back",
    "javascript",
    "Cannot POST",
    "Bad Gateway",
    "CONNECTIVITY_API",
    "127.0.0.1",
    "credential",
];

async fn begin(app: &TestApp, switch: impl Into<Switch>) -> (String, String) {
    app.sandbox.switch_all_off();
    let mut browser = app.arrived().await;
    browser.get("/connectors/slack").await;
    app.sandbox.switch_on(switch.into().on(Route::CreateCredential));
    let mut page = browser.link("slack", &[]).await;
    if page.status == 303 {
        assert!(page.location().starts_with("/attempts/"), "{}", page.location());
        page = browser.get(page.location()).await;
    } else {
        assert_eq!((page.status, page.heading().as_str()), (503, DOWN));
    }
    assert_eq!(page.all("a.primary"), ["Try again"]);
    assert!(!page.reference().is_empty());
    for word in NEVER_SHOWN {
        assert!(!page.text().contains(word), "{word}: {}", page.text());
    }
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(attempt["state"], "failed");
    // The very next press works again.
    app.sandbox.switch_all_off();
    let again = browser.get(&page.attributes("a.primary", "href")[0]).await;
    let pressed = browser.submit(&again, "/connectors/slack/link", &[]).await;
    assert!(pressed.location().starts_with(app.sandbox.base_url()), "{}", pressed.location());
    let back = app.sandbox.approve(pressed.location()).unwrap().unwrap();
    assert_eq!(browser.come_back(&back).await.heading(), "Slack is connected");
    (attempt["reason"].as_str().unwrap().to_owned(), page.heading())
}

const DOWN: &str = "The connection service of Acme Notes does not answer right now";

#[tokio::test]
async fn nonsense_answers_are_an_outage() {
    let app = TestApp::spawn().await;
    for fault in [
        Fault::NotJson,
        Fault::Empty,
        Fault::CutOff,
        Fault::BothKeys,
        Fault::NeitherKey,
        Fault::WrongTypes,
        Fault::Redirected,
    ] {
        assert_eq!(begin(&app, fault).await, ("upstream_unavailable".to_owned(), DOWN.to_owned()), "{fault}");
    }
    assert_eq!(begin(&app, Fault::Oversized.with(1)).await.0, "upstream_unavailable");
    assert!(app.sandbox.calls().iter().all(|call| !call.path.contains("elsewhere")), "a redirect was followed");
}

#[tokio::test]
async fn refused_api_key_is_an_outage() {
    let app = TestApp::spawn().await;
    for switch in
        [Fault::ServerErrors.into(), Fault::RateLimited.with(1), Fault::RateLimited.into(), Fault::KeyRefused.into()]
    {
        assert_eq!(begin(&app, switch).await, ("upstream_unavailable".to_owned(), DOWN.to_owned()), "{switch}");
    }
}

#[tokio::test]
async fn refusal_is_not_an_outage() {
    let app = TestApp::spawn().await;
    let (reason, heading) = begin(&app, Fault::RedirectAllowList).await;
    assert_eq!((reason.as_str(), heading.as_str()), ("upstream_refused", "Slack is not connected"));
}

#[tokio::test]
async fn unsafe_authorization_url_is_refused() {
    let app = TestApp::spawn().await;
    let (reason, heading) = begin(&app, Fault::BadAuthorizationUrl).await;
    assert_eq!((reason.as_str(), heading.as_str()), ("invalid_authorization_url", "We could not open Slack safely"));
}

#[tokio::test]
async fn key_with_lost_answer_is_never_sent_twice() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors/shippo").await;
    app.sandbox.switch_on(Fault::CutOff.on(Route::CreateCredential));
    let saved = browser.link("shippo", &[("data.token", "shippo_live_1")]).await;
    assert_eq!(browser.get(saved.location()).await.heading(), "Shippo key saved");
    assert_eq!(app.sandbox.count(Route::CreateCredential), 1);
    assert_eq!(app.last_attempt("jane", "shippo").await["reason"], "key_saved");

    // A call that had no effect leaves nothing to find: that is known once it would have shown.
    app.sandbox.switch_all_off();
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::CreateCredential));
    let lost = browser.link("shippo", &[("data.token", "shippo_live_2")]).await;
    assert_eq!(browser.get(lost.location()).await.heading(), "Checking with Shippo…");
    app.clock.pass(time::Duration::seconds(61));
    assert_eq!(browser.get(lost.location()).await.heading(), DOWN);
    assert_eq!(app.sandbox.count(Route::CreateCredential), 2);
    assert_eq!(app.last_attempt("jane", "shippo").await["reason"], "upstream_unavailable");
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn key_with_lost_answer_and_lagging_list_is_saved_once() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/shippo").await;
    app.sandbox.switch_on(Fault::CutOff.on(Route::CreateCredential));
    app.sandbox.switch_on(Fault::ListLag.with(3600));
    let press = [("data.token", "shippo_live_1")];
    let pressed = browser.submit(&page, "/connectors/shippo/link", &press).await;
    let shown = browser.get(pressed.location()).await;
    assert_eq!(shown.heading(), "Checking with Shippo…", "{}", shown.text());
    let again = browser.submit(&page, "/connectors/shippo/link", &press).await;
    assert_eq!(again.location(), pressed.location());
    assert_eq!(app.sandbox.count(Route::CreateCredential), 1);
    app.sandbox.switch_all_off();
    assert_eq!(browser.get(pressed.location()).await.heading(), "Shippo key saved");
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn start_fails_fast_during_an_outage() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/slack").await;
    app.sandbox.stop().await;
    let began = std::time::Instant::now();
    let shown = browser.submit(&page, "/connectors/slack/link", &[]).await;
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!((shown.status, shown.heading().as_str()), (503, DOWN));
    assert_eq!(shown.all("a.primary"), ["Try again"]);
    assert_eq!(app.last_attempt("jane", "slack").await["reason"], "upstream_unavailable");
    assert_eq!(app.events("jane").await, ["link_attempt.ended"]);
    assert_eq!(browser.get("/connectors").await.status, 200);
    let new = browser.get("/connectors/notion").await;
    assert_eq!((new.status, new.heading().as_str()), (503, DOWN));
}

#[tokio::test]
async fn nothing_is_evidence_without_a_snapshot() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors/slack").await;
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListUserCredentials));
    let leaving = browser.leave_for("slack").await;
    app.sandbox.switch_all_off();
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    browser.navigate(&back, "cross-site").await;
    app.clock.pass(time::Duration::minutes(65));
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("failed"), Some("not_confirmed")));
}
