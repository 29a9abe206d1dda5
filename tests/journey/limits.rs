//! Rate limits: by user, by address, by host key, overall.

use std::time::Duration;

use gangway::config::{Rate, Settings};
use reqwest::header::HeaderValue;
use serde_json::json;

use crate::{
    app::{HOST_KEY, TestApp},
    browser::Browser,
};

fn few(rate: u32) -> Rate {
    Rate { requests: rate, per: Duration::from_secs(60) }
}

/// A client that sends from that loopback address.
struct Client(reqwest::Client, String);

impl Client {
    fn at(app: &TestApp, last: u8) -> Self {
        let http = reqwest::Client::builder().local_address(std::net::IpAddr::from([127, 0, 0, last])).no_proxy();
        Self(http.build().unwrap(), app.url.clone())
    }

    async fn send(&self, method: &str, path: &str, key: Option<&str>) -> u16 {
        let request = self.0.request(method.parse().unwrap(), format!("{}{path}", self.1));
        let request = match key {
            Some(key) => request.bearer_auth(key),
            None => request,
        };
        request.send().await.unwrap().status().as_u16()
    }
}

async fn allowed(browser: &mut Browser, requests: usize) {
    for _ in 0..requests {
        assert_eq!(browser.get("/connectors").await.status, 200);
    }
}

#[tokio::test]
async fn sessions_of_one_user_share_a_limit() {
    let app = TestApp::spawn_with(|settings| settings.limits.per_session = few(5)).await;
    let mut hasty = app.arrived().await;
    let page = hasty.get("/connectors/slack").await;
    let token = page.form("/connectors/slack/link").into_iter().find(|(name, _)| name == "form_token").unwrap().1;
    let link = hasty.post("/session/browser", &[("form_token", &token), ("connector", "slack")]).await;
    let mut child = app.browser();
    let start = child.navigate(&link.all("textarea").remove(0), "none").await;
    child.submit(&start, "/start", &[]).await;
    allowed(&mut child, 2).await;
    let mut other = app.arrived().await;
    allowed(&mut other, 1).await;
    for browser in [&mut hasty, &mut child, &mut other] {
        let page = browser.get("/connectors").await;
        assert_eq!((page.status, page.heading().as_str()), (429, "Too many tries in a short time"));
        let wait: u64 = page.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=13).contains(&wait), "{wait}");
    }
    allowed(&mut app.arrived_with(json!({ "user": { "id": "sam" } })).await, 5).await;
}

#[tokio::test]
async fn refused_requests_cost_other_addresses_nothing() {
    let app = TestApp::spawn_with(|settings| {
        (settings.limits.per_address, settings.limits.overall) = (few(3), few(30));
    })
    .await;
    let victim = Client::at(&app, 99);
    // Each kind of request that costs the attacker's own budget, sent until it is refused and far beyond.
    for (attacker, (method, path, key, status)) in [
        ("GET", "/start?code=x", None, 410),
        ("GET", "/nothing", None, 404),
        ("PUT", "/problems/nothing", None, 405),
        ("GET", "/callback/x", None, 404),
        ("GET", "/connectors", None, 401),
        ("GET", "/problems/nothing", None, 404),
        ("GET", "/api/v1/users/jane/connections", Some("a-guess"), 401),
        ("GET", "/api/v1/nothing", None, 404),
    ]
    .into_iter()
    .enumerate()
    {
        let client = Client::at(&app, 10 + u8::try_from(attacker).unwrap());
        for number in 0..20 {
            let expected = if number < 3 { status } else { 429 };
            assert_eq!(client.send(method, path, key).await, expected, "{method} {path}, request {number}");
        }
    }
    assert_eq!(victim.send("GET", "/start?code=x", None).await, 410);
    assert_eq!(victim.send("GET", "/api/v1/users/jane/connections", Some(HOST_KEY)).await, 200);
    // These are refused before anything is counted.
    let long = format!("/start?code={}", "x".repeat(5000));
    for _ in 0..20 {
        assert_eq!(Client::at(&app, 50).send("GET", &long, None).await, 414);
    }
    assert_eq!(victim.send("GET", "/start?code=x", None).await, 410);
}

