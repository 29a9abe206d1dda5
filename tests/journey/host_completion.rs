//! The host's server says who finished a link, with the code that the browser brought.

use std::collections::BTreeMap;

use gangway::config::VerifyCompletion;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{HOST_KEY, RETURN_URL, TestApp},
    browser::Browser,
};

async fn app() -> TestApp {
    TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Links).await
}

/// A browser in which Jane has come by a link.
async fn by_link(app: &TestApp, more: Value) -> Browser {
    let (mut browser, page) = app.opened(&app.session_with(more).await).await;
    assert_eq!(browser.submit(&page, "/start", &[]).await.status, 303);
    browser
}

/// What the host's server finds in the address to which a browser was sent.
fn brought(location: &str) -> BTreeMap<String, String> {
    assert!(location.starts_with(RETURN_URL), "{location}");
    url::Url::parse(location).unwrap().query_pairs().into_owned().collect()
}

/// Jane allows that app in this browser; gives the code that it takes to the host.
async fn allowed(app: &TestApp, browser: &mut Browser, connector: &str) -> String {
    let page = browser.link_and_allow(&app.sandbox, connector).await;
    assert_eq!(page.status, 303, "{}", page.text());
    brought(page.location())["gangway_completion"].clone()
}

async fn redeem(app: &TestApp, code: &str, user: &str) -> (u16, Value) {
    app.api("POST", "/link-attempts/complete", Some(json!({ "completion": code, "user_id": user }))).await
}

