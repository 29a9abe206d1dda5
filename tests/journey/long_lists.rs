//! A user with thousands of credentials, and a user with thousands of attempts: all of it is read, erased, or said truly.

use std::num::NonZeroU32;

use gangway::{
    config::Rate,
    sandbox::{Fault, Route},
};
use serde_json::{Value, json};
use time::Duration;

use crate::{
    app::{HOST_KEY, TestApp},
    browser::Browser,
    provider::redirect_uri,
};

/// Sam, who shares an Alloy user with Jane, after six hundred attempts.
const SIX_HUNDRED: &str = "create temp table copies as \
     with recursive n (number) as (select 1 union all select number + 1 from n where number < 600) \
     select link_attempt.*, number from link_attempt, n where user_id = 'sam'; \
     update copies set id = 'copy ' || number, state_digest = 'copy ' || number; \
     alter table copies drop column number; insert into link_attempt select * from copies";

fn id_of(connection: &Value) -> String {
    connection["credential_id"].as_str().unwrap().to_owned()
}

/// Jane and Sam share an Alloy user; she has one connection, and the host made another.
async fn team(app: &TestApp) -> (Browser, Browser, String) {
    let shared = app.sandbox.add_user("the-team", None);
    app.sandbox.add_credential(&shared, "notion").unwrap();
    app.pass_everywhere(Duration::hours(3));
    let of = |id| json!({ "user": { "id": id, "alloy_user_id": shared } });
    let mut jane = app.arrived_with(of("jane")).await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    (jane, app.arrived_with(of("sam")).await, shared)
}

#[tokio::test]
async fn six_hundred_ended_attempts_hide_nothing() {
    let app = TestApp::spawn().await;
    let (mut jane, mut sam, shared) = team(&app).await;
    let given_up = sam.leave_for("notion").await;
    sam.come_back(&format!("{}?error=access_denied", redirect_uri(&given_up))).await;
    app.in_the_database(SIX_HUNDRED).await;

    let connections = app.connections("jane").await;
    assert_eq!(connections.len(), 2, "{connections:?}");
    let page = jane.get("/connectors").await;
    assert!(page.status == 200 && page.text().contains("Slack"), "{}", page.text());
    assert_eq!(jane.get(&format!("/connections/{}/disconnect", id_of(&connections[1]))).await.status, 200);
    // What one of these links brought is still not shown.
    app.sandbox.approve(&given_up).unwrap();
    assert_eq!(app.sandbox.credentials(&shared).len(), 3);
    assert_eq!(app.connections("jane").await, connections);
    let disconnected = app.api("DELETE", &format!("/users/jane/connections/{}", id_of(&connections[0])), None).await;
    assert_eq!(disconnected.0, 204, "{disconnected:?}");
    assert_eq!(jane.link_and_allow(&app.sandbox, "hubspot").await.heading(), "HubSpot is connected");
}

#[tokio::test]
async fn foreign_returns_of_one_member_at_other_times_stop_no_link() {
    let app = TestApp::spawn().await;
    let (mut jane, mut sam, _) = team(&app).await;
    let link = sam.leave_for("hubspot").await;
    let back = app.sandbox.approve(&link).unwrap().unwrap();
    app.browser().navigate(&back, "cross-site").await;
    app.until("the end", async || app.last_attempt("sam", "hubspot").await["state"] == "unverified").await;
    app.in_the_database(SIX_HUNDRED).await;
    app.pass_everywhere(Duration::minutes(1));
    assert_eq!(jane.link_and_allow(&app.sandbox, "hubspot").await.heading(), "HubSpot is connected");
}

#[tokio::test]
async fn user_who_begins_too_often_waits_and_continues_for_free() {
    let three = Rate { requests: 3, per: std::time::Duration::from_secs(3600) };
    let app = TestApp::spawn_with(|settings| settings.limits.attempts_per_user = three).await;
    let mut jane = app.arrived().await;
    for shop in ["one", "two", "three", "three"] {
        let page = jane.link("shopify", &[("data.shopName", shop)]).await;
        assert_eq!(page.status, 303, "{shop}: {}", page.text());
    }
    app.sandbox.forget_calls();
    for _ in 0..2 {
        let page = jane.link("shopify", &[("data.shopName", "four")]).await;
        assert_eq!((page.status, page.heading().as_str()), (429, "Too many tries in a short time"));
        let wait: u64 = page.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=1200).contains(&wait), "{wait}");
    }
    assert_eq!(jane.link("slack", &[]).await.status, 429, "at another app too");
    assert_eq!(app.sandbox.count(Route::CreateCredential), 0);
    assert_eq!(jane.link("shopify", &[("data.shopName", "three")]).await.status, 303, "what is open goes on");
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    assert_eq!(sam.link("shopify", &[("data.shopName", "four")]).await.status, 303);
}

#[tokio::test]
async fn key_beyond_the_limit_is_refused_at_the_form() {
    let app = TestApp::spawn_with(|settings| settings.limits.keys_per_app = NonZeroU32::new(2).unwrap()).await;
    let mut jane = app.arrived().await;
    let mut save = async |token: &str| jane.link("shippo", &[("data.token", token)]).await;
    for token in ["shippo_live_1", "shippo_live_2"] {
        let saved = save(token).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
    }
    let full = save("shippo_live_3").await;
    assert_eq!(full.status, 422);
    assert!(full.text().contains("No more than 2 accounts of Shippo"), "{}", full.text());
    assert!(!full.text().contains("shippo_live_3"));
    assert_eq!((app.sandbox.count(Route::CreateCredential), app.held("jane").len()), (2, 2));
    let first = id_of(&app.connections("jane").await[0]);
    assert_eq!(app.api("DELETE", &format!("/users/jane/connections/{first}"), None).await.0, 204);
    assert_eq!(save("shippo_live_3").await.status, 303);
    assert_eq!(app.held("jane").len(), 2);
}

