//! The host reports that a connection was refused, and the user connects it again.

use futures_util::future::join_all;
use gangway::sandbox::{Fault, Route};
use serde_json::{Value, json};
use time::Duration;

use crate::{app::TestApp, browser::Browser, proof::asks};

const UNKNOWN: &str = "67a37f29e0aa276e50d7253a";
const NEEDS: &str = "connection.needs_reconnect";
const NOTE: &str = "Slack no longer accepts Jane's Slack, so Acme Notes cannot use it.";

pub(crate) async fn report(app: &TestApp, user: &str, credential: &str) -> u16 {
    app.api("POST", &format!("/users/{user}/connections/{credential}/refused"), None).await.0
}

/// Jane has linked Slack: her browser, and the credential.
async fn linked(app: &TestApp) -> (Browser, String) {
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let credential = app.connections("jane").await[0]["credential_id"].as_str().unwrap().to_owned();
    (jane, credential)
}

pub(crate) async fn statuses(app: &TestApp) -> Vec<String> {
    let status = |one: &Value| one["status"].as_str().unwrap().to_owned();
    app.connections("jane").await.iter().map(status).collect()
}

/// The bodies of the events of that type.
async fn told(app: &TestApp, kind: &str) -> Vec<Value> {
    let events = app.store.events(&gangway::domain::session::ExternalId::parse("jane").unwrap(), 0).await.unwrap();
    let told = events.iter().filter(|event| event.kind == kind);
    told.map(|event| serde_json::from_str(&event.body).unwrap()).collect()
}

fn lists(app: &TestApp) -> usize {
    app.sandbox.count(Route::ListUserCredentials)
}

async fn refused_until_connected_again(app: TestApp) {
    let (mut jane, credential) = linked(&app).await;
    assert_eq!(statuses(&app).await, ["connected"]);
    let before = app.connections("jane").await;
    for _ in 0..3 {
        assert_eq!(report(&app, "jane", &credential).await, 204);
    }
    assert_eq!(statuses(&app).await, ["needs_reconnect"]);
    let [event] = &told(&app, NEEDS).await[..] else { panic!("{:?}", app.events("jane").await) };
    let data = &event["data"];
    assert_eq!((&data["credential_id"], &data["connector"]), (&json!(credential), &json!("slack")), "{event}");
    assert_eq!((&data["attempt_id"], &data["state"]), (&before[0]["attempt_id"], &json!("linked")), "{event}");
    assert_eq!((&data["user_id"], &data["sequence"]), (&json!("jane"), &json!(3)), "{event}");
    assert_eq!(app.held("jane"), std::slice::from_ref(&credential), "nothing is deleted");

    let page = jane.get("/connectors/slack").await;
    assert_eq!(page.heading(), "Slack needs attention");
    assert!(page.text().contains(NOTE), "{}", page.text());
    assert_eq!(page.all(".primary"), ["Connect again"]);
    let again = jane.get(&page.attributes("a.primary", "href")[0]).await;
    let leaving = jane.submit(&again, "/connectors/slack/link", &[]).await;
    app.sandbox.shift_clock(Duration::seconds(3));
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    assert_eq!(statuses(&app).await, ["connected", "connected"]);
    assert_eq!(jane.get("/connectors/slack").await.heading(), "Slack is connected");
    let new = app.last_attempt("jane", "slack").await["credential_id"].as_str().unwrap().to_owned();
    assert_eq!(report(&app, "jane", &new).await, 204);
    assert_eq!((statuses(&app).await.last().unwrap().as_str(), told(&app, NEEDS).await.len()), ("needs_reconnect", 2));
}

#[tokio::test]
async fn refused_connection_is_connected_again() {
    refused_until_connected_again(TestApp::spawn().await).await;
}

#[tokio::test]
async fn refused_connection_is_connected_again_on_postgres() {
    refused_until_connected_again(TestApp::spawn_on_postgres().await).await;
}

