//! The end of a session on a page, and its extension.

use reqwest::Method;
use serde_json::Value;
use time::Duration;

use crate::{app::TestApp, browser::Browser};

/// What the page says of its end: in how many seconds.
async fn left(browser: &mut Browser) -> i64 {
    browser.get("/connectors").await.attributes("form[data-seconds]", "data-seconds").remove(0).parse().unwrap()
}

/// Asks for more, as the page's script does.
async fn more(app: &TestApp, browser: &mut Browser, token: &str) -> (u16, Value) {
    let headers = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin"), ("accept", "application/json")];
    let answer = browser.send(Method::POST, "/session/extend", &headers, Some(&[("form_token", token)])).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

#[tokio::test]
async fn session_is_extended_up_to_its_absolute_end() {
    let app = TestApp::spawn_with(|settings| {
        settings.session.idle = std::time::Duration::from_secs(30 * 60);
        settings.session.absolute = std::time::Duration::from_secs(60 * 60);
    })
    .await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/slack").await;
    let token = page.form("/session/extend").remove(0).1;
    assert!((1795..=1800).contains(&left(&mut browser).await));
    // Nobody asks for anything for 26 minutes: the page goes on by this press alone.
    app.clock.pass(Duration::minutes(26));
    let (status, told) = more(&app, &mut browser, &token).await;
    assert_eq!((status, &told["last"]), (200, &Value::Bool(false)), "{told}");
    assert!((1795..=1800).contains(&told["seconds"].as_i64().unwrap()), "{told}");
    app.clock.pass(Duration::minutes(26));
    let (_, told) = more(&app, &mut browser, &token).await;
    assert_eq!(told["last"], Value::Bool(true), "eight minutes are left in all: {told}");
    assert!((470..=480).contains(&told["seconds"].as_i64().unwrap()), "{told}");
    let page = browser.get("/connectors").await;
    assert!(page.body.contains("This page cannot stay open any longer"), "{}", page.body);
    assert!(page.all(".closing button").is_empty(), "there is no more to give");
    app.clock.pass(Duration::minutes(9));
    assert_eq!(more(&app, &mut browser, &token).await.0, 401);
    let over = browser.get("/connectors").await;
    assert_eq!((over.status, over.heading().as_str()), (401, "Your time on this page has ended"));
    assert_eq!(over.all("a.primary"), ["Back to Acme Notes"]);
}

#[tokio::test]
async fn extension_without_script_leads_back_to_the_page() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/slack").await;
    assert!(page.body.contains("<noscript>"), "who has no script reads it from the beginning");
    let token = page.form("/session/extend").remove(0).1;
    for (referer, leads_to) in [
        ("/connectors/slack", "/connectors/slack"),
        ("/connectors/slack/link", "/connectors/slack"),
        ("/callback/secret", "/connectors"),
        ("https://evil.test/connectors/x", "/connectors"),
    ] {
        let referer = if referer.starts_with('/') { format!("{}{referer}", app.url) } else { referer.to_owned() };
        let headers = [("origin", app.url.as_str()), ("sec-fetch-site", "same-origin"), ("referer", &referer)];
        let answer = browser.send(Method::POST, "/session/extend", &headers, Some(&[("form_token", &token)])).await;
        assert_eq!((answer.status, answer.leads_to()), (303, Some(leads_to)), "{referer}");
    }
    assert_eq!(browser.post("/session/extend", &[("form_token", "x")]).await.status, 403);
    let foreign = browser.post_from("https://evil.test", "/session/extend", &[("form_token", &token)]).await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn extension_just_after_a_page_counts_in_full() {
    let app = TestApp::spawn_with(|settings| settings.session.idle = std::time::Duration::from_secs(5 * 60)).await;
    let mut browser = app.arrived().await;
    let token = browser.get("/connectors/slack").await.form("/session/extend").remove(0).1;
    app.clock.pass(Duration::seconds(50));
    let (status, told) = more(&app, &mut browser, &token).await;
    assert_eq!(status, 200);
    assert!((299..=300).contains(&told["seconds"].as_i64().unwrap()), "{told}");
}
