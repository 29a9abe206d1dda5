//! Reconnecting, where `whoami` names an account: page and event say whether it is the one from before.

use std::time::Instant;

use futures_util::future::{join, join_all};
use gangway::{
    config::VerifyCompletion,
    domain::session::ExternalId,
    sandbox::{Fault, Route, Switch},
};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::TestApp,
    browser::{Browser, Page},
    proof::asks,
};

const OTHER: &str = "This is another account than before";
const STILL_THERE: &str = "The earlier connection Jane's Slack is still there.";

async fn spawn() -> TestApp {
    TestApp::spawn_with(|settings| asks(settings, "slack", "whoami", Some("Workspace"))).await
}

/// Jane's Slack is connected, to the workspace Acme HQ.
async fn connected() -> (TestApp, Browser) {
    let app = spawn().await;
    let mut jane = app.arrived().await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    (app, jane)
}

/// Allows Jane's first connection once more at the provider; gives the address back.
async fn allow_again(app: &TestApp, jane: &mut Browser) -> String {
    let replaces = app.held("jane").remove(0);
    let page = jane.get(&format!("/connectors/slack?replaces={replaces}")).await;
    let leaving = jane.submit(&page, "/connectors/slack/link", &[]).await;
    app.sandbox.shift_clock(Duration::seconds(3));
    app.sandbox.approve(leaving.location()).unwrap().unwrap()
}

async fn reconnect(app: &TestApp, jane: &mut Browser) -> Page {
    let back = allow_again(app, jane).await;
    jane.come_back(&back).await
}

