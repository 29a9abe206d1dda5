//! Whatever an upstream does on the wire: the page comes in time, says what to do, and nobody else is held up.

use std::time::{Duration, Instant};

use gangway::alloy::Timeouts;

use crate::{
    browser::Browser,
    tcp_relay::{Deed, Relay, json},
};

/// A page may take three seconds here.
const SHORT: Timeouts =
    Timeouts { connect: Duration::from_secs(1), read: Duration::from_secs(3), total: Duration::from_secs(3) };
const DOWN: &str = "The connection service of Acme Notes does not answer right now";

fn half() -> String {
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"data\":[".to_owned()
}

#[tokio::test]
async fn a_stall_before_the_head_or_in_the_body_ends_in_the_time_of_one_call() {
    for bytes in [String::new(), half()] {
        let (app, relay) = Relay::between(SHORT).await;
        let mut browser = app.arrived().await;
        let page = browser.get("/connectors/slack").await;
        // The list is asked for first, then the link: together they take no longer than one.
        relay.to("", Deed::Stalls(bytes));
        let began = Instant::now();
        let pressed = browser.submit(&page, "/connectors/slack/link", &[]).await;
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert_eq!((pressed.status, pressed.heading().as_str()), (503, DOWN));
        assert_eq!(pressed.all("a.primary"), ["Try again"]);
        relay.to_nothing();
        let again = browser.get(&pressed.attributes("a.primary", "href")[0]).await;
        assert_eq!(browser.submit(&again, "/connectors/slack/link", &[]).await.status, 303);
    }
}

#[test]
fn the_page_has_eleven_seconds_and_the_calls_ten_of_them() {
    assert!(Timeouts::default().total <= Duration::from_secs(10));
}

