//! The host's server learns Alloy's id of its user, which nothing else does.

use gangway::{
    config::VerifyCompletion,
    domain::session::ExternalId,
    sandbox::{Fault, Route},
};
use serde_json::{Value, json};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::Page,
    secrets::captured_log::CapturedLog,
};

async fn user(app: &TestApp, id: &str) -> (u16, Value) {
    app.api("GET", &format!("/users/{id}"), None).await
}

async fn event_data(app: &TestApp) -> Vec<Value> {
    let events = app.store.events(&ExternalId::parse("jane").unwrap(), 0).await.unwrap();
    events.iter().map(|event| serde_json::from_str::<Value>(&event.body).unwrap()["data"].clone()).collect()
}

#[tokio::test]
async fn connections_attempts_and_events_name_alloys_user() {
    let app = TestApp::spawn_with(|settings| settings.host.verify_completion = VerifyCompletion::Always).await;
    let mut jane = app.arrived().await;
    let page = jane.link_and_allow(&app.sandbox, "slack").await;
    let (_, completion) = page.location().rsplit_once("gangway_completion=").unwrap();
    let completion = json!({ "completion": completion, "user_id": "jane" });
    let (status, completed) = app.api("POST", "/link-attempts/complete", Some(completion)).await;
    assert_eq!(status, 200, "{completed}");
    let alloy_user = json!(app.sandbox.user("gangway-jane").unwrap().user_id);
    let external = app.sandbox.add_credential(alloy_user.as_str().unwrap(), "notion").unwrap();
    let connections = app.connections("jane").await;
    assert_eq!(connections.len(), 2);
    let (_, listed) = app.api("GET", "/link-attempts?user=jane", None).await;
    let attempt = app.attempt(completed["id"].as_str().unwrap()).await;
    let all = connections.iter().chain([&completed, &attempt, &listed["link_attempts"][0]]);
    for body in all {
        assert_eq!(body["alloy_user_id"], alloy_user, "{body}");
    }
    let removed = format!("/users/jane/connections/{external}");
    assert_eq!(app.api("DELETE", &removed, None).await.0, 204);
    app.until("the removal is told", async || app.events("jane").await.len() == 3).await;
    for data in event_data(&app).await {
        assert_eq!((&data["alloy_user_id"], data["credential_id"].is_string()), (&alloy_user, true), "{data}");
    }
    let (status, jane) = user(&app, "jane").await;
    assert_eq!((status, &jane["id"], &jane["alloy_user_id"]), (200, &json!("jane"), &alloy_user));
    assert!(jane["created_at"].as_str().unwrap().ends_with('Z'), "{jane}");
}

#[tokio::test]
async fn reading_a_user_asks_alloy_and_creates_none() {
    let app = TestApp::spawn().await;
    app.session_with(json!({})).await;
    for id in ["jane", "sam", "%20", ".."] {
        assert_eq!(user(&app, id).await.0, 404, "{id}");
    }
    let stored = async |id: &str| app.store.alloy_user(&ExternalId::parse(id).unwrap()).await.unwrap();
    assert_eq!((app.sandbox.count(Route::CreateUser), stored("jane").await), (0, None));
    // Known by name alone: nothing is stored for a user without a session.
    let sam = app.sandbox.add_user("gangway-sam", None);
    assert_eq!(user(&app, "sam").await, (200, json!({ "id": "sam", "alloy_user_id": sam, "created_at": null })));
    assert_eq!((user(&app, "SAM").await.0, stored("sam").await), (404, None));
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let (status, jane) = user(&app, "jane").await;
    assert_eq!((status, jane["created_at"].is_string()), (200, true), "{jane}");

    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ReadUser));
    assert_eq!(user(&app, "jane").await.0, 503, "unknown is not absent");
    app.sandbox.switch_all_off();
    app.until("Alloy is called again", async || user(&app, "jane").await.0 == 200).await;
    assert!(app.sandbox.remove_user(jane["alloy_user_id"].as_str().unwrap()));
    assert_eq!(user(&app, "jane").await.0, 404, "deleted at Alloy");
    // What happened stays as it was.
    assert_eq!(app.last_attempt("jane", "slack").await["alloy_user_id"], jane["alloy_user_id"]);
    assert_eq!(app.sandbox.count(Route::CreateUser), 1);
}

