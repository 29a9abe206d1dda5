//! Ids in addresses: what is no UTF-8, no percent-encoding or no id leads nowhere, and Alloy is never asked for it.

use crate::{
    app::{HOST_KEY, TestApp},
    browser::COOKIE,
    wire::ask,
};

/// No text at all: bytes that are not UTF-8, and percent-encodings that are incomplete.
const UNDECODABLE: [&str; 11] = [
    "%ff",
    "jane%ff",
    "%c0%af",
    "%e0%80%af",
    "%ed%a0%80",
    "%f5%80%80%80",
    "%",
    "%2",
    "%zz",
    "jane%",
    // A reader that decodes twice makes `%` of this.
    "%2%35",
];
/// Text that is no id of a user.
const NO_USER: [&str; 9] = ["%00", "jane%0a", "%e2%80%ae", "%20jane", "jane%20", ".", "..", "%2e", "%2E%2e"];
const CREDENTIAL: &str = "67a37f29e0aa276e50d7253a";

async fn status(app: &TestApp, method: &str, path: &str, cookie: &str) -> u16 {
    let answer = ask(
        app,
        format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {HOST_KEY}\r\n\
             cookie: {COOKIE}={cookie}\r\norigin: {}\r\nsec-fetch-site: same-origin\r\nsec-fetch-mode: navigate\r\n\
             content-length: 0\r\nconnection: close\r\n\r\n",
            app.url
        ),
    );
    answer.await.status
}

#[tokio::test]
async fn an_undecodable_path_is_not_found() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    app.sandbox.forget_calls();
    let mut wrong = Vec::new();
    for id in UNDECODABLE {
        for (method, path) in [
            ("GET", format!("/api/v1/users/{id}/connections")),
            ("DELETE", format!("/api/v1/users/{id}")),
            ("DELETE", format!("/api/v1/users/{id}/connections/{CREDENTIAL}")),
            ("DELETE", format!("/api/v1/users/jane/connections/{id}")),
            ("GET", format!("/api/v1/connect-sessions/{id}")),
            ("GET", format!("/api/v1/link-attempts/{id}")),
            ("POST", format!("/api/v1/webhook-deliveries/{id}/replay")),
            ("GET", format!("/connectors/{id}")),
            ("POST", format!("/connectors/{id}/link")),
            ("GET", format!("/icons/{id}")),
            ("GET", format!("/callback/{id}")),
            ("GET", format!("/attempts/{id}")),
            ("GET", format!("/attempts/{id}/status")),
            ("POST", format!("/attempts/{id}/answer")),
            ("GET", format!("/connections/{id}/disconnect")),
            ("POST", format!("/connections/{id}/disconnect")),
            ("GET", format!("/problems/{id}")),
            ("GET", format!("/static/{id}")),
            ("GET", format!("/brand/{id}.css")),
            ("GET", format!("/{id}")),
        ] {
            let status = status(&app, method, &path, browser.cookie().unwrap()).await;
            if status != 404 {
                wrong.push(format!("{method} {path}: {status}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(app.sandbox.calls().is_empty(), "{:?}", app.sandbox.calls());
}

#[tokio::test]
async fn a_path_that_names_no_user_is_not_found() {
    let app = TestApp::spawn().await;
    let long = "x".repeat(256);
    let mut wrong = Vec::new();
    for id in NO_USER.into_iter().chain([long.as_str()]) {
        for (method, path) in [
            ("GET", format!("/api/v1/users/{id}/connections")),
            ("DELETE", format!("/api/v1/users/{id}")),
            ("DELETE", format!("/api/v1/users/{id}?credentials=delete")),
            ("DELETE", format!("/api/v1/users/{id}/connections/{CREDENTIAL}")),
        ] {
            let status = status(&app, method, &path, "").await;
            if status != 404 {
                wrong.push(format!("{method} {path}: {status}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(app.sandbox.calls().is_empty(), "{:?}", app.sandbox.calls());
}

#[tokio::test]
async fn dots_are_no_user_of_a_new_session() {
    let app = TestApp::spawn().await;
    for id in [".", ".."] {
        let wanted = serde_json::json!({ "user": { "id": id } });
        let (status, problem) = app.api("POST", "/connect-sessions", Some(wanted)).await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("user.id")), "{problem}");
    }
}

#[tokio::test]
async fn an_encoded_id_is_decoded_once() {
    let app = TestApp::spawn().await;
    for (id, path) in [
        ("jane/doe", "jane%2fdoe"),
        ("jane/doe", "jane%2Fdoe"),
        ("émile", "%C3%A9mile"),
        ("100%", "100%25"),
        ("%2f", "%252f"),
        ("a+b", "a+b"),
        ("a+b", "a%2Bb"),
        ("...", "..."),
        ("jane", "%6aane"),
    ] {
        let mut browser = app.arrived_with(serde_json::json!({ "user": { "id": id } })).await;
        if app.connections(path).await.is_empty() {
            browser.link_and_allow(&app.sandbox, "slack").await;
        }
        let connections = app.connections(path).await;
        assert_eq!(connections.len(), 1, "{path}");
        let attempt = app.attempt(connections[0]["attempt_id"].as_str().unwrap()).await;
        assert_eq!(attempt["user"]["id"], id, "{path}");
    }
}
