//! What was linked is tried with one harmless call: whose account it is, and whether a key works at all.

use std::time::Instant;

use futures_util::future::join_all;
use gangway::{
    config::{ConnectorSettings, Settings, VerifyCompletion},
    domain::connector::Whoami,
    sandbox::{Fault, Route},
};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{RETURN_URL, TestApp},
    browser::{Browser, Page},
};

/// How the settings ask whose account it is at that app.
pub(crate) fn asks(settings: &mut Settings, connector: &str, action: &str, label: Option<&str>) {
    let label = label.map(str::to_owned);
    let whoami = Some(Whoami { action: action.to_owned(), field: "account".to_owned(), label });
    let table = ConnectorSettings { id: connector.to_owned(), enabled: true, whoami, ..ConnectorSettings::default() };
    settings.connectors.each.insert(connector.to_owned(), table);
}

async fn spawn() -> TestApp {
    TestApp::spawn_with(|settings| {
        asks(settings, "slack", "whoami", Some("Workspace"));
        asks(settings, "trello", "whoami", Some("Account"));
        asks(settings, "shippo", "whoami", None);
    })
    .await
}

/// Saves a key; gives the last page.
async fn save(browser: &mut Browser, connector: &str, answers: &[(&str, &str)]) -> Page {
    let saved = browser.link(connector, answers).await;
    let path = saved.location().to_owned();
    browser.get(&path).await
}

/// What the API says of the newest attempt at that app, and of the user's only connection: the same of both.
async fn told(app: &TestApp, connector: &str) -> [Value; 3] {
    let (attempt, connections) = (app.last_attempt("jane", connector).await, app.connections("jane").await);
    let [connection] = connections.as_slice() else { panic!("{connections:?}") };
    ["proof", "account_label", "account"].map(|name| {
        assert_eq!(attempt[name], connection[name], "{name}: {attempt} {connection}");
        attempt[name].clone()
    })
}

fn steps(attempt: &Value) -> Vec<&str> {
    attempt["timeline"].as_array().unwrap().iter().map(|step| step["event"].as_str().unwrap()).collect()
}

const TRELLO: [(&str, &str); 2] = [("data.apiKey", "a-key"), ("data.token", "a-token")];
const DEAD: [(&str, &str); 2] = [("data.apiKey", "a-key"), ("data.token", "a-revoked-token")];

#[tokio::test]
async fn whoami_is_called_once_and_shows_the_account() {
    let app = spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(page.heading(), "Slack is connected");
    assert_eq!(told(&app, "slack").await, [json!("works"), json!("Workspace"), json!("Acme HQ")]);
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("linked"), Some("new")));
    assert_eq!(steps(&attempt), ["began", "sent", "returned", "ended", "proved"]);
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);
    app.clock.pass(Duration::hours(1));
    let session = app.arrived().await.get(&format!("/attempts/{}", attempt["id"].as_str().unwrap())).await;
    assert_eq!(session.status, 200);
    assert_eq!(app.sandbox.count(Route::Execute), 1, "what is proved is not tried again");
    let call = app.sandbox.calls().into_iter().find(|call| call.route == Some(Route::Execute)).unwrap();
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    assert_eq!(
        (call.header("x-alloy-userid"), call.json()),
        (Some(jane.as_str()), json!({ "credentialId": attempt["credential_id"] }))
    );
}

#[tokio::test]
async fn working_key_is_proved_in_both_answer_forms() {
    for (connector, answers, label) in
        [("trello", &TRELLO[..], json!("Account")), ("shippo", &[("data.token", "shippo_live_1")], json!(null))]
    {
        let app = spawn().await;
        save(&mut app.arrived().await, connector, answers).await;
        assert_eq!(told(&app, connector).await, [json!("works"), label, json!("Jane Doe")]);
        assert_eq!(app.last_attempt("jane", connector).await["reason"], "key_saved");
    }
}

#[tokio::test]
async fn refused_key_is_shown_until_it_works() {
    let app = spawn().await;
    let mut browser = app.arrived().await;
    let page = save(&mut browser, "trello", &DEAD).await;
    assert_eq!(page.status, 200);
    assert_eq!(told(&app, "trello").await, [json!("refused"), json!(null), json!(null)]);
    let attempt = app.last_attempt("jane", "trello").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("linked"), Some("key_saved")));
    assert_eq!(steps(&attempt), ["began", "ended", "not_working"]);
    assert_eq!(app.sandbox.count(Route::Execute), 1, "the next look comes after a minute");
    // Connected anew with a key that works, the new one is proved, and the old one stays what it is.
    save(&mut browser, "trello", &TRELLO).await;
    let mut proofs: Vec<Value> = app.connections("jane").await.iter().map(|one| one["proof"].clone()).collect();
    proofs.sort_by_key(Value::to_string);
    assert_eq!(proofs, [json!("refused"), json!("works")]);
}

#[tokio::test]
async fn refused_proof_is_repeated_after_a_minute() {
    let app = spawn().await;
    app.sandbox.switch_on(Fault::DeadCredentials);
    let mut browser = app.arrived().await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(told(&app, "slack").await, [json!("refused"), json!(null), json!(null)]);
    app.sandbox.switch_all_off();
    assert_eq!(told(&app, "slack").await[0], "refused");
    assert_eq!(app.sandbox.count(Route::Execute), 1);
    app.clock.pass(Duration::seconds(61));
    assert_eq!(told(&app, "slack").await, [json!("works"), json!("Workspace"), json!("Acme HQ")]);
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(steps(&attempt), ["began", "sent", "returned", "ended", "not_working", "proved"]);
    // Linked by a credential of its own, the next one begins as unknown, and a refusal may hide in a good answer.
    app.sandbox.switch_on(Fault::ActionFails);
    browser.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(app.last_attempt("jane", "slack").await["proof"], "refused");
    // Such an answer does not say that the credential was refused, so the host is not told a second time.
    let needs = app.events("jane").await.iter().filter(|kind| *kind == "connection.needs_reconnect").count();
    assert_eq!(needs, 1);
}

