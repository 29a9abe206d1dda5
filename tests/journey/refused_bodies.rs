//! The body of a report that a connection was refused: none, or an empty object.

use serde_json::json;

use crate::{app::HOST_KEY, app::TestApp, wire};

#[tokio::test]
async fn body_may_be_empty_or_an_empty_object() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let credential = app.connections("jane").await[0]["credential_id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/users/jane/connections/{credential}/refused");
    for (kind, body, status) in [
        (None, None, 204),
        (None, Some("{}"), 204),
        (Some("application/json"), None, 204),
        (Some("application/json; charset=utf-8"), Some(" {}\n"), 204),
        (Some("application/x-www-form-urlencoded"), Some(""), 204),
        (None, Some(r#"{"why":"expired"}"#), 422),
        (Some("application/json"), Some("[]"), 422),
        (Some("application/json"), Some("[1]"), 422),
        (Some("application/json"), Some("{"), 400),
        (Some("text/plain"), Some("{}"), 415),
    ] {
        let mut request = app.request("POST", &path).bearer_auth(HOST_KEY);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        assert_eq!(request.send().await.unwrap().status(), status, "{kind:?} {body:?}");
    }
    let too_large = json!({ "why": "x".repeat(20_000) });
    let (status, _) = app.api("POST", path.trim_start_matches("/api/v1"), Some(too_large)).await;
    assert_eq!(status, 413);
    assert_eq!(app.request("POST", &path).send().await.unwrap().status(), 401);
    assert_eq!(app.request("GET", &path).bearer_auth(HOST_KEY).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn report_of_http_1_0_has_no_body() {
    let app = TestApp::spawn().await;
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let credential = app.connections("jane").await[0]["credential_id"].as_str().unwrap().to_owned();
    let head = format!(
        "POST /api/v1/users/jane/connections/{credential}/refused HTTP/1.0\r\nContent-Length: 0\r\n\
         Authorization: Bearer {HOST_KEY}\r\n\r\n"
    );
    assert_eq!(wire::ask(&app, head).await.status, 204);
    assert_eq!(app.connections("jane").await[0]["status"], "needs_reconnect");
}