/// Jane, with that many more credentials at HubSpot whose names are so much longer.
async fn jane_with(app: &TestApp, count: usize, length: usize) -> Browser {
    let mut jane = app.arrived().await;
    jane.get("/connectors").await;
    let user = app.sandbox.user("gangway-jane").unwrap();
    app.sandbox.add_many_credentials(&user.user_id, "hubspot", count, length).unwrap();
    app.pass_everywhere(Duration::hours(3));
    app.arrived().await
}

/// Erases Jane with her credentials, and waits until they are gone.
async fn erase(app: &TestApp) {
    assert_eq!(app.api("DELETE", "/users/jane?credentials=delete", None).await.0, 204);
    app.until("the deletion", async || app.held("jane").is_empty()).await;
}

async fn two_thousand(app: TestApp) {
    let mut jane = jane_with(&app, 2000, 0).await;
    assert_eq!(app.connections("jane").await.len(), 2000);
    for path in ["/connectors", "/connectors/hubspot", "/connectors/hubspot?another=1"] {
        assert_eq!(jane.get(path).await.status, 200, "{path}");
    }
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    assert_eq!(jane.link_and_allow(&app.sandbox, "hubspot").await.heading(), "HubSpot is connected");
    let one = id_of(&app.connections("jane").await[1000]);
    assert_eq!(app.api("DELETE", &format!("/users/jane/connections/{one}"), None).await.0, 204);
    assert_eq!(app.held("jane").len(), 2001);
    let listed = app.sandbox.count(Route::ListUserCredentials);
    erase(&app).await;
    let listed = app.sandbox.count(Route::ListUserCredentials) - listed;
    assert!(listed < 2001 / 16, "one list for a batch: {listed}");
}

#[tokio::test]
async fn two_thousand_credentials_are_shown_and_erased_on_sqlite() {
    two_thousand(TestApp::spawn().await).await;
}

#[tokio::test]
async fn two_thousand_credentials_are_shown_and_erased_on_postgres() {
    two_thousand(TestApp::spawn_on_postgres().await).await;
}

#[tokio::test]
async fn list_of_six_mebibytes_is_read() {
    let app = TestApp::spawn().await;
    let mut jane = jane_with(&app, 160, 40 * 1024).await;
    assert_eq!(app.connections("jane").await.len(), 160);
    assert_eq!(jane.get("/connectors/hubspot").await.status, 200);
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    let many = futures_util::future::join_all((0..4).map(|_| app.connections("jane"))).await;
    assert!(many.iter().all(|connections| connections.len() == 161));
}

#[tokio::test]
async fn longer_list_is_said_to_be_unknown_and_erased_all_the_same() {
    let app = TestApp::spawn().await;
    let mut jane = jane_with(&app, 110, 80 * 1024).await;
    let (status, problem) = app.api("GET", "/users/jane/connections", None).await;
    assert_eq!((status, &problem["type"]), (503, &json!(format!("{}/problems/connections-unknown", app.url))));
    let one = app.held("jane").remove(0);
    let page = jane.get(&format!("/connections/{one}/disconnect")).await;
    assert_eq!((page.status, page.heading().as_str()), (503, "We cannot tell right now what is connected"));
    let page = jane.get("/connectors").await;
    assert!(page.status == 200 && !page.text().contains("does not answer"), "{}", page.text());
    // The list of one app is short enough, of another it is not.
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    let form = jane.get("/connectors/hubspot?another=1").await;
    let page = jane.submit(&form, "/connectors/hubspot/link", &[]).await;
    assert_eq!((page.status, page.heading().as_str()), (503, "We cannot tell right now what is connected"));
    // What is not at the beginning of the list is disconnected by the list of its app.
    let slack = app.last_attempt("jane", "slack").await["credential_id"].as_str().unwrap().to_owned();
    assert_eq!(app.api("DELETE", &format!("/users/jane/connections/{slack}"), None).await.0, 204);
    app.until("the disconnection", async || !app.held("jane").contains(&slack)).await;
    erase(&app).await;
    let explained = app.request("GET", "/problems/connections-unknown").bearer_auth(HOST_KEY).send().await.unwrap();
    assert_eq!(explained.status(), 200);
}

#[tokio::test]
async fn erasure_without_progress_is_counted_until_it_goes_on() {
    let app = TestApp::spawn().await;
    jane_with(&app, 3, 0).await;
    for route in [Route::DeleteUserCredential, Route::DeleteCredential] {
        app.sandbox.switch_on(Fault::ServerErrors.on(route));
    }
    assert_eq!(app.api("DELETE", "/users/jane?credentials=delete", None).await.0, 204);
    let counted = async |line: &str| app.metrics().await.lines().any(|told| told == line);
    app.until("the first look", async || counted("gangway_erasures_waiting 1").await).await;
    assert!(counted("gangway_erasures_stalled 0").await);
    let stalled = async || {
        app.pass_everywhere(Duration::minutes(5));
        counted("gangway_erasures_stalled 1").await
    };
    app.until("the alarm", stalled).await;
    app.sandbox.switch_all_off();
    let done = async || {
        app.pass_everywhere(Duration::minutes(5));
        app.held("jane").is_empty() && counted("gangway_erasures_stalled 0").await
    };
    app.until("the deletion", done).await;
}