#[tokio::test]
async fn failed_proof_leaves_the_page_intact() {
    for fault in [
        Fault::NotServed.into(),
        Fault::ServerErrors.into(),
        Fault::RateLimited.with(60),
        Fault::KeyRefused.into(),
        Fault::NotJson.into(),
        Fault::Empty.into(),
        Fault::CutOff.into(),
        Fault::Redirected.into(),
    ] {
        let app = spawn().await;
        app.sandbox.switch_on(fault.on(Route::Execute));
        let mut browser = app.arrived().await;
        let page = browser.link_and_allow(&app.sandbox, "slack").await;
        assert_eq!(page.heading(), "Slack is connected", "{fault}");
        assert_eq!(told(&app, "slack").await, [json!(null), json!(null), json!(null)], "{fault}");
        assert_eq!(app.sandbox.count(Route::Execute), 1, "{fault}");
        assert_eq!(browser.get("/connectors").await.status, 200, "{fault}: no other call is held back");
    }
}

#[tokio::test]
async fn slow_proof_times_out_and_is_shared() {
    let app = spawn().await;
    app.sandbox.switch_on(Fault::Slow.with(30).on(Route::Execute));
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let path = browser.navigate(&back, "cross-site").await.location().to_owned();
    let began = Instant::now();
    let pages = (0..50).map(|_| {
        let (mut tab, path) = (browser.clone(), &path);
        async move { tab.get(path).await.heading() }
    });
    assert!(join_all(pages).await.iter().all(|heading| heading == "Slack is connected"));
    assert!(began.elapsed() < std::time::Duration::from_secs(8), "{:?}", began.elapsed());
    assert_eq!(app.sandbox.count(Route::Execute), 1);
    assert_eq!(told(&app, "slack").await[0], json!(null));
}

#[tokio::test]
async fn simultaneous_pages_share_one_proof() {
    let app = spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    let path = browser.navigate(&back, "cross-site").await.location().to_owned();
    let pages = (0..50).map(|_| {
        let (mut tab, path) = (browser.clone(), &path);
        async move { tab.get(path).await.status }
    });
    assert!(join_all(pages).await.iter().all(|status| *status == 200));
    assert_eq!(app.sandbox.count(Route::Execute), 1);
    assert_eq!(steps(&app.last_attempt("jane", "slack").await), ["began", "sent", "returned", "ended", "proved"]);
}

#[tokio::test]
async fn odd_or_missing_action_proves_nothing() {
    let odd = "../who am/i?x=1#y%2f\u{e9}";
    let app = TestApp::spawn_with(|settings| asks(settings, "slack", odd, None)).await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(told(&app, "slack").await[0], json!(null));
    let call = app.sandbox.calls().into_iter().find(|call| call.route == Some(Route::Execute)).unwrap();
    assert_eq!(call.path, "/connectors/slack/actions/..%2Fwho%20am%2Fi%3Fx=1%23y%252f%C3%A9/execute");
    assert_eq!(call.status, 404);
}

#[tokio::test]
async fn nothing_is_proved_without_setting_or_link() {
    let app = TestApp::spawn_with(|settings| asks(settings, "trello", "whoami", None)).await;
    let mut browser = app.arrived().await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    save(&mut browser, "shippo", &[("data.token", "shippo_live_1")]).await;
    browser.leave_for("notion").await;
    assert_eq!(app.sandbox.count(Route::Execute), 0);
    assert_eq!(app.last_attempt("jane", "slack").await["proof"], json!(null));
}

#[tokio::test]
async fn proof_precedes_the_return_to_the_host() {
    let app = spawn().await;
    let mut browser = app.arrived_with(json!({ "after": "return", "return_url": RETURN_URL })).await;
    let page = browser.link_and_allow(&app.sandbox, "slack").await;
    assert!(page.location().starts_with(RETURN_URL));
    assert_eq!(app.connections("jane").await[0]["account"], "Acme HQ");
}

#[tokio::test]
async fn completion_proves_in_the_same_answer() {
    let app = TestApp::spawn_with(|settings| {
        settings.host.verify_completion = VerifyCompletion::Always;
        asks(settings, "slack", "whoami", Some("Workspace"));
    })
    .await;
    let mut browser = app.arrived().await;
    let page = browser.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(app.sandbox.count(Route::Execute), 0);
    let url = url::Url::parse(page.location()).unwrap();
    let code = url.query_pairs().find(|(name, _)| name == "gangway_completion").unwrap().1.into_owned();
    let wanted = json!({ "completion": code, "user_id": "jane" });
    let (status, answer) = app.api("POST", "/link-attempts/complete", Some(wanted)).await;
    assert_eq!((status, &answer["state"], &answer["proof"]), (200, &json!("linked"), &json!("works")), "{answer}");
    assert_eq!((&answer["account_label"], &answer["account"]), (&json!("Workspace"), &json!("Acme HQ")));
}

#[tokio::test]
async fn revoked_link_loses_its_account() {
    let app = spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    browser.come_back(&back).await;
    assert_eq!(told(&app, "slack").await[2], "Acme HQ");
    app.browser().navigate(&back, "cross-site").await;
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!(
        (&attempt["state"], &attempt["proof"], &attempt["account"]),
        (&json!("unverified"), &json!(null), &json!(null))
    );
    assert_eq!(app.sandbox.count(Route::Execute), 1);
}