#[tokio::test]
async fn whatever_comes_in_place_of_an_answer_the_page_says_what_to_do() {
    let huge = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{".to_owned();
    for deed in [
        Deed::Resets,
        Deed::Floods,
        Deed::Says(half()),
        Deed::Stalls(huge),
        Deed::Says("\u{1}\u{2} no HTTP at all\r\n\r\n".to_owned()),
        Deed::Says(String::new()),
    ] {
        let is_too_long = matches!(deed, Deed::Floods | Deed::Stalls(_));
        let heading = if is_too_long { "We cannot tell right now what is connected" } else { DOWN };
        let (app, relay) = Relay::between(SHORT).await;
        let mut browser = app.arrived().await;
        let page = browser.get("/connectors/slack").await;
        relay.to("", deed);
        let choice = browser.get("/connectors").await;
        assert_eq!(choice.status, 200);
        assert!(choice.text().contains("We cannot see right now which apps are connected"), "{}", choice.text());
        let pressed = browser.submit(&page, "/connectors/slack/link", &[]).await;
        assert_eq!((pressed.status, pressed.heading().as_str()), (503, heading));
        // An app that nobody has looked at yet, and a user whom Alloy does not know.
        let mut sam = app.arrived_with(serde_json::json!({ "user": { "id": "sam" } })).await;
        let new = sam.get("/connectors/notion").await;
        assert_eq!((new.status, new.heading().as_str()), (503, DOWN));
        let pressed = sam.submit(&page, "/connectors/slack/link", &[]).await;
        assert_eq!(pressed.status, 403, "a form of Jane's");
        let page = sam.get("/connectors/slack").await;
        let pressed = sam.submit(&page, "/connectors/slack/link", &[]).await;
        assert_eq!((pressed.status, pressed.heading().as_str()), (503, DOWN));
        assert_eq!(pressed.all("a.primary"), ["Try again"]);
        assert_eq!(pressed.attributes("a.primary", "href"), ["/connectors/slack?method=oauth2"]);
    }
}

#[tokio::test]
async fn what_does_not_speak_tls_is_an_outage() {
    let (app, relay) = Relay::between(SHORT).await;
    relay.to("", Deed::Says("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_owned()));
    let app = app.restart_with(|settings| settings.alloy.base_url.set_scheme("https").unwrap()).await;
    let began = Instant::now();
    let page = app.arrived().await.get("/connectors").await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!((page.status, page.heading().as_str()), (503, DOWN));
    assert_eq!(relay.requests(), Vec::<String>::new(), "something was said in the clear");
}

#[tokio::test]
async fn one_users_stall_holds_up_nobody_else() {
    let (app, relay) = Relay::between(Timeouts::default()).await;
    let (mut jane, mut sam) =
        (app.arrived().await, app.arrived_with(serde_json::json!({ "user": { "id": "sam" } })).await);
    jane.get("/connectors").await;
    let id = &app.sandbox.users().into_iter().find(|user| user.username.ends_with("jane")).unwrap().user_id;
    relay.to(&format!("GET /users/{id}"), Deed::Stalls(String::new()));
    let waiting = tokio::spawn(async move { jane.get("/connectors").await });
    while !relay.requests().last().unwrap().contains(id) {
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        let page = sam.get("/connectors").await;
        assert!(page.status == 200 && !page.text().contains("We cannot see"), "{}", page.text());
    }
    assert!(!waiting.is_finished(), "Jane did not wait at all");
}

#[tokio::test]
async fn no_more_than_so_many_calls_are_under_way_and_health_answers_meanwhile() {
    let (app, relay) = Relay::between(SHORT).await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    let mut users = Vec::new();
    for number in 0..250 {
        let mut user = app.arrived_with(serde_json::json!({ "user": { "id": format!("user-{number}") } })).await;
        assert_eq!(user.get("/connectors").await.status, 200);
        users.push(user);
    }
    relay.to("", Deed::Stalls(String::new()));
    let load = |mut user: Browser| tokio::spawn(async move { user.get("/connectors").await.status });
    let pages: Vec<_> = users.into_iter().map(load).collect();
    while relay.most_at_once() < 128 {
        tokio::task::yield_now().await;
    }
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(http.get(format!("{}/healthz", app.admin_url)).send().await.unwrap().status(), 200);
    for page in pages {
        assert_eq!(page.await.unwrap(), 200);
    }
    // Of one that has just been given up the relay may not know yet.
    assert!(relay.most_at_once() < 160, "{}", relay.most_at_once());
}

#[tokio::test]
async fn an_authorization_address_of_any_wrong_kind_never_reaches_the_browser() {
    let (app, relay) = Relay::between(SHORT).await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/slack").await;
    let mut reached = Vec::new();
    let long = format!("https://api.runalloy.com/canary?token={}", "x".repeat(4096));
    for address in [
        "javascript:alert('canary')",
        "data:text/html,canary",
        "http://canary.example/authorize",
        "https://canary:pw@api.runalloy.com/",
        "https://canary@api.runalloy.com/",
        "https://api.runalloy.com/canary\\u000d\\u000aset-cookie: x=1",
        "https://api.runalloy.com/\\u0000canary",
        "https://api.runalloy.com/\\u202ecanary",
        "\\/\\/canary.example/authorize",
        "https:\\\\\\\\canary.example",
        &format!("{}/start?code=canary", app.url),
        &long,
        "",
    ] {
        relay.to_nothing();
        relay.to("POST /connectors/slack", json("200 OK", &format!("{{\"oauthUrl\":\"{address}\"}}")));
        let pressed = browser.submit(&page, "/connectors/slack/link", &[]).await;
        if !pressed.location().starts_with("/attempts/") {
            reached.push(pressed.location().to_owned());
            continue;
        }
        let shown = browser.get(pressed.location()).await;
        assert_eq!(shown.heading(), "We could not open Slack safely", "{address}");
        assert!(!shown.body.contains("canary") && !format!("{:?}", shown.headers).contains("canary"), "{address}");
        assert_eq!(app.last_attempt("jane", "slack").await["reason"], "invalid_authorization_url", "{address}");
    }
    assert_eq!(reached, Vec::<String>::new(), "a browser was sent there");
}

#[tokio::test]
async fn an_emoji_that_was_cut_hides_nothing() {
    let (app, relay) = Relay::between(SHORT).await;
    let mut jane = app.arrived().await;
    jane.get("/connectors").await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    let listed = r#"{"data":[{"credentialId":"67a37f29e0aa276e50d7253a","name":"Jane \ud83d","type":"slack-oauth2",
        "createdAt":"2025-02-08T15:59:37.123Z","updatedAt":"2025-02-08T15:59:37.123Z"}]}"#;
    relay.to(&format!("GET /users/{user}/credentials"), json("200 OK", listed));
    assert_eq!(app.connections("jane").await[0]["credential_id"], "67a37f29e0aa276e50d7253a");
    assert!(jane.get("/connectors/slack").await.text().contains("Jane \u{fffd}"));
}
