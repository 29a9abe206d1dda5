//! Alloy's user for each of the host's: made once, found again, or given by the host.

use gangway::{
    domain::session::ExternalId,
    sandbox::{Fault, Route},
};
use serde_json::json;

use crate::{
    app::{API_KEY, TestApp},
    secrets::captured_log::CapturedLog,
};

#[tokio::test]
async fn a_user_is_made_once_by_two_requests_at_once() {
    let app = TestApp::spawn().await;
    let (mut one, mut other) = (app.arrived().await, app.arrived().await);
    app.sandbox.switch_on(Fault::Slow.with(1).on(Route::CreateUser));
    let (first, second) = futures_util::join!(one.get("/connectors"), other.get("/connectors/slack"));
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(app.sandbox.count(Route::CreateUser), 1);
    let made = app.sandbox.user("gangway-jane").unwrap();
    assert_eq!(made.full_name.as_deref(), Some("Jane Doe"));
    // It is kept: nobody asks again, not even a new process.
    let app = app.restart().await;
    app.arrived().await.get("/connectors").await;
    assert_eq!(app.sandbox.count(Route::CreateUser), 1);
}

#[tokio::test]
async fn a_name_that_is_taken_is_our_own_user_from_before() {
    for fault in [None, Some(Fault::DuplicateUser400), Some(Fault::DuplicateUserExisting)] {
        let app = TestApp::spawn().await;
        let before = app.sandbox.add_user("gangway-jane", None);
        app.sandbox.add_credential(&before, "slack").unwrap();
        if let Some(fault) = fault {
            app.sandbox.switch_on(fault);
        }
        let page = app.arrived().await.get("/connectors").await;
        assert_eq!(page.all("section h2")[0], "Connected", "{fault:?}");
        let connections = app.connections("jane").await;
        assert_eq!((connections.len(), &connections[0]["origin"]), (1, &json!("external")));
    }
}

#[tokio::test]
async fn the_hosts_own_id_is_taken_as_it_is() {
    let app = TestApp::spawn().await;
    let id = app.sandbox.add_user("whatever the host calls her", Some("Jane Doe"));
    let mut browser = app.arrived_with(json!({ "user": { "id": "jane", "alloy_user_id": id } })).await;
    assert_eq!(browser.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    assert_eq!(app.sandbox.credentials(&id).len(), 1);
    assert_eq!(app.sandbox.count(Route::CreateUser) + app.sandbox.count(Route::ReadUser), 0);
    let other = json!({ "user": { "id": "jane", "alloy_user_id": "5eba51a03fe9631316668514" } });
    let (status, problem) = app.api("POST", "/connect-sessions", Some(other)).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("user.alloy_user_id")));
}

#[tokio::test]
async fn refused_session_binds_no_alloy_user() {
    let app = TestApp::spawn().await;
    for wrong in [
        json!({ "return_url": "https://evil.test/" }),
        json!({ "expires_in": 601 }),
        json!({ "reconnect": "67a37f29e0aa276e50d7253a" }),
        json!({ "connectors": ["slack"], "connector": "notion" }),
        json!({ "expires_in": 0 }),
    ] {
        let mut session = json!({ "user": { "id": "jane", "alloy_user_id": "5eba51a03fe9631316668514" } });
        session.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        assert_eq!(app.api("POST", "/connect-sessions", Some(session.clone())).await.0, 422, "{session}");
        assert_eq!(app.store.alloy_user(&ExternalId::parse("jane").unwrap()).await.unwrap(), None, "{session}");
    }
}