#[tokio::test]
async fn renewal_in_place_ends_the_refusal() {
    let app = TestApp::spawn().await;
    let (mut jane, credential) = linked(&app).await;
    assert_eq!(report(&app, "jane", &credential).await, 204);
    app.pass_everywhere(Duration::minutes(2));
    app.sandbox.switch_on(Fault::ReconnectRenews);
    let page = jane.get(&format!("/connectors/slack?replaces={credential}")).await;
    let leaving = jane.submit(&page, "/connectors/slack/link", &[]).await;
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected again");
    assert_eq!((app.held("jane"), statuses(&app).await), (vec![credential.clone()], vec!["connected".to_owned()]));
    assert_eq!(report(&app, "jane", &credential).await, 204);
    assert_eq!((statuses(&app).await, told(&app, NEEDS).await.len()), (vec!["needs_reconnect".to_owned()], 2));
}

#[tokio::test]
async fn list_of_apps_shows_first_what_needs_attention() {
    let app = TestApp::spawn().await;
    let (mut jane, _) = linked(&app).await;
    jane.link_and_allow(&app.sandbox, "notion").await;
    let rows = async |jane: &mut Browser| jane.get("/connectors").await.all("section:first-of-type .row");
    let before = rows(&mut jane).await;
    assert!(!before.iter().any(|row| row.contains("attention")), "{before:?}");
    let last = if before[1].starts_with("Slack") { "slack" } else { "notion" };
    let credential = app.last_attempt("jane", last).await["credential_id"].as_str().unwrap().to_owned();
    assert_eq!(report(&app, "jane", &credential).await, 204);
    let after = rows(&mut jane).await;
    assert!(after[0].to_lowercase().starts_with(last) && after[0].contains("needs attention"), "{after:?}");
    assert!(!after[1].contains("attention"), "{after:?}");
    let signs = jane.get("/connectors").await.attributes(".attention svg", "aria-hidden");
    assert_eq!(signs, ["true"], "a sign beside the words, not colour alone");
}

#[tokio::test]
async fn external_connection_is_refused_too() {
    let app = TestApp::spawn().await;
    let jane = app.sandbox.add_user("gangway-jane", None);
    let external = app.sandbox.add_credential(&jane, "notion").unwrap();
    assert_eq!(report(&app, "jane", &external).await, 204);
    assert_eq!(statuses(&app).await, ["needs_reconnect"]);
    let [event] = &told(&app, NEEDS).await[..] else { panic!("{:?}", app.events("jane").await) };
    let data = &event["data"];
    assert_eq!((&data["attempt_id"], &data["credential_id"]), (&Value::Null, &json!(external)), "{event}");
    assert_eq!(app.api("DELETE", &format!("/users/jane/connections/{external}"), None).await.0, 204);
    assert_eq!(app.events("jane").await, [NEEDS, "connection.removed"]);
    assert_eq!(report(&app, "jane", &external).await, 404, "it is gone");
}

#[tokio::test]
async fn other_or_unknown_connection_is_not_found() {
    let app = TestApp::spawn().await;
    let (_, credential) = linked(&app).await;
    app.arrived_with(json!({ "user": { "id": "sam" } })).await.get("/connectors").await;
    for (user, refused) in [
        ("sam", credential.as_str()),
        ("unknown", &credential),
        ("jane", UNKNOWN),
        ("jane", "..%2fadmin"),
        ("%00", &credential),
    ] {
        assert_eq!(report(&app, user, refused).await, 404, "{user} {refused}");
    }
    assert_eq!((statuses(&app).await, told(&app, NEEDS).await.len()), (vec!["connected".to_owned()], 0));
    assert_eq!(report(&app, "jane", &credential).await, 204);
    assert_eq!(report(&app, "sam", &credential).await, 404, "nor once it is known");
}