fn end(attempt: &Value) -> (&str, &str) {
    (attempt["state"].as_str().unwrap(), attempt["reason"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn completion_links_the_attempt() {
    let app = app().await;
    let mut jane = by_link(&app, json!({})).await;
    let page = jane.link_and_allow(&app.sandbox, "slack").await;
    let told = brought(page.location());
    let (id, code) = (&told["gangway_attempt_id"], &told["gangway_completion"]);
    assert_eq!((told["gangway_state"].as_str(), code.len()), ("pending", 43));
    assert_eq!(app.attempt(id).await["state"], "pending");
    assert!(app.connections("jane").await.is_empty() && app.events("jane").await.is_empty());

    let (status, mut answer) = redeem(&app, code, "jane").await;
    assert_eq!((status, end(&answer)), (200, ("linked", "new")));
    let continue_url = answer.as_object_mut().unwrap().remove("continue_url").unwrap();
    assert_eq!(answer, app.attempt(id).await, "the same as the attempt's own address gives");
    let steps = answer["timeline"].as_array().unwrap().iter().map(|step| step["event"].as_str().unwrap());
    assert_eq!(steps.collect::<Vec<_>>(), ["began", "sent", "returned", "confirmed", "completed", "ended"]);
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);
    assert_eq!(app.connections("jane").await.len(), 1);

    assert_eq!(continue_url, format!("{}/attempts/{id}", app.url));
    assert_eq!(jane.get(continue_url.as_str().unwrap()).await.heading(), "Slack is connected");
    assert!(!String::from_utf8_lossy(&app.database()).contains(code.as_str()), "only the code's digest is kept");
}

#[tokio::test]
async fn completion_by_another_user_is_final() {
    let app = app().await;
    let mut jane = by_link(&app, json!({})).await;
    let code = allowed(&app, &mut jane, "slack").await;
    let (status, answer) = redeem(&app, &code, "sam").await;
    assert_eq!((status, end(&answer)), (200, ("unverified", "completion_mismatch")));
    let id = answer["id"].as_str().unwrap();
    let back = format!("{RETURN_URL}?gangway_attempt_id={id}&gangway_state=unverified");
    assert_eq!(answer["continue_url"], back);
    for user in ["jane", "sam", "jane"] {
        let (status, again) = redeem(&app, &code, user).await;
        assert_eq!((status, end(&again)), (200, ("unverified", "completion_mismatch")), "{user}");
    }
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    let events = ["connection.unverified", "link_attempt.ended", "connection.removed"];
    app.until("the event", async || app.events("jane").await == events).await;
    assert!(app.connections("jane").await.is_empty() && app.connections("sam").await.is_empty());
    assert_eq!(jane.get(&format!("/attempts/{id}")).await.heading(), "Slack is not connected");
    assert!(app.events("sam").await.is_empty());
}

#[tokio::test]
async fn repeated_completion_returns_the_same_answer() {
    let app = app().await;
    let mut jane = by_link(&app, json!({})).await;
    let code = allowed(&app, &mut jane, "slack").await;
    let first = redeem(&app, &code, "jane").await;
    assert_eq!(first.0, 200);
    assert_eq!(redeem(&app, &code, "jane").await, first);
    let (status, problem) = redeem(&app, &code, "sam").await;
    assert_eq!((status, &problem["type"]), (404, &json!(format!("{}/problems/not-found", app.url))));
    assert!(!problem.to_string().contains("jane"), "{problem}");
    assert_eq!(redeem(&app, &code, "jane").await, first, "the stranger changed nothing");
    app.clock.pass(Duration::minutes(5));
    assert_eq!(redeem(&app, &code, "jane").await.0, 404, "no answer is lost for so long");
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);
}

#[tokio::test]
async fn simultaneous_completions_have_one_effect() {
    let app = app().await;
    for (connector, user) in [("slack", "jane"), ("notion", "sam")] {
        let mut jane = by_link(&app, json!({})).await;
        let code = allowed(&app, &mut jane, connector).await;
        let answers = futures_util::future::join_all((0..50).map(|_| redeem(&app, &code, user))).await;
        // What the reconciler deletes meanwhile may stand in a later answer's timeline.
        let told: Vec<_> = answers.iter().map(|(status, one)| (status, end(one), &one["settled_at"])).collect();
        assert_eq!(told[0].0, &200);
        assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    }
    let expected = ["connection.linked", "link_attempt.ended", "connection.unverified", "link_attempt.ended"];
    assert_eq!(app.events("jane").await[..4], expected);
    assert_eq!(app.last_attempt("jane", "slack").await["timeline"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn first_of_two_completions_decides() {
    let app = app().await;
    let mut jane = by_link(&app, json!({})).await;
    let code = allowed(&app, &mut jane, "slack").await;
    let users = ["jane", "sam"].into_iter().cycle().take(50);
    let answers = futures_util::future::join_all(users.map(|user| redeem(&app, &code, user))).await;
    let state = app.last_attempt("jane", "slack").await["state"].clone();
    for (turn, (status, answer)) in answers.iter().enumerate() {
        let sams = turn % 2 == 1;
        let (wanted, shown) = if sams && state == "linked" { (404, Value::Null) } else { (200, state.clone()) };
        assert_eq!((*status, &answer["state"]), (wanted, &shown), "{turn}: {answer}");
    }
    let kind = if state == "linked" { "connection.linked" } else { "connection.unverified" };
    assert_eq!(app.events("jane").await[..2], [kind, "link_attempt.ended"]);
}

#[tokio::test]
async fn expired_code_is_refused() {
    let app = app().await;
    let mut jane = by_link(&app, json!({})).await;
    let first = allowed(&app, &mut jane, "slack").await;
    let id = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    // A reload takes a fresh code to the host: the earlier one is worth nothing then.
    let second = brought(jane.get(&format!("/attempts/{id}")).await.location())["gangway_completion"].clone();
    assert_eq!(redeem(&app, &first, "jane").await.0, 404);
    app.clock.pass(Duration::minutes(5));
    assert_eq!(redeem(&app, &second, "jane").await.0, 404);
    assert_eq!(redeem(&app, &second, "sam").await.0, 404);
    assert_eq!(app.attempt(&id).await["state"], "pending");
    app.clock.pass(Duration::minutes(61));
    assert_eq!(end(&app.attempt(&id).await), ("unverified", "completion_missing"));
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    assert!(app.connections("jane").await.is_empty());
}

#[tokio::test]
async fn malformed_completion_is_refused() {
    let app = app().await;
    let mut jane = by_link(&app, json!({})).await;
    let code = allowed(&app, &mut jane, "slack").await;
    let (long, turned) = ("A".repeat(9000), code.chars().rev().collect::<String>());
    for wrong in ["", "x", "A-code-that-was-never-made", &turned, &format!("{code}A"), "\u{0}%00<script>", &long] {
        let (status, problem) = redeem(&app, wrong, "jane").await;
        assert_eq!((status, &problem["detail"]), (404, &json!("No link attempt waits for this code.")), "{wrong}");
    }
    for (body, field) in [
        (json!({ "completion": code }), "user_id"),
        (json!({ "completion": code, "user_id": "" }), "user_id"),
        (json!({ "completion": code, "user_id": { "id": "jane" } }), "user_id"),
        (json!({ "completion": 7, "user_id": "jane" }), "completion"),
        (json!({ "completion": code, "user_id": "jane", "force": true }), "force"),
    ] {
        let (status, problem) = app.api("POST", "/link-attempts/complete", Some(body.clone())).await;
        let named = problem["errors"][0]["field"].as_str().unwrap_or_default();
        assert_eq!(status, 422, "{body}: {problem}");
        assert!(named == field || named == ".", "{body}: {problem}");
        assert!(!problem.to_string().contains(&code), "{problem}");
    }
    let asked = json!({ "completion": code, "user_id": "jane" });
    let keyless = app.request("POST", "/api/v1/link-attempts/complete").json(&asked).send().await.unwrap();
    assert_eq!(keyless.status(), 401);
    let text = app.request("POST", "/api/v1/link-attempts/complete").bearer_auth(HOST_KEY).body(asked.to_string());
    assert_eq!(text.send().await.unwrap().status(), 415);
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(app.api(method, "/link-attempts/complete", None).await.0, 405, "{method}");
    }
    assert_eq!(redeem(&app, &code, "jane").await.0, 200, "none of it used the code up");
}

#[tokio::test]
async fn completion_in_another_browser_stays_at_the_host() {
    let app = app().await;
    let mut jane = by_link(&app, json!({})).await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let phone = app.browser().navigate(&back, "cross-site").await;
    let told = brought(phone.location());
    let (status, answer) = redeem(&app, &told["gangway_completion"], "jane").await;
    assert_eq!((status, end(&answer)), (200, ("linked", "new")));
    let id = answer["id"].as_str().unwrap();
    assert_eq!(answer["continue_url"], format!("{RETURN_URL}?gangway_attempt_id={id}&gangway_state=linked"));
    assert_eq!(jane.get(&format!("/attempts/{id}")).await.heading(), "Slack is connected");
}

#[tokio::test]
async fn after_return_stays_at_the_host() {
    let app = app().await;
    let mut jane = by_link(&app, json!({ "after": "return" })).await;
    let code = allowed(&app, &mut jane, "slack").await;
    let (_, answer) = redeem(&app, &code, "jane").await;
    let id = answer["id"].as_str().unwrap();
    assert_eq!(answer["continue_url"], format!("{RETURN_URL}?gangway_attempt_id={id}&gangway_state=linked"));
}

#[tokio::test]
async fn saved_key_is_completed() {
    let app = app().await;
    let mut jane = by_link(&app, json!({})).await;
    let saved = jane.link("shippo", &[("data.token", "shippo_live_1")]).await;
    let page = jane.get(saved.location()).await;
    let code = brought(page.location())["gangway_completion"].clone();
    assert!(app.connections("jane").await.is_empty());
    assert_eq!(end(&redeem(&app, &code, "jane").await.1), ("linked", "key_saved"));
    assert_eq!(app.connections("jane").await.len(), 1);
}

#[tokio::test]
async fn setting_selects_the_sessions_to_complete() {
    for (setting, from_host, from_link) in [
        (VerifyCompletion::Never, false, false),
        (VerifyCompletion::Links, false, true),
        (VerifyCompletion::Always, true, true),
    ] {
        let app = TestApp::spawn_with(|settings| settings.host.verify_completion = setting).await;
        let mut arrived = app.arrived().await;
        assert_eq!(arrived.link_and_allow(&app.sandbox, "slack").await.status == 303, from_host, "{setting:?}");
        let mut linked = by_link(&app, json!({})).await;
        assert_eq!(linked.link_and_allow(&app.sandbox, "notion").await.status == 303, from_link, "{setting:?}");
    }
}

#[tokio::test]
async fn unreturned_credential_is_deleted_with_completion() {
    let app = TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Always).await;
    let leaving = app.arrived().await.leave_for("slack").await;
    app.sandbox.approve(&leaving).unwrap();
    app.clock.pass(Duration::minutes(66));
    app.until("the deletion", async || app.held("jane").is_empty()).await;
    assert_eq!(end(&app.last_attempt("jane", "slack").await), ("unverified", "no_return"));
    assert!(app.connections("jane").await.is_empty());
}