#[tokio::test]
async fn id_that_the_host_gave_is_looked_up_itself() {
    let app = TestApp::spawn().await;
    let given = app.sandbox.add_user("of the host's own", None);
    app.session_with(json!({ "user": { "id": "jane", "alloy_user_id": given } })).await;
    assert_eq!(user(&app, "jane").await.1["alloy_user_id"], json!(given));
    // The sandbox lists nothing for the first, and refuses to list for the second.
    for (id, given) in [("sam", "ffffffffffffffffffffffff"), ("mary", "no-id-of-alloys")] {
        app.session_with(json!({ "user": { "id": id, "alloy_user_id": given } })).await;
        let (status, problem) = user(&app, id).await;
        assert_eq!((status, &problem["detail"]), (404, &json!("Alloy has no such user.")), "{id}");
        let connection = format!("/users/{id}/connections/67a37f29e0aa276e50d7253a");
        assert_eq!(app.api("DELETE", &connection, None).await.0, 404, "{id}");
    }
    assert_eq!(app.api("GET", "/users/sam/connections", None).await, (200, json!({ "connections": [] })));
    assert_eq!(app.api("GET", "/users/mary/connections", None).await.0, 404, "not an outage");
    let reads = app.sandbox.count(Route::ReadUser);
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListUserCredentials));
    assert_eq!(app.api("GET", "/users/mary/connections", None).await.0, 503);
    assert_eq!(app.sandbox.count(Route::ReadUser), reads, "an outage gets no further call");
}

/// What a browser receives, without the authorization URL, in which Alloy itself has the id.
fn received(page: &Page) -> String {
    let headers = page.headers.iter().filter(|(name, value)| {
        let is_authorization_url = *name == "location" && !value.to_str().unwrap().starts_with('/');
        !is_authorization_url
    });
    let headers: Vec<String> = headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    format!("{}\n{}", headers.join("\n"), page.body)
}

#[tokio::test]
async fn no_page_and_no_log_line_has_alloys_user() {
    let log = CapturedLog::listen();
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({ "client_reference": "order-4711" })).await;
    let (mut jane, start) = app.opened(&session).await;
    let mut pages = vec![start.clone(), jane.submit(&start, "/start", &[]).await];
    pages.push(jane.get("/connectors").await);
    let leaving = jane.link("slack", &[]).await;
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    let returned = jane.navigate(&back, "cross-site").await;
    pages.extend([leaving, returned.clone(), jane.get(returned.location()).await]);
    let credential = app.connections("jane").await[0]["credential_id"].as_str().unwrap().to_owned();
    for path in [
        "/connectors",
        "/connectors/slack",
        "/connectors/slack?another=1",
        &format!("/connections/{credential}/disconnect"),
        &format!("{}/status", returned.location()),
    ] {
        pages.push(jane.get(path).await);
    }
    let again = [("code", session["start_code"].as_str().unwrap())];
    pages.push(app.browser().post_from(HOST_ORIGIN, "/start", &again).await);
    let alloy_user = app.sandbox.user("gangway-jane").unwrap().user_id;
    assert!(pages.iter().all(|page| page.status < 500) && pages.iter().any(|page| page.body.contains("Slack is")));
    for page in &pages {
        let received = received(page);
        for hidden in [alloy_user.as_str(), "order-4711"] {
            assert!(!received.contains(hidden), "{hidden}: {received}");
        }
    }
    // The authorization URL has it, because Alloy does it so.
    assert!(!log.text().contains("order-4711"), "the log has the host's reference");
    let lines = log.text();
    let named: Vec<&str> = lines.lines().filter(|line| line.contains(&alloy_user)).collect();
    assert_eq!(named, Vec::<&str>::new());
}
