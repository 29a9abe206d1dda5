//! The outcome of a session, as the host's page reads it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    app::TestApp,
    browser::Browser,
    open_in_browser::opens_elsewhere,
    provider::redirect_uri,
    watch::{arrived, is_waited_for, open, outcome, reported, request, ticket, waits},
};

#[tokio::test]
async fn link_is_reported_step_by_step() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let waiting = outcome(&app, &session).await;
    assert_eq!(waiting, json!({ "version": 0, "window": "waiting", "attempts": [] }));
    let mut jane = app.browser();
    open(&mut jane, &session).await;
    let arrived = outcome(&app, &session).await;
    assert_eq!((&arrived["window"], reported(&arrived)), (&json!("open"), (Value::Null, vec![])));
    let leaving = jane.leave_for("slack").await;
    let begun = outcome(&app, &session).await;
    let attempt = app.last_attempt("jane", "slack").await;
    let expected = json!({
        "id": attempt["id"], "connector": "slack", "state": "pending", "reason": null, "reference": attempt["reference"],
    });
    assert_eq!((&begun["attempts"], &begun["outcome"]), (&json!([expected]), &Value::Null));
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    let linked = outcome(&app, &session).await;
    assert_eq!((&linked["outcome"], &linked["attempts"][0]["state"]), (&json!("linked"), &json!("linked")));
    assert_eq!(linked["attempts"][0]["reason"], "new");
    let versions = [&waiting, &arrived, &begun, &linked].map(|answer| answer["version"].as_i64().unwrap());
    assert!(versions.is_sorted_by(|before, after| before < after), "{versions:?}");
}

/// A change at one process is reported to a caller that waits at another one, long before its wait is over.
async fn reported_across(changed: &TestApp, waited_at: &TestApp) {
    let (session, mut jane) = arrived(changed).await;
    let leaving = jane.leave_for("slack").await;
    let waiting = waits(waited_at, &session, &outcome(waited_at, &session).await);
    is_waited_for(waited_at, 1).await;
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    let ended = Instant::now();
    // The return is a change of its own.
    let (mut answer, mut came) = waiting.await.unwrap();
    while answer["outcome"].is_null() {
        (answer, came) = waits(waited_at, &session, &answer).await.unwrap();
    }
    assert_eq!(reported(&answer), (json!("ended"), vec!["denied".to_owned()]), "{answer}");
    let late = came.saturating_duration_since(ended);
    assert!(late < Duration::from_secs(20), "{late:?}");
}

#[tokio::test]
async fn waiting_page_is_notified() {
    let app = TestApp::spawn().await;
    reported_across(&app, &app).await;
}

#[tokio::test]
async fn change_in_another_process_is_reported_on_sqlite() {
    let app = TestApp::spawn().await;
    reported_across(&app, &app.beside().await).await;
}

#[tokio::test]
async fn change_in_another_process_is_reported_on_postgres() {
    let app = TestApp::spawn_on_postgres().await;
    reported_across(&app, &app.beside().await).await;
}

#[tokio::test]
async fn late_link_and_foreign_return_change_the_outcome() {
    let app = TestApp::spawn().await;
    let (session, mut jane) = arrived(&app).await;
    let leaving = jane.leave_for("slack").await;
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    let denied = outcome(&app, &session).await;
    assert_eq!(reported(&denied), (json!("ended"), vec!["denied".to_owned()]));
    // She goes back to the provider's page, and allows it after all.
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    let linked = outcome(&app, &session).await;
    assert_eq!(reported(&linked), (json!("linked"), vec!["linked".to_owned()]));
    // Another person finishes the same link: it may be that person's account.
    assert_eq!(app.browser().navigate(&back, "cross-site").await.status, 403);
    let revoked = outcome(&app, &session).await;
    assert_eq!(reported(&revoked), (json!("ended"), vec!["unverified".to_owned()]));
    let versions = [&denied, &linked, &revoked].map(|answer| answer["version"].as_i64().unwrap());
    assert!(versions.is_sorted_by(|before, after| before < after), "{versions:?}");
}

#[tokio::test]
async fn second_session_for_the_same_app_replaces_the_first() {
    let app = TestApp::spawn().await;
    let (first, mut jane) = arrived(&app).await;
    let leaving = jane.leave_for("slack").await;
    let waiting = waits(&app, &first, &outcome(&app, &first).await);
    let second = app.session_with(json!({})).await;
    open(&mut jane, &second).await;
    assert_eq!(waiting.await.unwrap().0["outcome"], "replaced");
    // The app is pressed again: the attempt of the first session goes on.
    assert_eq!(redirect_uri(&jane.leave_for("slack").await), redirect_uri(&leaving));
    assert_eq!(reported(&outcome(&app, &second).await), (Value::Null, vec!["pending".to_owned()]));
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    for (session, expected) in [(&first, "replaced"), (&second, "linked")] {
        assert_eq!(reported(&outcome(&app, session).await), (json!(expected), vec!["linked".to_owned()]));
    }
}

