//! The host has a user forgotten: nothing has their name any more, and nothing that was in doubt comes back as good.

mod alloy_user;
mod beside;
mod sequence;

use std::collections::BTreeSet;

use gangway::{
    config::Settings,
    domain::session::ExternalId,
    sandbox::{Fault, Route},
};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::TestApp, browser::Browser, dump::dump, proof::asks, provider::redirect_uri, revoked_links::leave_blindly,
};

/// What must be nowhere afterwards.
const NAMES: [&str; 5] = ["user-4711", "Janet Roe", "janet@acme.test", "Acme HQ", "order of Janet's"];

/// It is known whose account of Slack's is linked.
fn whose(settings: &mut Settings) {
    asks(settings, "slack", "whoami", None);
}

fn janet() -> Value {
    json!({
        "user": { "id": "user-4711", "name": "Janet Roe", "email": "janet@acme.test" },
        "client_reference": "order of Janet's",
    })
}

async fn erase(app: &TestApp, query: &str) -> u16 {
    app.api("DELETE", &format!("/users/user-4711{query}"), None).await.0
}

/// Where any of the names still is.
async fn named(app: &TestApp) -> Vec<String> {
    let tables = dump(app).await;
    assert!(tables.len() > 8, "the tables are there: {:?}", tables.keys());
    let lines = tables.iter().flat_map(|(table, rows)| rows.iter().map(move |row| format!("{table}: {row}")));
    lines.filter(|line| NAMES.iter().any(|name| line.contains(name))).collect()
}

/// Janet's Alloy user holds these.
fn held(app: &TestApp) -> Vec<String> {
    app.held("user-4711")
}

async fn last(app: &TestApp, connector: &str) -> Value {
    app.last_attempt("user-4711", connector).await
}

/// What Janet has connected, as the host's server reads it.
async fn connected(app: &TestApp) -> Vec<(String, String)> {
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    app.connections("user-4711").await.iter().map(|one| (text(one, "connector"), text(one, "origin"))).collect()
}

/// Janet has linked Slack, denied Notion, disconnected Trello, has a link of HubSpot's in a stranger's hands, and is on
/// her way to Shopify.
async fn a_life(app: &TestApp) -> Browser {
    let mut janet = app.arrived_with(janet()).await;
    janet.link_and_allow(&app.sandbox, "slack").await;
    let leaving = janet.leave_for("notion").await;
    janet.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    let user = app.sandbox.user("gangway-user-4711").unwrap().user_id;
    let trello = app.sandbox.add_credential(&user, "trello").unwrap();
    assert_eq!(app.api("DELETE", &format!("/users/user-4711/connections/{trello}"), None).await.0, 204);
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::DeleteUserCredential));
    let leaving = janet.leave_for("hubspot").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    app.until("the stranger's return", async || last(app, "hubspot").await["state"] == "unverified").await;
    janet.leave_for("asana").await;
    janet
}

async fn nothing_has_the_name(app: TestApp) {
    let mut browser = a_life(&app).await;
    assert!(named(&app).await.len() > 8, "the names are there before");
    let attempts = app.api("GET", "/link-attempts?user=user-4711", None).await.1;
    let attempts = attempts["link_attempts"].as_array().unwrap().clone();
    assert_eq!(attempts.len(), 4);
    let session = attempts[0]["session_id"].as_str().unwrap().to_owned();

    assert_eq!(erase(&app, "").await, 204);
    assert_eq!(named(&app).await, Vec::<String>::new());
    assert_eq!(browser.get("/connectors").await.status, 401, "her browsers are out");
    for attempt in &attempts {
        let id = attempt["id"].as_str().unwrap();
        assert_eq!(app.api("GET", &format!("/link-attempts/{id}"), None).await.0, 404);
        assert_eq!(app.api("GET", &format!("/link-attempts/{id}?wait=5"), None).await.0, 404);
    }
    assert_eq!(app.api("GET", "/link-attempts", None).await.1["link_attempts"], json!([]));
    assert_eq!(app.api("GET", &format!("/connect-sessions/{session}"), None).await.0, 404);
    assert!(app.events("user-4711").await.is_empty());

    assert_eq!(erase(&app, "").await, 204, "again is the same");
    // What is done for her safety later has no name either, and no event tells of it.
    app.sandbox.switch_all_off();
    app.pass_everywhere(Duration::minutes(2));
    app.until("the deletion", async || held(&app).len() == 1).await;
    app.pass_everywhere(Duration::hours(2));
    app.until("the looks", async || app.store.lease_attempts(app.now(), app.now(), 9).await.unwrap().is_empty()).await;
    assert_eq!(named(&app).await, Vec::<String>::new());
    let events = dump(&app).await.remove("outbox").unwrap();
    assert_eq!(events, Vec::<String>::new());
}

