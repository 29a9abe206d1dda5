//! Requests that make no sense: a clear answer in the form that the asker reads, and every header on it.

use gangway::sandbox::Route;
use reqwest::Response;
use serde_json::Value;

use crate::app::{HOST_KEY, HOST_ORIGIN, TestApp};

/// The headers that every response carries (docs: THREATS, Sessions and pages).
pub(crate) fn dressed(response: &Response, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("x-robots-tag", "noindex, nofollow"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(response.headers().get(name).map(|value| value.to_str().unwrap()), Some(value), "{what}: {name}");
    }
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(policy.contains("form-action 'self' https:") && !policy.contains("unsafe"), "{what}: {policy}");
    assert!(response.headers().contains_key("permissions-policy"), "{what}");
    assert!(!response.headers().contains_key("server"), "{what}");
}

/// A page of ours with that status.
pub(crate) async fn is_page(response: Response, status: u16, what: &str) {
    assert_eq!(response.status(), status, "{what}");
    dressed(&response, what);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8", "{what}");
    let body = response.text().await.unwrap();
    assert!(body.contains("Acme Notes") && body.contains("class=\"reference\""), "{what}: {body}");
}

/// A document for the host's server with that status.
pub(crate) async fn is_problem(response: Response, status: u16, what: &str) -> Value {
    assert_eq!(response.status(), status, "{what}");
    dressed(&response, what);
    assert_eq!(response.headers()["content-type"], "application/problem+json", "{what}");
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["status"], status, "{what}");
    assert!(
        problem["type"].is_string() && problem["title"].is_string() && problem["reference"].is_string(),
        "{problem}"
    );
    problem
}

#[tokio::test]
async fn media_types_are_compared_without_case() {
    let app = TestApp::spawn().await;
    for kind in ["Application/JSON", "APPLICATION/JSON; charset=UTF-8", "application/Json ;charset=utf-8"] {
        let post = |path| app.request("POST", path).bearer_auth(HOST_KEY).header("content-type", kind);
        let session = post("/api/v1/connect-sessions").body("{\"user\":{\"id\":\"jane\"}}").send().await.unwrap();
        assert_eq!(session.status(), 201, "{kind}");
        let path = "/api/v1/users/jane/connections/67a37f29e0aa276e50d7253a/refused";
        assert_eq!(post(path).body("{}").send().await.unwrap().status(), 404, "{kind}");
    }
    let form = app.request("POST", "/start").header("content-type", "Application/X-WWW-Form-Urlencoded");
    assert_eq!(form.body("code=x").send().await.unwrap().status(), 410);
    for other in ["application/jsonx", "text/json", "application"] {
        let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY);
        assert_eq!(request.header("content-type", other).body("{}").send().await.unwrap().status(), 415, "{other}");
    }
}

#[tokio::test]
async fn clients_of_the_api_get_json_where_its_path_is_misspelt() {
    let app = TestApp::spawn().await;
    let ask = |path: &str, accept: &str| app.request("GET", path).bearer_auth(HOST_KEY).header("accept", accept).send();
    for path in ["//api/v1/link-attempts", "/api//v1/users/jane", "///api/v1/", "/api/v1//users/jane"] {
        for accept in ["*/*", "application/json", "text/html"] {
            is_problem(ask(path, accept).await.unwrap(), 404, path).await;
        }
    }
    for path in ["/api/v2/users/jane", "/v1/users/jane", "/nowhere"] {
        for accept in ["application/json", "Application/JSON, */*;q=0.1", "application/problem+json"] {
            is_problem(ask(path, accept).await.unwrap(), 404, path).await;
        }
        for accept in ["text/html,application/xhtml+xml,application/json;q=0.9", "*/*", "image/png"] {
            let page = ask(path, accept).await.unwrap();
            assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8", "{path} {accept}");
        }
    }
    is_page(ask("/connectors", "application/json").await.unwrap(), 401, "a problem of pages only").await;
}

