//! Too many requests: from one session, from one address, in all.

use std::time::Duration;

use gangway::settings::{Rate, Settings};

use serde_json::json;

use crate::app::{HOST_KEY, TestApp};

fn few(rate: u32) -> Rate {
    Rate { requests: rate, per: Duration::from_secs(60) }
}

#[tokio::test]
async fn a_session_that_asks_too_often_waits_and_another_goes_on() {
    let app = TestApp::spawn_with(|settings| settings.limits.per_session = few(3)).await;
    let mut hasty = app.arrived().await;
    for _ in 0..3 {
        assert_eq!(hasty.get("/connectors").await.status, 200);
    }
    let page = hasty.get("/connectors").await;
    assert_eq!(page.status, 429);
    let wait: u64 = page.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    assert_eq!(page.heading(), "Too many tries in a short time");
    assert_eq!(app.arrived().await.get("/connectors").await.status, 200);
}

#[tokio::test]
async fn an_address_is_the_one_that_a_trusted_proxy_names() {
    let ask = async |app: &TestApp, forwarded: &str| {
        let headers = [("x-forwarded-for", forwarded)];
        app.browser().send(reqwest::Method::GET, "/start?code=x", &headers, None).await.status
    };
    let trusting = |settings: &mut Settings| {
        settings.limits.per_address = few(2);
        settings.server.trusted_proxies = vec!["127.0.0.0/8".to_owned()];
    };
    let app = TestApp::spawn_with(trusting).await;
    let statuses = [ask(&app, "203.0.113.1").await, ask(&app, "203.0.113.1").await, ask(&app, "203.0.113.1").await];
    assert_eq!(statuses, [410, 410, 429]);
    assert_eq!(ask(&app, "203.0.113.1:4711").await, 429, "some proxies write the port too");
    assert_eq!(ask(&app, "203.0.113.2").await, 410, "another address");
    assert_eq!(ask(&app, "198.51.100.7, 203.0.113.1").await, 429, "what stands before it is hearsay");

    let app = TestApp::spawn_with(|settings| settings.limits.per_address = few(2)).await;
    let statuses = [ask(&app, "203.0.113.1").await, ask(&app, "203.0.113.2").await, ask(&app, "203.0.113.3").await];
    assert_eq!(statuses, [410, 410, 429], "no proxy is trusted, so nobody is believed");
}

#[tokio::test]
async fn all_together_are_counted_too() {
    let app = TestApp::spawn_with(|settings| settings.limits.overall = few(2)).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(app.browser().get("/start?code=x").await.status);
    }
    assert_eq!(statuses, [410, 410, 429]);
}

#[tokio::test]
async fn calls_of_the_hosts_server_are_counted_by_its_key() {
    let other_key = "another-host-key-of-thirty-two-chars";
    let app = TestApp::spawn_with(|settings| {
        settings.host.api_keys = vec![HOST_KEY.into(), other_key.into()];
        settings.limits.per_key = few(3);
        settings.limits.per_address = few(2);
    })
    .await;
    for _ in 0..3 {
        app.session_with(json!({})).await;
    }
    let ask =
        async |key: &str| app.request("GET", "/api/v1/users/jane/connections").bearer_auth(key).send().await.unwrap();
    let full = ask(HOST_KEY).await;
    assert_eq!(full.status(), 429);
    let wait: u64 = full.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    let problem: serde_json::Value = full.json().await.unwrap();
    assert_eq!(problem["type"], format!("{}/problems/too-many-requests", app.url));
    // Another key has a count of its own, and whoever guesses at keys is counted as a stranger.
    assert_eq!(ask(other_key).await.status(), 200);
    let guesses = [ask("guess-1").await.status(), ask("guess-2").await.status(), ask("guess-3").await.status()];
    assert_eq!(guesses.map(|status| status.as_u16()), [401, 401, 429]);
    assert_eq!(ask(other_key).await.status(), 200);
}

#[tokio::test]
async fn the_hosts_server_reads_with_every_answer_how_much_is_left() {
    let app = TestApp::spawn_with(|settings| {
        settings.limits.per_key = few(3);
        settings.limits.per_address = few(5);
    })
    .await;
    let ask = async |method: &str, path: &str, key: &str| {
        app.request(method, &format!("/api/v1{path}")).bearer_auth(key).send().await.unwrap()
    };
    let number =
        |answer: &reqwest::Response, name: &str| -> u64 { answer.headers()[name].to_str().unwrap().parse().unwrap() };
    for (method, path, status, left) in [
        ("GET", "/users/jane/connections", 200, 2),
        ("GET", "/link-attempts/x", 404, 1),
        ("PUT", "/nothing", 404, 0),
        ("GET", "/users/jane/connections", 429, 0),
    ] {
        let answer = ask(method, path, HOST_KEY).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!((number(&answer, "ratelimit-limit"), number(&answer, "ratelimit-remaining")), (3, left), "{path}");
        let reset = number(&answer, "ratelimit-reset");
        assert!((1..=60).contains(&reset), "{reset}");
        let waits = answer.headers().get("retry-after").map(|wait| wait.to_str().unwrap().parse::<u64>().unwrap());
        assert_eq!(waits, (status == 429).then_some(reset));
    }
    // Whoever guesses at keys reads of their own limit.
    let guess = ask("GET", "/users/jane/connections", "guess").await;
    assert_eq!((guess.status().as_u16(), number(&guess, "ratelimit-limit")), (401, 5));
    assert_eq!(number(&guess, "ratelimit-remaining"), 4);
}