#[tokio::test]
async fn a_user_of_another_name_is_never_taken_for_ours() {
    // Alloy's look-up takes ids too: the host's id of one user may be Alloy's id of another.
    let app = TestApp::spawn_with(|settings| settings.alloy.username_prefix = String::new()).await;
    let other = app.sandbox.add_user("somebody else", Some("Sam Lee"));
    app.sandbox.add_credential(&other, "slack").unwrap();
    let mut browser = app.arrived_with(json!({ "user": { "id": other, "name": "Mallory" } })).await;
    let page = browser.get("/connectors").await;
    assert!(!page.text().contains("Sam's Slack"), "{}", page.text());
    assert_eq!(page.status, 500);
    assert_eq!(browser.get("/connectors/slack").await.status, 500);
    assert_eq!(app.sandbox.count(Route::CreateCredential), 0);
    assert_eq!(app.sandbox.count(Route::ListUserCredentials), 0);
}

#[tokio::test]
async fn who_was_deleted_at_alloy_is_made_anew_once_erased_here() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let before = app.sandbox.user("gangway-jane").unwrap().user_id;
    assert!(app.sandbox.remove_user(&before));
    let refused = jane.link("hubspot", &[]).await;
    assert_eq!(jane.get(refused.location()).await.heading(), "HubSpot is not connected");
    assert_eq!(app.last_attempt("jane", "hubspot").await["reason"], "upstream_refused");
    // A process that has just made a user knows the id for a second more.
    let app = app.restart().await;
    assert_eq!(app.api("DELETE", "/users/jane", None).await.0, 204);
    let mut jane = app.arrived().await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "hubspot").await.heading(), "HubSpot is connected");
    assert_ne!(app.sandbox.user("gangway-jane").unwrap().user_id, before);
    assert_eq!(app.connections("jane").await.len(), 1);
}

const REFUSED: &str = "We cannot open your connections";

