//! The host's server reads attempts by the page.

use serde_json::{Value, json};

use crate::app::TestApp;

/// The ids on a page, and where the next one begins.
async fn page(app: &TestApp, query: &str) -> (Vec<String>, Option<String>) {
    let (status, answer) = app.api("GET", &format!("/link-attempts?{query}"), None).await;
    assert_eq!(status, 200, "{query}: {answer}");
    let ids = answer["link_attempts"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    (ids.collect(), answer["next"].as_str().map(str::to_owned))
}

/// Jane has linked Slack and denied Notion in one session and begun HubSpot in another; Sam has begun Slack.
async fn four(app: &TestApp) -> (Vec<String>, Value) {
    let session = app.session_with(json!({})).await;
    let (mut jane, start) = app.opened(&session).await;
    jane.submit(&start, "/start", &[]).await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let leaving = jane.leave_for("notion").await;
    jane.come_back(&format!("{}?error=access_denied", crate::provider::redirect_uri(&leaving))).await;
    app.arrived().await.leave_for("hubspot").await;
    app.arrived_with(json!({ "user": { "id": "sam" } })).await.leave_for("slack").await;
    let mut ids = Vec::new();
    for (user, connector) in [("sam", "slack"), ("jane", "hubspot"), ("jane", "notion"), ("jane", "slack")] {
        ids.push(app.last_attempt(user, connector).await["id"].as_str().unwrap().to_owned());
    }
    (ids, session["id"].clone())
}

async fn told_by_the_page(app: TestApp) {
    let (all, session) = four(&app).await;
    assert_eq!(page(&app, "").await, (all.clone(), None));
    assert_eq!(page(&app, "user=jane").await.0, all[1..]);
    assert_eq!(page(&app, &format!("session={}", session.as_str().unwrap())).await.0, all[2..]);
    assert_eq!(page(&app, &format!("session={}&state=denied", session.as_str().unwrap())).await.0, all[2..3]);
    assert_eq!(page(&app, "state=pending").await.0, all[..2]);
    assert_eq!(page(&app, "user=jane&state=pending").await.0, all[1..2]);
    assert_eq!(page(&app, "user=nobody").await, (Vec::new(), None));
    // Page by page it is the same, also while new ones begin.
    let (first, next) = page(&app, "limit=3").await;
    assert_eq!(first, all[..3]);
    app.arrived_with(json!({ "user": { "id": "new" } })).await.leave_for("notion").await;
    assert_eq!(page(&app, &format!("limit=3&cursor={}", next.unwrap())).await, (all[3..].to_vec(), None));
    let mut cursor = String::new();
    for id in &all[1..] {
        let (one, next) = page(&app, &format!("user=jane&limit=1{cursor}")).await;
        assert_eq!(one, std::slice::from_ref(id));
        cursor = next.map(|next| format!("&cursor={next}")).unwrap_or_default();
    }
    assert_eq!(cursor, "", "the last page says that it is the last");
    let (_, answer) = app.api("GET", "/link-attempts?user=sam", None).await;
    assert_eq!(answer["link_attempts"][0], app.attempt(&all[0]).await, "each is told as by its own address");
}

#[tokio::test]
async fn attempts_are_told_by_the_page_on_sqlite() {
    told_by_the_page(TestApp::spawn().await).await;
}

#[tokio::test]
async fn attempts_are_told_by_the_page_on_postgres() {
    told_by_the_page(TestApp::spawn_on_postgres().await).await;
}

#[tokio::test]
async fn what_cannot_be_wanted_is_refused_by_its_name() {
    let app = TestApp::spawn().await;
    for (query, field) in [
        ("state=open", "state"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=", "cursor"),
        ("session=x", "session"),
        ("user=", "user"),
        ("user=a%00b", "user"),
        ("users=jane", "users"),
        ("user=jane&user=sam", "user"),
    ] {
        let (status, problem) = app.api("GET", &format!("/link-attempts?{query}"), None).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{query}: {problem}");
    }
}

#[tokio::test]
async fn every_address_refuses_what_it_does_not_know() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await["id"].as_str().unwrap().to_owned();
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let attempt = app.last_attempt("jane", "slack").await;
    let (id, credential) = (attempt["id"].as_str().unwrap(), attempt["credential_id"].as_str().unwrap());
    let body = json!({ "user": { "id": "jane" } });
    for (method, path, body) in [
        ("POST", "/connect-sessions".to_owned(), Some(body)),
        ("GET", format!("/connect-sessions/{session}"), None),
        ("DELETE", format!("/connect-sessions/{session}"), None),
        ("GET", format!("/link-attempts/{id}"), None),
        ("POST", "/link-attempts/complete".to_owned(), Some(json!({ "completion": "x", "user_id": "jane" }))),
        ("GET", "/users/jane/connections".to_owned(), None),
        ("DELETE", format!("/users/jane/connections/{credential}"), None),
    ] {
        let (status, problem) = app.api(method, &format!("{path}?dry_run=1"), body).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("dry_run")), "{method} {path}: {problem}");
    }
    let (_, shown) = app.api("GET", &format!("/connect-sessions/{session}"), None).await;
    assert_eq!(shown["state"], "waiting", "what was refused did nothing");
    assert_eq!(app.connections("jane").await.len(), 1);
}