#[tokio::test]
async fn erased_name_is_nowhere_on_sqlite() {
    nothing_has_the_name(TestApp::spawn_with(whose).await).await;
}

#[tokio::test]
async fn erased_name_is_nowhere_on_postgres() {
    nothing_has_the_name(TestApp::spawn_on_postgres_with(whose).await).await;
}

async fn what_was_in_doubt(app: TestApp) {
    // Three links that are not Janet's doing, as far as anybody knows: finished before, finished after without any browser
    // that comes back, and finished after by a stranger.
    let mut browser = a_life(&app).await;
    let late = browser.leave_for("notion").await;
    let given_away = browser.leave_for("asana").await;
    assert_eq!(erase(&app, "").await, 204);
    app.sandbox.approve(&late).unwrap();
    let back = app.sandbox.approve(&given_away).unwrap().unwrap();
    let seen = app.browser().navigate(&back, "cross-site").await;
    assert!(!seen.text().contains("is connected"), "{}", seen.text());
    // She comes back under her old name, and Alloy still lists all of it.
    let page = app.arrived_with(janet()).await.get("/connectors").await;
    assert_eq!(held(&app).len(), 4, "Slack, HubSpot, Notion, Asana");
    assert_eq!(connected(&app).await, [("slack".to_owned(), "linked".to_owned())]);
    for app_name in ["HubSpot", "Notion", "Asana"] {
        assert!(!page.all("section:first-of-type a").join(" ").contains(app_name), "{}", page.text());
    }
    // Hours later too, when every link is over.
    app.pass_everywhere(Duration::hours(3));
    let mut again = app.arrived_with(janet()).await;
    again.get("/connectors").await;
    let known: BTreeSet<String> = connected(&app).await.into_iter().map(|(connector, _)| connector).collect();
    assert!(known.is_subset(&BTreeSet::from(["slack".to_owned()])), "{known:?}");
    // What the stranger finished is deleted at Alloy, as it would have been.
    app.sandbox.switch_all_off();
    app.pass_everywhere(Duration::hours(7));
    // Notion, which she allowed after a no and never brought back, may be deleted just then, too.
    app.until("the deletions", async || held(&app).len() <= 2).await;
    // And her own new link is good.
    assert_eq!(
        app.arrived_with(janet()).await.link_and_allow(&app.sandbox, "asana").await.heading(),
        "Asana is connected"
    );
}

#[tokio::test]
async fn unverified_credential_stays_hidden_after_erasure_on_sqlite() {
    what_was_in_doubt(TestApp::spawn_with(whose).await).await;
}

#[tokio::test]
async fn unverified_credential_stays_hidden_after_erasure_on_postgres() {
    what_was_in_doubt(TestApp::spawn_on_postgres_with(whose).await).await;
}

/// Which tables have any row, but for those that say nothing of anybody.
async fn filled(app: &TestApp) -> BTreeSet<String> {
    let tables = dump(app).await.into_iter().filter(|(_, rows)| !rows.is_empty()).map(|(table, _)| table);
    let mut filled: BTreeSet<String> = tables.collect();
    filled.remove("browser");
    filled.remove("erased_session");
    filled
}

