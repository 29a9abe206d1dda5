//! Which pages may read the outcome of a session: those of `host.origins`, without cookies.

use reqwest::Response;
use serde_json::{Value, json};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    watch::{arrived, request, ticket},
};

const OTHER: &str = "https://notes.acme.test";

fn cors(answer: &Response) -> Vec<(String, String)> {
    let headers = answer.headers().iter().filter(|(name, _)| name.as_str().starts_with("access-control-"));
    let mut all: Vec<_> = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    all.sort();
    all
}

fn varies(answer: &Response) -> bool {
    let mut vary = answer.headers().get_all("vary").iter();
    vary.any(|value| value.to_str().unwrap().to_ascii_lowercase().contains("origin"))
}

fn from(app: &TestApp, method: &str, ticket: &str, origin: &str) -> reqwest::RequestBuilder {
    let request = app.request(method, "/embed/outcome").bearer_auth(ticket);
    if origin.is_empty() { request } else { request.header("origin", origin) }
}

#[tokio::test]
async fn origins_of_the_host_may_read_and_no_others() {
    let app = TestApp::spawn_with(|settings| settings.host.origins.push(OTHER.parse().unwrap())).await;
    let session = app.session_with(json!({})).await;
    for origin in [HOST_ORIGIN, OTHER] {
        let answer = from(&app, "GET", ticket(&session), origin).send().await.unwrap();
        let expected = [("access-control-allow-origin", origin), ("access-control-expose-headers", "Retry-After")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!((answer.status().as_u16(), cors(&answer), varies(&answer)), (200, expected.to_vec(), true));
        assert_eq!(answer.headers()["cache-control"], "no-store");
        // Scripts read why a request failed, too.
        let refused = from(&app, "GET", "guessed", origin).send().await.unwrap();
        assert_eq!((refused.status().as_u16(), cors(&refused).len(), varies(&refused)), (401, 2, true));
        assert_eq!(refused.headers()["content-type"], "application/problem+json");
    }
    let own = app.origin();
    for origin in [
        "https://evil.test",
        "null",
        "*",
        "http://localhost:8081",
        "http://localhost",
        "https://localhost:8080",
        "http://localhost:8080/",
        "HTTP://LOCALHOST:8080",
        "http://localhost:8080.evil.test",
        "http://evil.localhost:8080",
        "https://notes.acme.test.",
        own.as_str(),
    ] {
        for method in ["GET", "OPTIONS", "POST"] {
            let answer = from(&app, method, ticket(&session), origin).send().await.unwrap();
            let found = (answer.status().as_u16(), cors(&answer), varies(&answer));
            assert_eq!(found, (403, vec![], true), "{method} {origin}");
            let problem: Value = answer.json().await.unwrap();
            assert!(problem["type"].as_str().unwrap().ends_with("/origin-not-allowed"), "{problem}");
            assert!(problem.get("attempts").is_none());
        }
    }
    let twice = from(&app, "GET", ticket(&session), HOST_ORIGIN).header("origin", "https://evil.test");
    let answer = twice.send().await.unwrap();
    assert_eq!((answer.status().as_u16(), cors(&answer)), (403, vec![]));
    // A server sends none.
    let server = from(&app, "GET", ticket(&session), "").send().await.unwrap();
    assert_eq!((server.status().as_u16(), cors(&server), varies(&server)), (200, vec![], true));
}

#[tokio::test]
async fn preflight_allows_what_the_script_sends() {
    let app = TestApp::spawn().await;
    let preflight = app
        .request("OPTIONS", "/embed/outcome")
        .header("origin", HOST_ORIGIN)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization");
    let answer = preflight.send().await.unwrap();
    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!((answer.status().as_u16(), varies(&answer)), (204, true));
    assert_eq!(header("access-control-allow-origin"), Some(HOST_ORIGIN));
    assert_eq!(header("access-control-allow-methods"), Some("GET"));
    assert_eq!(header("access-control-allow-headers"), Some("authorization"));
    assert_eq!(header("access-control-max-age"), Some("7200"));
    assert_eq!(header("access-control-allow-credentials"), None);
    let without = app.request("OPTIONS", "/embed/outcome").send().await.unwrap();
    assert_eq!((without.status().as_u16(), cors(&without)), (405, vec![]));
    for method in ["POST", "PUT", "DELETE"] {
        let answer = from(&app, method, "x", HOST_ORIGIN).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["allow"]),
            (405, &"GET, HEAD, OPTIONS".parse().unwrap())
        );
    }
}

#[tokio::test]
async fn cookies_are_neither_read_nor_set() {
    let app = TestApp::spawn().await;
    let (session, jane) = arrived(&app).await;
    let cookie = format!("{}={}", jane.cookie_name(), jane.cookie().unwrap());
    let with_cookie = app.request("GET", "/embed/outcome").header("origin", HOST_ORIGIN).header("cookie", &cookie);
    assert_eq!(with_cookie.send().await.unwrap().status(), 401, "a cookie stands for no ticket");
    let other = app.session_with(json!({ "user": { "id": "sam" } })).await;
    let answer = request(&app, ticket(&other), "").header("cookie", "gangway=nonsense").send().await.unwrap();
    assert!(answer.headers().get("set-cookie").is_none());
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["window"], "waiting", "the ticket counts");
    let answer = request(&app, ticket(&session), "").header("cookie", cookie).send().await.unwrap();
    assert!(answer.headers().get("set-cookie").is_none());
}
