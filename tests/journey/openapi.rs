//! The API's own description: complete, and true of what the API answers.

use std::collections::BTreeSet;

use gangway::web::routes::api;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{
    app::{HOST_KEY, RETURN_URL, SESSION_KEY, TestApp},
    provider::redirect_uri,
};

/// The description, as anybody reads it.
async fn document(app: &TestApp) -> Value {
    let answer = app.request("GET", api::OPENAPI).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(answer.headers().contains_key("ratelimit-remaining"));
    answer.json().await.unwrap()
}

/// What a schema of the description accepts, with nothing that it does not name.
fn strict(document: &Value, schema: &Value) -> Validator {
    let mut all = document["components"].clone();
    for (name, one) in all["schemas"].as_object_mut().unwrap() {
        // What is put together of two says so itself.
        let whole = name != "LinkAttempt" && one.get("properties").is_some();
        if whole {
            one["additionalProperties"] = json!(false);
        }
    }
    let mut root = schema.clone();
    root["components"] = all;
    jsonschema::options().should_validate_formats(true).build(&root).unwrap()
}

/// Holds an answer to what is said of it.
fn hold(document: &Value, method: &str, path: &str, status: u16, answer: &Value) {
    let operation = &document["paths"][path][method];
    let response = &operation["responses"][status.to_string()];
    assert!(response.is_object(), "{method} {path}: {status} is not described: {answer}");
    let kind = if status < 400 { "application/json" } else { "application/problem+json" };
    let Some(schema) = response["content"].get(kind).map(|content| &content["schema"]) else {
        assert_eq!(answer, &Value::Null, "{method} {path} {status}");
        return;
    };
    let objections: Vec<String> = strict(document, schema)
        .iter_errors(answer)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(objections.is_empty(), "{method} {path} {status}: {objections:?} in {answer}");
}

/// Every `$ref` in it.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(fields.values().flat_map(references)).collect()
        }
        Value::Array(all) => all.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn every_address_of_the_api_is_described_and_no_other() {
    let app = TestApp::spawn().await;
    let document = document(&app).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    let led_to = |reference: &&str| document.pointer(reference.trim_start_matches('#')).is_none();
    assert_eq!(references(&document).into_iter().filter(led_to).collect::<Vec<_>>(), Vec::<&str>::new());
    let routes = std::fs::read_to_string("src/web/routes.rs").unwrap();
    let ours = routes.split('"').skip(1).step_by(2).filter(|text| text.starts_with("/api/v1/"));
    let ours: BTreeSet<&str> = ours.filter(|path| *path != api::OPENAPI).collect();
    let described: BTreeSet<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(described, ours);
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let (status, _) = app.api(&method.to_uppercase(), path.trim_start_matches(api::PREFIX), None).await;
            assert_eq!(status == 405, item.get(method).is_none(), "{method} {path}: {status}");
        }
        for (method, operation) in item.as_object().unwrap() {
            for needed in ["401", "422", "429", "500", "503"] {
                assert!(operation["responses"].get(needed).is_some(), "{method} {path}: {needed}");
            }
            assert!(operation["summary"].is_string() && operation["operationId"].is_string(), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn only_the_host_reads_where_its_users_may_go_back_to() {
    let app = TestApp::spawn().await;
    let text = document(&app).await.to_string();
    assert!(!text.contains(RETURN_URL) && !text.contains(HOST_KEY) && !text.contains(SESSION_KEY), "{text}");
    let (status, with_key) = app.api("GET", "/openapi.json", None).await;
    let session = &with_key["components"]["schemas"]["NewConnectSession"]["properties"];
    assert_eq!((status, &session["return_url"]["enum"]), (200, &json!([RETURN_URL, null])));
    assert_eq!(session["expires_in"]["maximum"], 600);
}

#[tokio::test]
async fn what_the_api_answers_is_what_its_description_says() {
    let app = TestApp::spawn().await;
    let document = document(&app).await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let leaving = jane.leave_for("notion").await;
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    jane.leave_for("hubspot").await;
    let session = app.session_with(json!({})).await;
    let session_id = session["id"].as_str().unwrap().to_owned();
    hold(&document, "post", api::CONNECT_SESSIONS, 201, &session);
    let attempt = app.last_attempt("jane", "slack").await;
    let (id, credential) = (attempt["id"].as_str().unwrap(), attempt["credential_id"].as_str().unwrap());
    let body = |body: Value| Some(body);
    for (method, path, real, body, status) in [
        ("get", api::CONNECT_SESSION, format!("/connect-sessions/{session_id}"), None, 200),
        ("get", api::CONNECT_SESSION, "/connect-sessions/x".to_owned(), None, 404),
        ("post", api::CONNECT_SESSIONS, "/connect-sessions".to_owned(), body(json!({ "user": {} })), 422),
        ("get", api::LINK_ATTEMPT, format!("/link-attempts/{id}"), None, 200),
        ("get", api::LINK_ATTEMPT, format!("/link-attempts/{id}?wait=x"), None, 422),
        ("get", api::LINK_ATTEMPTS, "/link-attempts?limit=2".to_owned(), None, 200),
        ("get", api::CONNECTORS, "/connectors?locale=de".to_owned(), None, 200),
        ("get", api::CONNECTIONS, "/users/jane/connections".to_owned(), None, 200),
        ("get", api::CONNECTIONS, "/users/jane/connections?include=unverified".to_owned(), None, 200),
        ("get", api::USER, "/users/jane".to_owned(), None, 200),
        ("get", api::USER, "/users/sam".to_owned(), None, 404),
        ("get", api::WEBHOOK_DELIVERIES, "/webhook-deliveries".to_owned(), None, 200),
        ("post", api::WEBHOOK_TEST, "/webhook-deliveries/test".to_owned(), None, 409),
        (
            "post",
            api::COMPLETE,
            "/link-attempts/complete".to_owned(),
            body(json!({ "completion": "x", "user_id": "a" })),
            404,
        ),
        ("delete", api::CONNECTION, format!("/users/jane/connections/{credential}"), None, 204),
        ("delete", api::CONNECTION, "/users/jane/connections/x".to_owned(), None, 404),
        ("delete", api::CONNECT_SESSION, format!("/connect-sessions/{session_id}"), None, 204),
        ("delete", api::USER, "/users/somebody".to_owned(), None, 204),
    ] {
        let (found, answer) = app.api(&method.to_uppercase(), &real, body).await;
        assert_eq!(found, status, "{method} {real}: {answer}");
        hold(&document, method, path, status, &answer);
    }
    // And what the host's server is sent.
    let jane = gangway::domain::session::ExternalId::parse("jane").unwrap();
    let events = app.store.events(&jane, 0).await.unwrap();
    assert!(events.len() >= 4);
    for event in events {
        let webhook =
            &document["webhooks"][&event.kind]["post"]["requestBody"]["content"]["application/json"]["schema"];
        let body: Value = serde_json::from_str(&event.body).unwrap();
        let objections: Vec<String> =
            strict(&document, webhook).iter_errors(&body).map(|error| error.to_string()).collect();
        assert!(objections.is_empty(), "{objections:?} in {body}");
    }
}
