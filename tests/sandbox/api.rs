//! What holds for every call: key, version, paths, and that each is noted.

use gangway::sandbox::{API_KEY, REVOKED, Route};
use reqwest::Method;
use serde_json::json;

use crate::fixture::{Alloy, read};

#[tokio::test]
async fn a_wrong_key_is_answered_401_in_json() {
    let alloy = Alloy::start();
    let versioned = || alloy.bare(Method::GET, "/connectors").header("x-api-version", "2025-09");
    for request in [versioned(), versioned().bearer_auth("wrong"), versioned().header("authorization", API_KEY)] {
        assert_eq!(read(request).await, (401, json!({"message": "Invalid Authorization"})));
    }
}

#[tokio::test]
async fn a_missing_or_unknown_version_is_answered_404_in_html() {
    let alloy = Alloy::start();
    let keyed = || alloy.bare(Method::GET, "/connectors").bearer_auth(API_KEY);
    for request in [keyed(), keyed().header("x-api-version", "2024-01")] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 404);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        assert!(response.text().await.unwrap().contains("Cannot GET /connectors"));
    }
}

#[tokio::test]
async fn paths_that_nobody_serves_are_answered_404_in_html() {
    let alloy = Alloy::start();
    for path in ["/nope", "/connectors/slack", "/connectors/%ff/credentials", "/connectors/a%2Fb/c/credentials"] {
        let response = alloy.call(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
        assert!(response.text().await.unwrap().contains(&format!("Cannot GET {path}")));
    }
}

#[tokio::test]
async fn unknown_connectors_are_refused_in_the_error_envelope() {
    let alloy = Alloy::start();
    for path in ["/connectors/Slack/credentials", "/connectors/nope/credentials/metadata", "/connectors/no/resources"] {
        let (status, answer) = alloy.get(path).await;
        assert_eq!(status, 404);
        assert_eq!(answer["error"]["source"], "CONNECTIVITY_API");
        assert_eq!(answer["error"]["code"], "CONNECTOR_NOT_FOUND");
        assert!(answer["error"]["message"].is_string());
    }
}

#[tokio::test]
async fn every_call_is_noted_with_what_it_said() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    alloy.get("/connectors").await;
    alloy.start_link(&jane, "slack").await;
    alloy.get_as(&jane, "/connectors/slack/credentials?a=b").await;
    let calls = alloy.control.calls();
    assert_eq!(calls.len(), 3);
    assert_eq!(calls[1].route, Some(Route::CreateCredential));
    assert_eq!(calls[1].json()["userId"], jane);
    assert_eq!((calls[2].method.as_str(), calls[2].path.as_str()), ("GET", "/connectors/slack/credentials?a=b"));
    assert_eq!(calls[2].header("x-alloy-userid"), Some(jane.as_str()));
    assert_eq!(calls[2].status, 200);
    assert!(!format!("{calls:?}").contains(API_KEY));
    assert_eq!(alloy.control.count(Route::ListCredentials), 1);
    alloy.control.forget_calls();
    assert_eq!(alloy.control.count(Route::ListCredentials), 0);
}

#[tokio::test]
async fn the_front_page_says_what_was_called_and_what_is_switched_on() {
    let alloy = Alloy::with("list-lag=3".parse::<gangway::sandbox::Switch>().unwrap());
    alloy.get("/connectors").await;
    let page = alloy.open(&alloy.url("/")).await.text().await.unwrap();
    assert!(page.contains("list-lag=3") && page.contains("/connectors") && page.contains(REVOKED));
    assert!(!page.contains(API_KEY));
    assert_eq!(alloy.open(&alloy.url("/sandbox.css")).await.status(), 200);
}

#[tokio::test]
async fn a_stopped_sandbox_frees_its_port() {
    let alloy = Alloy::start();
    alloy.get("/connectors").await;
    alloy.control.stop().await;
    let address = alloy.control.base_url().trim_start_matches("http://").to_owned();
    assert!(std::net::TcpListener::bind(address).is_ok());
}