#[tokio::test]
async fn outcome_of_before_is_not_replaced() {
    let app = TestApp::spawn().await;
    let (first, mut jane) = arrived(&app).await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let second = app.session_with(json!({})).await;
    open(&mut jane, &second).await;
    jane.link_and_allow(&app.sandbox, "notion").await;
    for (session, connector) in [(&first, "slack"), (&second, "notion")] {
        let answer = outcome(&app, session).await;
        assert_eq!(reported(&answer), (json!("linked"), vec!["linked".to_owned()]));
        assert_eq!(answer["attempts"][0]["connector"], connector);
    }
}

#[tokio::test]
async fn switch_to_another_user_replaces_the_session() {
    let app = TestApp::spawn().await;
    let (session, mut browser) = arrived(&app).await;
    let leaving = browser.leave_for("slack").await;
    let sam = app.session_with(json!({ "user": { "id": "sam", "name": "Sam Lee" } })).await;
    open(&mut browser, &sam).await;
    assert_eq!(reported(&outcome(&app, &session).await), (json!("replaced"), vec!["pending".to_owned()]));
    browser.navigate(&app.sandbox.approve(&leaving).unwrap().unwrap(), "cross-site").await;
    assert_eq!(reported(&outcome(&app, &sam).await), (Value::Null, vec![]), "another user's attempts are not reported");
}

#[tokio::test]
async fn two_apps_in_two_tabs_end_together() {
    let app = TestApp::spawn().await;
    let (session, mut jane) = arrived(&app).await;
    let mut tab = jane.clone();
    let leaving = tab.leave_for("notion").await;
    let mail = jane.leave_for("slack").await;
    jane.come_back(&app.sandbox.approve(&mail).unwrap().unwrap()).await;
    let states = |first: &str, second: &str| vec![first.to_owned(), second.to_owned()];
    assert_eq!(reported(&outcome(&app, &session).await), (Value::Null, states("pending", "linked")));
    tab.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    assert_eq!(reported(&outcome(&app, &session).await), (json!("linked"), states("denied", "linked")));
}

#[tokio::test]
async fn attempts_in_the_users_own_browser_count() {
    let app = TestApp::spawn().await;
    let (session, mut inside) = arrived(&app).await;
    let page = opens_elsewhere(&app, &mut inside, "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Instagram 330.0.0").await;
    let mut outside: Browser = app.browser();
    let start = outside.navigate(&page.all("textarea").remove(0), "none").await;
    outside.submit(&start, "/start", &[]).await;
    let waiting = waits(&app, &session, &outcome(&app, &session).await);
    outside.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(waiting.await.unwrap().0["attempts"][0]["connector"], "slack");
    assert_eq!(reported(&outcome(&app, &session).await), (json!("linked"), vec!["linked".to_owned()]));
}

#[tokio::test]
async fn end_of_the_session_is_an_outcome() {
    let app = TestApp::spawn().await;
    let (session, mut jane) = arrived(&app).await;
    jane.leave_for("slack").await;
    let waiting = waits(&app, &session, &outcome(&app, &session).await);
    let path = format!("/connect-sessions/{}", session["id"].as_str().unwrap());
    assert_eq!(app.api("DELETE", &path, None).await.0, 204);
    assert_eq!(reported(&waiting.await.unwrap().0), (json!("ended"), vec!["pending".to_owned()]));
    let unused = app.session_with(json!({})).await;
    app.clock.pass(time::Duration::minutes(11));
    let answer = outcome(&app, &unused).await;
    assert_eq!((&answer["window"], &answer["outcome"]), (&json!("waiting"), &json!("ended")));
}

#[tokio::test]
async fn wait_is_bounded_and_answered_on_shutdown() {
    let app = TestApp::spawn().await;
    let (session, _jane) = arrived(&app).await;
    let known = outcome(&app, &session).await;
    let began = Instant::now();
    for query in ["?wait=25", "?wait=25&seen=99999", "?wait=0&seen=1", "?seen=1"] {
        assert_eq!(request(&app, ticket(&session), query).send().await.unwrap().status(), 200, "{query}");
    }
    assert!(began.elapsed() < Duration::from_secs(25));
    let seen = format!("?wait=1&seen={}", known["version"]);
    let quiet: Value = request(&app, ticket(&session), &seen).send().await.unwrap().json().await.unwrap();
    assert_eq!(quiet, known);
    for query in ["?wait=x", "?wait=-1", "?seen=01", "?seen=", "?wait=1&wait=2", "?Wait=1", "?wait=99999"] {
        let answer = request(&app, ticket(&session), query).send().await.unwrap();
        assert_eq!(answer.status(), 422, "{query}");
    }
    let waiting: Vec<_> = (0..3).map(|_| waits(&app, &session, &known)).collect();
    let last = format!("?wait=25&seen={}", known["version"]);
    let last = tokio::spawn(request(&app, ticket(&session), &last).send());
    is_waited_for(&app, 4).await;
    let beyond = request(&app, ticket(&session), "?wait=25").send().await.unwrap();
    assert_eq!((beyond.status().as_u16(), beyond.headers()["retry-after"].to_str().unwrap()), (429, "5"));
    let began = Instant::now();
    app.server.stop(true).await;
    for answer in waiting {
        assert_eq!(answer.await.unwrap().0, known);
    }
    // A caller that asks again does not do so at once.
    assert_eq!(last.await.unwrap().unwrap().headers()["retry-after"].to_str().unwrap(), "1");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