/// What the last event of a replaced connection says.
async fn same_account(app: &TestApp) -> Value {
    let events = app.store.events(&ExternalId::parse("jane").unwrap(), 0).await.unwrap();
    let events: Vec<_> = events.into_iter().filter(|event| event.kind != "connection.needs_reconnect").collect();
    let bodies: Vec<Value> = events.iter().map(|event| serde_json::from_str(&event.body).unwrap()).collect();
    let [.., replaced, ended] = bodies.as_slice() else { panic!("{bodies:?}") };
    assert_eq!((&replaced["type"], &ended["type"]), (&json!("connection.replaced"), &json!("link_attempt.ended")));
    assert_eq!(ended["data"].get("same_account"), Some(&Value::Null));
    assert!(events[..events.len() - 2].iter().all(|event| event.body.contains(r#""same_account":null"#)));
    replaced["data"]["same_account"].clone()
}

#[tokio::test]
async fn same_account_is_reported_as_such() {
    for name in ["Acme HQ", "ACME hq", "  acme HQ\n"] {
        let (app, mut jane) = connected().await;
        app.sandbox.name_account(name);
        let page = reconnect(&app, &mut jane).await;
        assert!(page.text().contains(STILL_THERE) && !page.text().contains(OTHER), "{name}: {}", page.text());
        assert_eq!(same_account(&app).await, json!(true), "{name}");
        assert_eq!(app.sandbox.count(Route::Execute), 2, "{name}: one call for each link");
    }
}

#[tokio::test]
async fn other_account_is_named_and_asked_about() {
    let (app, mut jane) = connected().await;
    app.sandbox.name_account("Globex");
    let page = reconnect(&app, &mut jane).await;
    assert_eq!(page.heading(), "Slack is connected");
    assert!(page.text().contains(&format!("{OTHER}: Globex, not Acme HQ.")), "{}", page.text());
    assert!(!page.text().contains(STILL_THERE), "{}", page.text());
    assert_eq!(page.all("form.note .button"), ["Keep both", "Remove the earlier one"]);
    assert_eq!(page.attributes("form.note .button", "class"), ["button", "button"], "neither is preferred");
    assert_eq!(same_account(&app).await, json!(false));
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((&attempt["proof"], &attempt["account"]), (&json!("works"), &json!("Globex")));
    let steps: Vec<&Value> = attempt["timeline"].as_array().unwrap().iter().map(|step| &step["event"]).collect();
    assert_eq!(steps, ["began", "sent", "returned", "ended", "proved"]);
    assert_eq!((app.sandbox.count(Route::Execute), app.connections("jane").await.len()), (2, 2));
}

#[tokio::test]
async fn key_of_another_account_is_told_from_the_earlier_one() {
    let app = TestApp::spawn_with(|settings| asks(settings, "trello", "whoami", None)).await;
    let mut jane = app.arrived().await;
    let key = [("data.apiKey", "a-key"), ("data.token", "a-token")];
    let saved = jane.link("trello", &key).await;
    jane.get(saved.location()).await;
    app.sandbox.name_account("sam@acme.test");
    let page = jane.get(&format!("/connectors/trello?replaces={}", app.held("jane")[0])).await;
    let other_key = [("data.apiKey", "a-key"), ("data.token", "another-token")];
    let saved = jane.submit(&page, "/connectors/trello/link", &other_key).await;
    let page = jane.get(saved.location()).await;
    assert!(page.text().contains(&format!("{OTHER}: sam@acme.test, not Jane Doe.")), "{}", page.text());
    assert_eq!((same_account(&app).await, app.sandbox.count(Route::Execute)), (json!(false), 2));
}

#[tokio::test]
async fn renewed_connection_is_compared_with_itself() {
    for (name, same) in [("Acme HQ", true), ("Globex", false)] {
        let (app, mut jane) = connected().await;
        app.sandbox.switch_on(Fault::ReconnectRenews);
        app.pass_everywhere(Duration::minutes(2));
        app.sandbox.name_account(name);
        let page = reconnect(&app, &mut jane).await;
        assert_eq!(page.heading(), "Slack is connected again");
        assert_eq!(page.text().contains(&format!("{OTHER}: Globex, not Acme HQ.")), !same, "{}", page.text());
        assert!(!page.text().contains("Remove the earlier one"), "{}", page.text());
        assert_eq!((same_account(&app).await, app.held("jane").len()), (json!(same), 1), "{name}");
        assert_eq!(app.connections("jane").await[0]["account"], name);
    }
}

/// *Another account* is asked for, and Alloy renews the connection that is there.
#[tokio::test]
async fn renewal_is_the_same_account_only_if_whoami_says_so() {
    for (name, says) in [("acme hq", "This is the same account as before."), ("Globex", OTHER)] {
        let (app, mut jane) = connected().await;
        app.sandbox.switch_on(Fault::ReconnectRenews);
        app.pass_everywhere(Duration::minutes(2));
        app.sandbox.name_account(name);
        let page = jane.link_and_allow(&app.sandbox, "slack").await;
        assert!(page.text().contains(says), "{name}: {}", page.text());
        assert_eq!(page.text().contains("This is the same account"), says != OTHER, "{name}");
        assert_eq!(app.events("jane").await[2..], ["connection.linked", "link_attempt.ended"]);
    }
}

#[tokio::test]
async fn failed_proof_leaves_the_account_unknown() {
    let faults: [Switch; 5] = [
        Fault::DeadCredentials.into(),
        Fault::ActionFails.into(),
        Fault::NotServed.on(Route::Execute),
        Fault::ServerErrors.on(Route::Execute),
        Fault::NotJson.on(Route::Execute),
    ];
    for fault in faults {
        let (app, mut jane) = connected().await;
        app.sandbox.name_account("Globex");
        app.sandbox.switch_on(fault);
        let page = reconnect(&app, &mut jane).await;
        assert!(page.status == 200 && !page.text().contains(OTHER), "{fault}: {}", page.text());
        assert_eq!(app.last_attempt("jane", "slack").await["state"], "linked", "{fault}");
        assert_eq!(same_account(&app).await, Value::Null, "{fault}");
        assert_eq!(app.sandbox.count(Route::Execute), 2, "{fault}: the page makes no further call");
    }
}

#[tokio::test]
async fn unknown_earlier_account_is_not_compared() {
    // Connected without Gangway, or by a link whose proof failed.
    for external in [true, false] {
        let app = spawn().await;
        let mut jane = app.arrived().await;
        if external {
            jane.get("/connectors").await;
            let user = app.sandbox.user("gangway-jane").unwrap().user_id;
            app.sandbox.add_credential(&user, "slack").unwrap();
            app.pass_everywhere(Duration::minutes(2));
        } else {
            app.sandbox.switch_on(Fault::DeadCredentials);
            jane.link_and_allow(&app.sandbox, "slack").await;
            app.sandbox.switch_all_off();
        }
        let page = reconnect(&app, &mut jane).await;
        assert!(page.text().contains(STILL_THERE) && !page.text().contains(OTHER), "{}", page.text());
        assert_eq!(same_account(&app).await, Value::Null);
        assert_eq!(app.last_attempt("jane", "slack").await["account"], "Acme HQ");
    }
}

#[tokio::test]
async fn slow_proof_delays_page_and_event_three_seconds() {
    let (app, mut jane) = connected().await;
    let back = allow_again(&app, &mut jane).await;
    app.sandbox.switch_on(Fault::Slow.with(30).on(Route::Execute));
    let began = Instant::now();
    let page = jane.come_back(&back).await;
    let took = began.elapsed();
    assert!(page.text().contains(STILL_THERE), "{}", page.text());
    assert!(took < std::time::Duration::from_millis(5_500), "{took:?}");
    assert_eq!((same_account(&app).await, app.sandbox.count(Route::Execute)), (Value::Null, 2));
}

#[tokio::test]
async fn simultaneous_pages_share_the_proof_of_a_replacement() {
    let (app, mut jane) = connected().await;
    app.sandbox.name_account("Globex");
    let back = allow_again(&app, &mut jane).await;
    app.sandbox.switch_on(Fault::Slow.with(1).on(Route::Execute));
    let path = jane.navigate(&back, "cross-site").await.location().to_owned();
    let pages = (0..20).map(|_| {
        let (mut tab, path) = (jane.clone(), &path);
        async move { tab.get(path).await.text() }
    });
    let texts = join_all(pages).await;
    assert!(texts.iter().all(|text| text.contains("Globex, not Acme HQ.")), "{texts:?}");
    assert_eq!((same_account(&app).await, app.sandbox.count(Route::Execute)), (json!(false), 2));
}

#[tokio::test]
async fn foreign_return_during_the_proof_replaces_nothing() {
    let (app, mut jane) = connected().await;
    let back = allow_again(&app, &mut jane).await;
    let path = jane.navigate(&back, "cross-site").await.location().to_owned();
    app.sandbox.switch_on(Fault::Slow.with(2).on(Route::Execute));
    let foreign = async {
        app.until("the proof", async || app.sandbox.count(Route::Execute) == 2).await;
        app.browser().navigate(&back, "cross-site").await
    };
    join(jane.get(&path), foreign).await;
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "unverified");
    // The deletion of the credential follows.
    assert_eq!(app.events("jane").await[2..4], ["connection.unverified", "link_attempt.ended"]);
}

async fn complete(app: &TestApp, page: &Page) -> Value {
    let url = url::Url::parse(page.location()).unwrap();
    let code = url.query_pairs().find(|(name, _)| name == "gangway_completion").unwrap().1.into_owned();
    let body = json!({ "completion": code, "user_id": "jane" });
    let (status, answer) = app.api("POST", "/link-attempts/complete", Some(body)).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

#[tokio::test]
async fn completion_by_the_host_compares_the_accounts() {
    let app = TestApp::spawn_with(|settings| {
        settings.host.verify_completion = VerifyCompletion::Always;
        asks(settings, "slack", "whoami", None);
    })
    .await;
    let mut jane = app.arrived().await;
    let page = jane.link_and_allow(&app.sandbox, "slack").await;
    assert_eq!(complete(&app, &page).await["account"], "Acme HQ");
    app.sandbox.name_account("Globex");
    let page = reconnect(&app, &mut jane).await;
    assert_eq!(app.sandbox.count(Route::Execute), 1, "nothing is proved before the host confirms");
    assert_eq!(complete(&app, &page).await["account"], "Globex");
    assert_eq!((same_account(&app).await, app.sandbox.count(Route::Execute)), (json!(false), 2));
}