#[tokio::test]
async fn browsers_and_host_keys_have_separate_overall_budgets() {
    let app = TestApp::spawn_with(|settings| settings.limits.overall = few(3)).await;
    let client = Client::at(&app, 1);
    let page = async || client.send("GET", "/start?code=x", None).await;
    let call = async |key: &'static str| client.send("GET", "/api/v1/users/jane/connections", Some(key)).await;
    assert_eq!([page().await, page().await, page().await, page().await], [410, 410, 410, 429]);
    assert_eq!(call("a-guess").await, 429, "a wrong key spends what browsers spend");
    assert_eq!([call(HOST_KEY).await, call(HOST_KEY).await], [200, 200]);

    let app = TestApp::spawn_with(|settings| settings.limits.overall = few(2)).await;
    let client = Client::at(&app, 1);
    let page = async || client.send("GET", "/start?code=x", None).await;
    let call = async || client.send("GET", "/api/v1/users/jane/connections", Some(HOST_KEY)).await;
    assert_eq!([call().await, call().await, call().await], [200, 200, 429]);
    assert_eq!(page().await, 410);
}

#[tokio::test]
async fn ipv6_addresses_of_one_network_share_a_limit() {
    let app = TestApp::spawn_with(|settings| {
        settings.limits.per_address = few(2);
        settings.server.trusted_proxies = vec!["127.0.0.1".to_owned()];
    })
    .await;
    let send = async |forwarded: HeaderValue| {
        app.request("GET", "/start?code=x").header("x-forwarded-for", forwarded).send().await.unwrap().status().as_u16()
    };
    let from = async |address: String| send(HeaderValue::from_str(&address).unwrap()).await;
    for number in 0..32 {
        assert_eq!(from(format!("2001:db8:1:{number:x}::1")).await, 410, "{number}");
    }
    assert_eq!(from("2001:db8:1:ff::1".to_owned()).await, 429, "16 times the limit of an address is spent");
    assert_eq!(from("2001:db8:2::1".to_owned()).await, 410, "another network");
    let one_address = ["203.0.113.9", "::ffff:203.0.113.9", "[::ffff:203.0.113.9]:80"];
    let statuses =
        [from(one_address[0].into()).await, from(one_address[1].into()).await, from(one_address[2].into()).await];
    assert_eq!(statuses, [410, 410, 429]);
    // However a proxy writes an IPv6 address, it is the same one.
    for (number, spelled) in ["[{}]", "[{}]:4711", "{}%eth0", "\"[{}]:80\"", " {} ,"].iter().enumerate() {
        let address = format!("2001:db8:{:x}::1", 16 + number);
        let spelled = spelled.replace("{}", &address);
        let statuses = [from(spelled.clone()).await, from(address.clone()).await, from(spelled.clone()).await];
        assert_eq!(statuses, [410, 410, 429], "{spelled}");
    }
    let junk = HeaderValue::from_bytes(b"\xff, 203.0.113.9").unwrap();
    assert_eq!(send(junk).await, 429, "bytes before the address that the proxy added change nothing");
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

/// Another page can make a victim's browser spend the budget of its address before it sends the victim to the provider.
#[tokio::test]
async fn a_foreign_return_counts_beyond_the_limit() {
    let app = TestApp::spawn_with(|settings| settings.limits.per_address = few(20)).await;
    let mut attacker = app.arrived().await;
    let back = app.sandbox.approve(&attacker.leave_for("slack").await).unwrap().unwrap();
    while app.browser().get("/start?code=x").await.status != 429 {}
    assert_eq!(app.browser().navigate(&back, "cross-site").await.status, 403);
    assert_eq!(attacker.navigate(&back, "cross-site").await.status, 429, "the attacker's own return can wait");
    assert_eq!(app.browser().get("/callback/unknown").await.status, 429);
    let attempt = app.last_attempt("jane", "slack").await;
    assert_eq!((attempt["state"].as_str(), attempt["reason"].as_str()), (Some("unverified"), Some("foreign_return")));
    app.until("the deletion", async || app.held("jane").is_empty()).await;
}

#[tokio::test]
async fn an_ended_session_spends_nothing_of_its_user() {
    let app = TestApp::spawn_with(|settings| settings.limits.per_session = few(3)).await;
    let session = app.session_with(json!({})).await;
    let mut ended = app.browser();
    let code = session["start_code"].as_str().unwrap();
    ended.post_from(crate::app::HOST_ORIGIN, "/start", &[("code", code)]).await;
    let id = session["id"].as_str().unwrap();
    assert_eq!(app.api("DELETE", &format!("/connect-sessions/{id}"), None).await.0, 204);
    for _ in 0..4 {
        assert_eq!(ended.get("/connectors").await.status, 401);
    }
    assert_eq!(app.arrived().await.get("/connectors").await.status, 200);
}