async fn with_credentials(app: TestApp) {
    a_life(&app).await;
    let user = app.sandbox.user("gangway-user-4711").unwrap().user_id;
    app.sandbox.add_credential(&user, "trello").unwrap();
    assert_eq!(held(&app).len(), 3);
    // Alloy deletes nothing at the moment, and this process dies: it is kept all the same.
    assert_eq!(erase(&app, "?credentials=delete").await, 204);
    assert_eq!(named(&app).await, Vec::<String>::new());
    let app = app.crash().await;
    assert_eq!(erase(&app, "?credentials=delete").await, 204, "again is the same");
    app.sandbox.switch_all_off();
    for _ in 0..3 {
        app.pass_everywhere(Duration::minutes(15));
        app.until("the deletion", async || held(&app).is_empty()).await;
    }
    // A link of before may be used for an hour: what comes by it goes too, and then all that was kept for that.
    assert!(filled(&app).await.contains("link_attempt"));
    app.pass_everywhere(Duration::hours(2));
    // A look that was under way when the time passed has put the next one off.
    let looked_again = async || {
        app.pass_everywhere(Duration::minutes(5));
        filled(&app).await.is_empty()
    };
    app.until("the end", looked_again).await;
    assert_eq!(app.sandbox.user("gangway-user-4711"), None, "nor has Alloy the name any more");
}

#[tokio::test]
async fn erasure_with_credentials_leaves_nothing_on_sqlite() {
    with_credentials(TestApp::spawn_with(whose).await).await;
}

#[tokio::test]
async fn erasure_with_credentials_leaves_nothing_on_postgres() {
    with_credentials(TestApp::spawn_on_postgres_with(whose).await).await;
}

#[tokio::test]
async fn unknown_user_is_erased_and_impossible_one_not_found() {
    let app = TestApp::spawn().await;
    assert_eq!(erase(&app, "").await, 204);
    assert_eq!(erase(&app, "?credentials=delete").await, 204);
    assert_eq!(app.sandbox.count(Route::CreateUser), 0);
    let erased = ExternalId::pseudonym(uuid::Uuid::from_u128(7));
    for user in ["%00", &"x".repeat(256), erased.as_str()] {
        assert_eq!(app.api("DELETE", &format!("/users/{user}"), None).await.0, 404, "{user}");
    }
    let (status, problem) = app.api("POST", "/connect-sessions", Some(json!({ "user": { "id": erased } }))).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("user.id")));
    for query in ["?credentials=keep", "?credentials=", "?credential=delete"] {
        assert_eq!(erase(&app, query).await, 422, "{query}");
    }
    app.sandbox.switch_on(Fault::ServerErrors);
    assert_eq!(erase(&app, "?credentials=delete").await, 503, "nobody can say who that is at Alloy");
    assert_eq!(erase(&app, "").await, 204);
}

#[tokio::test]
async fn waiting_caller_learns_of_the_erasure() {
    let app = TestApp::spawn().await;
    app.arrived_with(janet()).await.leave_for("slack").await;
    let id = last(&app, "slack").await["id"].as_str().unwrap().to_owned();
    let path = format!("/link-attempts/{id}?wait=60");
    let (waiting, erased) = futures_util::join!(app.api("GET", &path, None), async {
        app.until("the wait", async || app.server.waiting() == 1).await;
        erase(&app, "").await
    });
    assert_eq!(erased, 204);
    // It ended first, and then it went: whichever of the two is seen, it is no open attempt.
    assert!(waiting.0 == 404 || waiting.1["reason"] == "superseded", "{waiting:?}");
}

#[tokio::test]
async fn nothing_is_written_for_an_erased_user() {
    let app = TestApp::spawn_with(whose).await;
    let mut janet = app.arrived_with(janet()).await;
    let leaving = janet.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.sandbox.switch_on(Fault::Slow.with(2).on(Route::Execute));
    let (page, ()) = futures_util::join!(janet.come_back(&back), async {
        app.until("the trial", async || app.sandbox.count(Route::Execute) == 1).await;
        assert_eq!(erase(&app, "").await, 204);
    });
    assert_eq!(page.status, 404, "{}", page.text());
    assert_eq!(named(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn credential_of_attempt_without_snapshot_stays_hidden() {
    let app = TestApp::spawn().await;
    let mut janet = app.arrived_with(janet()).await;
    let link = leave_blindly(&app, &mut janet).await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    janet.navigate(&back, "cross-site").await;
    app.pass_everywhere(Duration::hours(2));
    app.until("the end", async || last(&app, "slack").await["reason"] == "not_confirmed").await;
    assert_eq!((held(&app).len(), connected(&app).await.len()), (1, 0), "nobody knows who made it");
    assert_eq!(erase(&app, "").await, 204);
    app.arrived_with(self::janet()).await.get("/connectors").await;
    assert_eq!((held(&app).len(), connected(&app).await.len()), (1, 0), "nor after that");
}
