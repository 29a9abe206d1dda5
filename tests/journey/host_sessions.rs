//! The host's server makes sessions, asks for them and ends them.

use serde_json::{Value, json};

use crate::app::{HOST_KEY, RETURN_URL, TestApp};

async fn refused(app: &TestApp, more: Value) -> String {
    let mut wanted = json!({ "user": { "id": "jane" } });
    for (key, value) in more.as_object().unwrap() {
        wanted[key] = value.clone();
    }
    let (status, problem) = app.api("POST", "/connect-sessions", Some(wanted.clone())).await;
    assert_eq!((status, &problem["status"]), (422, &json!(422)), "{wanted}: {problem}");
    assert_eq!(problem["type"], format!("{}/problems/invalid-field", app.url));
    problem["errors"][0]["field"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_is_made_with_its_code_and_its_link() {
    let app = TestApp::spawn().await;
    let body = json!({ "user": { "id": "jane" }, "return_url": RETURN_URL, "locale": "pt-BR", "expires_in": 60 });
    let answer =
        app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let session: Value = answer.json().await.unwrap();
    let mut fields: Vec<&String> = session.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["expires_at", "id", "start_code", "url", "watch"]);
    let code = session["start_code"].as_str().unwrap();
    assert!(code.len() >= 22, "{code}");
    assert_eq!(session["url"], format!("{}/start?code={code}", app.url));
    assert_eq!(location, format!("/api/v1/connect-sessions/{}", session["id"].as_str().unwrap()));
    let (status, shown) = app.api("GET", location.trim_start_matches("/api/v1"), None).await;
    assert_eq!((status, &shown["state"], &shown["user"]["id"]), (200, &json!("waiting"), &json!("jane")));
    assert!(!shown.to_string().contains(code), "{shown}");
}

#[tokio::test]
async fn a_field_that_is_wrong_is_named() {
    let app = TestApp::spawn().await;
    for (more, field) in [
        (json!({ "colour": "red" }), "colour"),
        (json!({ "user": { "id": "jane", "role": "admin" } }), "user.role"),
        (json!({ "user": {} }), "user.id"),
        (json!({ "user": { "id": "" } }), "user.id"),
        (json!({ "user": { "id": "x".repeat(256) } }), "user.id"),
        (json!({ "user": { "id": "a\u{0}b" } }), "user.id"),
        (json!({ "user": { "id": 7 } }), "user.id"),
        (json!({ "user": { "id": "jane " } }), "user.id"),
        (json!({ "user": { "id": "." } }), "user.id"),
        (json!({ "user": { "id": ".." } }), "user.id"),
        (json!({ "user": { "id": "jane", "name": 7 } }), "user.name"),
        (json!({ "user": { "id": "jane", "alloy_user_id": "../admin" } }), "user.alloy_user_id"),
        (json!({ "connector": "../admin" }), "connector"),
        (json!({ "connectors": ["slack"], "connector": "notion" }), "connector"),
        (json!({ "connectors": ["slack", "a b"] }), "connectors[1]"),
        (json!({ "reconnect": "67a37f29e0aa276e50d7253a" }), "reconnect"),
        (json!({ "after": "later" }), "after"),
        (json!({ "client_reference": "" }), "client_reference"),
        (json!({ "client_reference": "x".repeat(201) }), "client_reference"),
        (json!({ "client_reference": " order" }), "client_reference"),
        (json!({ "client_reference": "a\u{202e}b" }), "client_reference"),
        (json!({ "client_reference": 42 }), "client_reference"),
        (json!({ "expires_in": 0 }), "expires_in"),
        (json!({ "expires_in": 601 }), "expires_in"),
        (json!({ "expires_in": -1 }), "expires_in"),
    ] {
        let named = refused(&app, more.clone()).await;
        assert!(named.starts_with(field), "{more}: {named}");
    }
}

#[tokio::test]
async fn only_the_exact_address_is_one_to_go_back_to() {
    let app = TestApp::spawn().await;
    let evil = [
        "",
        "/",
        "//evil.test",
        "/\\evil.test",
        "https://evil.test",
        "javascript:alert(1)",
        "http://localhost:8080",
        "http://localhost:8080/",
        "http://localhost:8080/connections/",
        "http://localhost:8080/connections?x=1",
        "http://localhost:8080/connections#x",
        "http://localhost:8080//connections",
        "http://localhost:8080/Connections",
        "http://localhost:8080/connections/../admin",
        "http://localhost:8080/%63onnections",
        "https://localhost:8080/connections",
        "http://localhost/connections",
        "http://localhost:80/connections",
        "http://localhost:8080.evil.test/connections",
        "http://localhost:8080@evil.test/connections",
        "http://user@localhost:8080/connections",
        "http://LOCALHOST:8080/connections",
        "http://127.0.0.1:8080/connections",
        "http:localhost:8080/connections",
        "http:/localhost:8080/connections",
        "http:\\\\localhost:8080\\connections",
        "http://localhost:8080\\connections",
        " http://localhost:8080/connections",
        "http://localhost:8080/connections ",
        "http://localhost:8080/connections\t",
        "http://localhost:8080/conn\nections",
        "http://localhost:8080/connections\u{0}",
        "\u{feff}http://localhost:8080/connections",
        "http://evil.test/http://localhost:8080/connections",
    ];
    for url in evil {
        assert_eq!(refused(&app, json!({ "return_url": url })).await, "return_url", "{url:?}");
    }
    // One character more anywhere, or one less, is another address.
    for place in 0..=RETURN_URL.len() {
        for extra in ["/", "\\", "@", ".", "%", "\t", "x", "\u{200b}"] {
            let (before, after) = RETURN_URL.split_at(place);
            assert_eq!(refused(&app, json!({ "return_url": format!("{before}{extra}{after}") })).await, "return_url");
        }
        if place < RETURN_URL.len() {
            let less: String = RETURN_URL.chars().take(place).chain(RETURN_URL.chars().skip(place + 1)).collect();
            assert_eq!(refused(&app, json!({ "return_url": less })).await, "return_url");
        }
    }
    app.session_with(json!({ "return_url": RETURN_URL })).await;
}

#[tokio::test]
async fn an_origin_is_one_to_go_back_to_with_its_slash_and_without() {
    let app = TestApp::spawn_with(|settings| {
        settings.host.return_urls = vec!["https://app.acme.test".parse().unwrap()];
    })
    .await;
    app.session_with(json!({ "return_url": "https://app.acme.test" })).await;
    app.session_with(json!({ "return_url": "https://app.acme.test/" })).await;
    for url in ["https://app.acme.test.evil.test", "https://app.acme.test//", "https://app.acme.tes", "app.acme.test"] {
        assert_eq!(refused(&app, json!({ "return_url": url })).await, "return_url", "{url:?}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let app = TestApp::spawn().await;
    for path in [
        "/connect-sessions/x",
        "/connect-sessions/01890a5d-ac96-774b-bcce-b302099a8057",
        "/link-attempts/x",
        "/link-attempts/01890a5d-ac96-774b-bcce-b302099a8057",
        "/link-attempts/..%2fconnect-sessions",
        "/nothing",
        "",
    ] {
        for method in ["GET", "DELETE"] {
            let (status, problem) = app.api(method, path, None).await;
            let expected = if method == "DELETE" && path.starts_with("/link-attempts") { 405 } else { 404 };
            assert_eq!((status, &problem["status"]), (expected, &json!(expected)), "{method} {path}: {problem}");
        }
    }
}