/// Jane has linked Slack. Returns her id at Alloy.
async fn jane_linked_slack(app: &TestApp) -> String {
    assert_eq!(app.arrived().await.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
    app.sandbox.user("gangway-jane").unwrap().user_id
}

/// The attacker reads, links and disconnects nothing, and nothing of theirs is stored.
async fn is_refused(app: &TestApp, attacker: &str) {
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    let credential = app.sandbox.credentials(&jane)[0].credential_id.clone();
    let links = app.sandbox.count(Route::CreateCredential);
    let mut browser = app.arrived_with(json!({ "user": { "id": attacker } })).await;
    for path in ["/connectors", "/connectors/slack"] {
        let page = browser.get(path).await;
        assert_eq!((page.status, page.heading().as_str()), (500, REFUSED), "{path}");
        assert!(!page.text().contains("Connected") && !page.reference().is_empty(), "{}", page.text());
    }
    let removed = app.api("DELETE", &format!("/users/{attacker}/connections/{credential}"), None).await;
    assert!(matches!(removed.0, 404 | 409), "{removed:?}");
    app.api("DELETE", &format!("/users/{attacker}?credentials=delete"), None).await;
    assert_eq!(app.store.alloy_user(&ExternalId::parse(attacker).unwrap()).await.unwrap(), None);
    assert_eq!(app.sandbox.count(Route::CreateCredential), links);
    assert_eq!(app.sandbox.credentials(&jane).len(), 1);
    let counted = "gangway_problems_total{problem=\"user-conflict\"} 0";
    assert!(!app.metrics().await.contains(counted));
}

#[tokio::test]
async fn users_differing_in_case_stay_apart() {
    for answers_name in [false, true] {
        let app = TestApp::spawn().await;
        jane_linked_slack(&app).await;
        assert!(app.metrics().await.contains("gangway_problems_total{problem=\"user-conflict\"} 0"));
        app.sandbox.switch_on(Fault::UsernamesIgnoreCase);
        if answers_name {
            app.sandbox.switch_on(Fault::CreatedUserNamed);
        }
        is_refused(&app, "JANE").await;
        assert!(app.connections("JANE").await.is_empty());
        assert_eq!(app.connections("jane").await.len(), 1);
    }
}

#[tokio::test]
async fn another_users_id_in_the_answer_is_refused() {
    for answers_name in [false, true] {
        let app = TestApp::spawn().await;
        jane_linked_slack(&app).await;
        app.sandbox.switch_on(Fault::AnotherUser);
        if answers_name {
            app.sandbox.switch_on(Fault::CreatedUserNamed);
        }
        is_refused(&app, "sam").await;
    }
}

#[tokio::test]
async fn a_mapped_id_is_refused_unless_the_host_gives_it() {
    let log = CapturedLog::listen();
    let app = TestApp::spawn().await;
    let id = jane_linked_slack(&app).await;
    // At Alloy, Jane's user gets Sam's name.
    let rename = reqwest::Client::new().put(format!("{}/users/{id}", app.sandbox.base_url()));
    let rename = rename.bearer_auth(API_KEY).header("x-api-version", "2025-09");
    assert_eq!(rename.json(&json!({ "username": "gangway-sam" })).send().await.unwrap().status(), 200);
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    let page = sam.get("/connectors").await;
    assert_eq!(page.heading(), REFUSED);
    let alarms: Vec<_> = log.events().into_iter().filter(|event| event["alarm"] == "alloy_user_conflict").collect();
    let [alarm] = alarms.as_slice() else { panic!("{alarms:?}") };
    assert_eq!((&alarm["level"], &alarm["alloy_user"]), (&json!("ERROR"), &json!(id)));
    assert_eq!(alarm["spans"][0]["reference"], page.reference());
    let (status, problem) = app.api("GET", "/users/sam/connections", None).await;
    assert_eq!(
        (status, &problem["title"]),
        (409, &json!("Alloy’s user of this name belongs to another of your users."))
    );
    assert_eq!(app.api("DELETE", "/users/sam?credentials=delete", None).await.0, 409);
    assert_eq!(app.sandbox.credentials(&id).len(), 1);

    let mut sam = app.arrived_with(json!({ "user": { "id": "sam", "alloy_user_id": id } })).await;
    assert_eq!(sam.get("/connectors").await.status, 200);
    assert_eq!(app.connections("sam").await.len(), 1);
    assert!(log.text().contains("the host gave a user the Alloy user that another of its users has"));
}

#[tokio::test]
async fn a_new_name_is_verified_beside_the_list() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    for route in [Route::ReadUser, Route::ListUserCredentials] {
        app.sandbox.switch_on(Fault::Slow.with(3).on(route));
    }
    let began = std::time::Instant::now();
    assert_eq!(jane.get("/connectors").await.status, 200);
    assert!(began.elapsed() < std::time::Duration::from_millis(8500), "{:?}", began.elapsed());
    assert_eq!((app.sandbox.count(Route::ReadUser), app.sandbox.count(Route::ListUserCredentials)), (2, 1));
    app.sandbox.switch_all_off();
    jane.get("/connectors").await;
    assert_eq!(app.sandbox.count(Route::ReadUser), 2, "for each user once, and before it is created");
}

#[tokio::test]
async fn an_unverified_name_shows_and_stores_nothing() {
    for fault in [Fault::ServerErrors, Fault::NotServed, Fault::NotJson] {
        let app = TestApp::spawn().await;
        let before = app.sandbox.add_user("gangway-jane", None);
        app.sandbox.add_credential(&before, "slack").unwrap();
        app.sandbox.switch_on(Fault::DuplicateUserExisting);
        app.sandbox.switch_on(fault.on(Route::ReadUser));
        let mut jane = app.arrived().await;
        let page = jane.get("/connectors").await;
        assert!(!page.text().contains("Connected"), "{fault}: {}", page.text());
        assert_eq!(app.store.alloy_user(&ExternalId::parse("jane").unwrap()).await.unwrap(), None, "{fault}");
        app.sandbox.switch_off(fault);
        // A breaker may be open.
        app.until("it is verified", async || jane.clone().get("/connectors").await.text().contains("Connected")).await;
    }
}