#[tokio::test]
async fn flood_of_reports_costs_few_calls_and_one_event() {
    let app = TestApp::spawn_with(|settings| settings.limits.per_key.requests = 100_000).await;
    let (_, credential) = linked(&app).await;
    app.sandbox.forget_calls();
    let began = std::time::Instant::now();
    let first = join_all((0..50).map(|_| report(&app, "jane", &credential))).await;
    assert!(first.iter().all(|status| *status == 204), "{first:?}");
    assert_eq!(join_all((0..50).map(|_| report(&app, "jane", UNKNOWN))).await, [404; 50]);
    let most = 2 + usize::try_from(began.elapsed().as_secs() / 2).unwrap();
    assert!(lists(&app) <= most, "{} calls", lists(&app));
    // Another process has no listing of the last two seconds, and needs none.
    let other = app.beside().await;
    app.sandbox.forget_calls();
    for _ in 0..20 {
        assert_eq!(report(&other, "jane", &credential).await, 204);
    }
    assert_eq!((lists(&app), told(&app, NEEDS).await.len()), (0, 1));
}

#[tokio::test]
async fn refusal_of_a_linked_connection_needs_no_list() {
    let app = TestApp::spawn().await;
    let (_, credential) = linked(&app).await;
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    let external = app.sandbox.add_credential(&jane, "notion").unwrap();
    app.sandbox.switch_on(Fault::ServerErrors);
    assert_eq!(report(&app, "jane", &external).await, 503, "whose it is, only the list says");
    assert_eq!(report(&app, "jane", &credential).await, 204);
    app.sandbox.switch_all_off();
    assert_eq!(statuses(&app).await, ["needs_reconnect", "connected"]);
}

#[tokio::test]
async fn removed_connection_takes_its_refusal_along() {
    let app = TestApp::spawn().await;
    let (_, credential) = linked(&app).await;
    assert_eq!(report(&app, "jane", &credential).await, 204);
    assert_eq!(app.api("DELETE", &format!("/users/jane/connections/{credential}"), None).await.0, 204);
    assert_eq!(report(&app, "jane", &credential).await, 404);
    assert_eq!(app.events("jane").await[2..], [NEEDS, "connection.removed"]);
    let user = gangway::domain::session::ExternalId::parse("jane").unwrap();
    assert!(app.store.user_link_state(&user).await.unwrap().refused.is_empty());
}

#[tokio::test]
async fn refused_proof_needs_reconnecting_until_one_succeeds() {
    let app = TestApp::spawn_with(|settings| asks(settings, "slack", "whoami", None)).await;
    app.sandbox.switch_on(Fault::DeadCredentials);
    let (_, credential) = linked(&app).await;
    assert_eq!((statuses(&app).await, told(&app, NEEDS).await.len()), (vec!["needs_reconnect".to_owned()], 1));
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended", NEEDS]);
    app.sandbox.switch_all_off();
    app.clock.pass(Duration::seconds(61));
    assert_eq!(app.last_attempt("jane", "slack").await["proof"], "works");
    assert_eq!(statuses(&app).await, ["connected"]);
    assert_eq!(report(&app, "jane", &credential).await, 204);
    assert_eq!((statuses(&app).await, told(&app, NEEDS).await.len()), (vec!["needs_reconnect".to_owned()], 2));
}

#[tokio::test]
async fn report_of_a_user_who_shares_the_alloy_user_is_that_users_event() {
    let app = TestApp::spawn().await;
    let (mut jane, credential) = linked(&app).await;
    let alloy_user = app.connections("jane").await[0]["alloy_user_id"].clone();
    let session = json!({ "user": { "id": "sam", "alloy_user_id": alloy_user } });
    assert_eq!(app.api("POST", "/connect-sessions", Some(session)).await.0, 201);
    assert_eq!(report(&app, "sam", &credential).await, 204);
    assert_eq!(app.events("sam").await, [NEEDS]);
    jane.link_and_allow(&app.sandbox, "hubspot").await;
    assert_eq!(app.events("jane").await[2..], ["connection.linked", "link_attempt.ended"]);
}