#[tokio::test]
async fn a_page_for_every_mistake() {
    let app = TestApp::spawn().await;
    let form = "application/x-www-form-urlencoded";
    let own =
        |method, path| app.request(method, path).header("origin", &app.url).header("sec-fetch-site", "same-origin");
    for (request, status, what) in [
        (app.request("GET", "/nowhere"), 404, "an unknown address"),
        (app.request("GET", "/static/nothing.css"), 404, "an unknown file"),
        (app.request("GET", "/icons/nothing"), 404, "an unknown icon"),
        (app.request("GET", "/connectors"), 401, "no session"),
        (app.request("GET", "/callback/unknown"), 404, "an unknown return"),
        (app.request("GET", "/start"), 410, "no code"),
        (own("PUT", "/start"), 405, "an unknown method"),
        (own("DELETE", "/connectors/slack"), 405, "a method of another address"),
        (own("POST", "/connectors"), 405, "a form for a page"),
        (app.request("POST", "/connectors/slack/link"), 403, "no origin at all"),
        (app.request("POST", "/session/end").header("origin", HOST_ORIGIN), 403, "the host's origin"),
        (app.request("POST", "/session/end").header("sec-fetch-site", "cross-site"), 403, "another site"),
        (own("POST", "/start").header("content-type", "application/json").body("{}"), 415, "another type"),
        (own("POST", "/start"), 415, "no type"),
        (own("POST", "/start").header("content-type", form).body("x".repeat(32 * 1024 + 1)), 413, "too much"),
        (own("POST", "/start").header("content-type", form).body("code=%ff&code=2"), 410, "odd bytes"),
    ] {
        is_page(request.send().await.unwrap(), status, what).await;
    }
    let allowed = app.request("PATCH", "/start").send().await.unwrap();
    assert_eq!(allowed.headers()["allow"], "GET, HEAD, POST");
    let head = app.request("HEAD", "/nowhere").send().await.unwrap();
    assert_eq!(head.status(), 404);
    dressed(&head, "HEAD");
}

#[tokio::test]
async fn a_document_for_every_mistake_of_the_hosts_server() {
    let app = TestApp::spawn().await;
    let json = "application/json";
    let sessions = "/api/v1/connect-sessions";
    let with_key = |method, path| app.request(method, path).bearer_auth(HOST_KEY);
    let post = |kind: &'static str, body: String| with_key("POST", sessions).header("content-type", kind).body(body);
    for (request, status, kind) in [
        (app.request("POST", sessions).header("content-type", json).body("{}"), 401, "unauthorized"),
        (app.request("GET", "/api/v1/users/jane/connections").bearer_auth("wrong"), 401, "unauthorized"),
        (app.request("GET", "/api/v1/link-attempts/x").header("authorization", "Basic eDp5"), 401, "unauthorized"),
        (post("text/plain", "{}".to_owned()), 415, "unsupported-type"),
        (with_key("POST", sessions).body("{}"), 415, "unsupported-type"),
        (post(json, "x".repeat(16 * 1024 + 1)), 413, "too-large"),
        (post(json, "{".to_owned()), 400, "malformed"),
        (post(json, String::new()), 400, "malformed"),
        (post(json, "\u{0}".to_owned()), 400, "malformed"),
        (post(json, "{\"user\":{\"id\":\"jane\"}} {}".to_owned()), 400, "malformed"),
        (post(json, "[".repeat(10_000)), 422, "invalid-field"),
        (post(json, "{\"user\":{\"id\":\"a\"},\"user\":{\"id\":\"b\"}}".to_owned()), 422, "invalid-field"),
        (post(json, "[]".to_owned()), 422, "invalid-field"),
        (with_key("PUT", sessions), 405, "method-not-allowed"),
        (with_key("GET", "/api/v1/nothing"), 404, "not-found"),
        (with_key("POST", "/api/v1/nothing"), 404, "not-found"),
        (with_key("DELETE", "/api/v1/users/jane/nothing"), 404, "not-found"),
    ] {
        let problem = is_problem(request.send().await.unwrap(), status, kind).await;
        assert_eq!(problem["type"], format!("{}/problems/{kind}", app.url));
        let text = problem.to_string();
        assert!(!text.contains("line 1") && !text.contains("expected"), "the parser's words: {text}");
    }
    let refused = app.request("POST", sessions).send().await.unwrap();
    assert_eq!(refused.headers()["www-authenticate"], "Bearer");
    let method = with_key("PUT", sessions).send().await.unwrap();
    assert_eq!(method.headers()["allow"], "POST");
}

#[tokio::test]
async fn pages_and_redirects_carry_the_headers_too() {
    let app = TestApp::spawn().await;
    let browser = app.arrived().await;
    let cookie = format!("gangway={}", browser.cookie().unwrap());
    for (path, status) in [("/", 303), ("/connectors", 200), ("/connectors/slack", 200), ("/connectors/nothing", 404)] {
        let response = app.request("GET", path).header("cookie", &cookie).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        dressed(&response, path);
    }
}

#[tokio::test]
async fn an_app_that_cannot_be_is_not_found_and_never_asked_for() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    app.sandbox.forget_calls();
    let long = "x".repeat(3000);
    for id in
        ["..%2f..%2fadmin", "a%0d%0ab", "%00", "%ff", "slack%2f", "..", "%2e%2e", "slack%3fx", &long, "constructor"]
    {
        for path in [format!("/connectors/{id}?another=1"), format!("/icons/{id}")] {
            let page = browser.get(&path).await;
            assert!(page.status == 404 || page.location() == "/connectors", "{path}: {} {}", page.status, page.text());
        }
    }
    assert_eq!(app.sandbox.count(Route::Metadata), 0);
    assert!(app.sandbox.calls().iter().all(|call| call.route == Some(Route::ListUserCredentials)));
}
