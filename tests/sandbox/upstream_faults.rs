//! The bad days of any upstream.

use std::time::Instant;

use gangway::sandbox::{Fault, Route};
use reqwest::{Method, Response};
use serde_json::json;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822};

use crate::fixture::Alloy;

async fn connectors(alloy: &Alloy) -> Response {
    alloy.call(Method::GET, "/connectors").send().await.unwrap()
}

#[tokio::test]
async fn both_error_envelopes() {
    let alloy = Alloy::with(Fault::FlatErrors);
    let (status, answer) = alloy.get("/connectors/nope/credentials/metadata").await;
    assert_eq!(status, 404);
    assert_eq!(answer, json!({"code": "CONNECTOR_NOT_FOUND", "message": "Connector not found"}));
}

#[tokio::test]
async fn too_many_requests_with_and_without_a_time_to_wait() {
    let alloy = Alloy::with(Fault::RateLimited);
    let response = connectors(&alloy).await;
    assert_eq!(response.status(), 429);
    assert!(response.headers().get("retry-after").is_none());
    assert_eq!(response.json::<serde_json::Value>().await.unwrap()["error"], "Too Many Requests");
    alloy.control.switch_on(Fault::RateLimited.with(7));
    assert_eq!(connectors(&alloy).await.headers()["retry-after"], "7");
}

#[tokio::test]
async fn server_errors_in_bursts_or_without_end() {
    let alloy = Alloy::with(Fault::ServerErrors.with(2));
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(connectors(&alloy).await.status().as_u16());
    }
    assert_eq!(seen, [500, 502, 200, 200, 502, 503]);
    alloy.switch(Fault::ServerErrors);
    for expected in [500, 502, 503, 500] {
        assert_eq!(connectors(&alloy).await.status(), expected);
    }
    let jane = alloy.jane();
    let body = json!({"userId": jane, "authenticationType": "apiKey", "data": {"apiKey": "k", "token": "t"}});
    alloy.call(Method::POST, "/connectors/trello/credentials").json(&body).send().await.unwrap();
    assert!(alloy.control.credentials(&jane).is_empty(), "a call that failed had no effect");
}

#[tokio::test]
async fn a_fault_for_the_next_calls_of_one_route() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    alloy.control.switch_on(Fault::KeyRefused.on(Route::ListCredentials).times(1));
    assert_eq!(alloy.get("/connectors").await.0, 200);
    assert_eq!(alloy.get_as(&jane, "/connectors/slack/credentials").await.0, 401);
    assert_eq!(alloy.get_as(&jane, "/connectors/slack/credentials").await.0, 200);
}

#[tokio::test]
async fn a_redirect_elsewhere() {
    let alloy = Alloy::with(Fault::Redirected);
    let response = connectors(&alloy).await;
    assert_eq!(response.status(), 302);
    assert_eq!(response.headers()["location"], alloy.url("/elsewhere"));
}

#[tokio::test]
async fn slow_answers_and_slow_bodies() {
    let alloy = Alloy::with(Fault::Slow.with(1));
    let before = Instant::now();
    assert_eq!(connectors(&alloy).await.status(), 200);
    assert!(before.elapsed().as_secs() >= 1);

    alloy.control.switch_all_off();
    alloy.control.switch_on(Fault::SlowBody.with(1));
    let before = Instant::now();
    let response = connectors(&alloy).await;
    let body: serde_json::Value = response.json().await.unwrap();
    assert!(before.elapsed().as_secs() >= 1);
    assert!(body["connectors"].is_array());
}

#[tokio::test]
async fn an_answer_that_is_cut_off_after_the_key_was_stored() {
    let alloy = Alloy::with(Fault::CutOff.on(Route::CreateCredential));
    let jane = alloy.jane();
    let body = json!({"userId": jane, "authenticationType": "apiKey", "data": {"apiKey": "k", "token": "t"}});
    let answer = alloy.call(Method::POST, "/connectors/trello/credentials").json(&body).send().await;
    assert!(match answer {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    });
    assert_eq!(alloy.control.credentials(&jane).len(), 1);
}

#[tokio::test]
async fn answers_that_are_huge_empty_or_no_json() {
    let alloy = Alloy::with(Fault::Oversized.with(1));
    let body = connectors(&alloy).await.text().await.unwrap();
    assert!(body.len() > 1024 * 1024);
    assert!(serde_json::from_str::<serde_json::Value>(&body).unwrap()["connectors"].is_array());

    alloy.control.switch_all_off();
    alloy.switch(Fault::Empty);
    let response = connectors(&alloy).await;
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.unwrap().is_empty());

    alloy.control.switch_all_off();
    alloy.switch(Fault::NotJson);
    let response = connectors(&alloy).await;
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn a_clock_that_is_off() {
    let alloy = Alloy::start();
    let date = async || {
        let response = connectors(&alloy).await;
        let date = response.headers()["date"].to_str().unwrap().replace("GMT", "+0000");
        OffsetDateTime::parse(&date, &Rfc2822).unwrap()
    };
    let before = date().await;
    alloy.control.shift_clock(Duration::minutes(-10));
    let off = before - date().await;
    assert!((Duration::minutes(9)..=Duration::minutes(10)).contains(&off), "{off}");
}
