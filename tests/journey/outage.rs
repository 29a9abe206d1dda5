//! Alloy is down, slow to recover, or asks for patience: what is asked of it meanwhile, and how soon we are back.

use std::time::{Duration, Instant};

use gangway::{
    alloy::Timeouts,
    config::Rate,
    sandbox::{Fault, Route},
};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::{Browser, Page},
    tcp_relay::{Deed, Relay, json},
};

const DOWN: &str = "The connection service of Acme Notes does not answer right now";

async fn press(browser: &mut Browser, page: &Page) -> Page {
    browser.submit(page, "/connectors/slack/link", &[]).await
}

/// A Gangway whose Alloy has just gone down, and a browser that had opened an app before.
async fn down() -> (TestApp, Relay, Browser, Page) {
    let (app, relay) = Relay::between(Timeouts::default()).await;
    let app = app.restart_with(|settings| settings.limits.attempts_per_user.requests = 100_000).await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    let page = browser.get("/connectors/slack").await;
    relay.to("", Deed::Resets);
    for _ in 0..3 {
        assert_eq!(press(&mut browser, &page).await.status, 503);
    }
    (app, relay, browser, page)
}

#[tokio::test]
async fn while_it_is_down_presses_fail_at_once_and_hardly_anything_is_asked() {
    let (_app, relay, mut browser, page) = down().await;
    let (began, before) = (Instant::now(), relay.requests().len());
    for _ in 0..30 {
        let pressed = press(&mut browser, &page).await;
        assert_eq!((pressed.status, pressed.heading().as_str()), (503, DOWN));
    }
    // Without a breaker it is six calls a press.
    let asked = relay.requests().len() - before;
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap();
    assert!(asked <= 4 + 2 * seconds, "{asked} calls in {seconds} s");
}

#[tokio::test]
async fn within_ten_seconds_of_its_recovery_the_button_works() {
    let (_app, relay, mut browser, page) = down().await;
    // Long enough for the pauses between two looks to have grown.
    let down_until = Instant::now() + Duration::from_secs(4);
    while Instant::now() < down_until {
        assert_eq!(press(&mut browser, &page).await.status, 503);
    }
    relay.to_nothing();
    let recovered = Instant::now();
    while press(&mut browser, &page).await.status != 303 {
        assert!(recovered.elapsed() < Duration::from_secs(10), "still down");
    }
}

#[tokio::test]
async fn after_five_minutes_the_apps_are_still_there_and_the_page_says_that_they_are_from_earlier() {
    let (app, _relay, mut browser, _) = down().await;
    app.clock.pass(time::Duration::minutes(6));
    let began = Instant::now();
    let page = loop {
        let page = browser.get("/connectors").await;
        assert_eq!(page.status, 200);
        if page.text().contains("this is an earlier list of apps") {
            break page;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{}", page.text());
    };
    assert!(page.text().contains("We cannot see right now which apps are connected"), "{}", page.text());
    assert!(page.all(".row b").contains(&"Slack".to_owned()));
}

#[tokio::test]
async fn a_short_burst_of_errors_is_not_seen_but_a_key_is_sent_once() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors/slack").await;
    for route in [Route::ListUserCredentials, Route::CreateCredential] {
        app.sandbox.forget_calls();
        app.sandbox.switch_on(Fault::ServerErrors.on(route).times(2));
        let page = browser.get("/connectors").await;
        assert!(!page.text().contains("We cannot see"), "{route:?}: {}", page.text());
        assert_eq!(browser.link("slack", &[]).await.status, 303, "{route:?}");
        assert!(app.sandbox.count(route) >= 3, "{route:?}");
    }
    app.sandbox.forget_calls();
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::CreateCredential).times(2));
    browser.link("shippo", &[("data.token", "shippo_live_1")]).await;
    assert_eq!(app.sandbox.count(Route::CreateCredential), 1);
}

#[tokio::test]
async fn a_short_pause_that_alloy_asks_for_is_kept_and_nobody_notices() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let page = browser.get("/connectors/slack").await;
    app.sandbox.forget_calls();
    app.sandbox.switch_on(Fault::RateLimited.with(2).on(Route::CreateCredential).times(1));
    let began = Instant::now();
    let pressed = press(&mut browser, &page).await;
    assert!(pressed.status == 303 && pressed.location().starts_with(app.sandbox.base_url()), "{}", pressed.text());
    assert!(began.elapsed() >= Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(app.sandbox.count(Route::CreateCredential), 2);
}

#[tokio::test]
async fn a_long_or_absurd_pause_is_kept_by_everybody_without_waiting() {
    let in_an_hour = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 09:49:37 GMT";
    for wish in ["retry-after: 30", "retry-after: 99999999999999999999", in_an_hour] {
        let (app, relay) = Relay::between(Timeouts::default()).await;
        let (mut jane, mut sam) =
            (app.arrived().await, app.arrived_with(serde_json::json!({ "user": { "id": "sam" } })).await);
        let page = jane.get("/connectors/slack").await;
        relay.to("POST", json(&format!("429 Too Many Requests\r\n{wish}"), r#"{"error":"Too Many Requests"}"#));
        let pressed = press(&mut jane, &page).await;
        assert_eq!((pressed.status, pressed.heading().as_str()), (503, DOWN), "{wish}");
        let (asked, began) = (relay.requests().len(), Instant::now());
        let choice = sam.get("/connectors").await;
        assert!(choice.status == 200 && choice.text().contains("We cannot see right now"), "{}", choice.text());
        assert_eq!(press(&mut jane, &page).await.status, 503);
        assert_eq!(relay.requests().len(), asked, "{wish}");
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }
}

#[tokio::test]
async fn who_tries_again_gets_the_page_that_they_asked_for() {
    let app = TestApp::spawn_with(|settings| {
        settings.limits.per_address = Rate { requests: 3, per: Duration::from_secs(3600) };
    })
    .await;
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListConnectors));
    let session = app.session_with(serde_json::json!({})).await;
    let (mut browser, page) = app.opened(&session).await;
    assert_eq!((page.status, page.heading().as_str()), (503, DOWN));
    // The browser has the address, and what is written on a page may be kept somewhere.
    let again = (page.all("a.primary"), page.attributes("a.primary", "href"));
    assert_eq!(again, (vec!["Try again".to_owned()], vec![String::new()]));
    assert!(!page.body.contains(session["start_code"].as_str().unwrap()), "{}", page.body);
    app.sandbox.switch_all_off();
    let page = browser.get(session["url"].as_str().unwrap()).await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Connect your apps to Acme Notes"));

    // A code that was posted is at no address.
    let code = [("code", session["start_code"].as_str().unwrap())];
    let mut pressed = browser.post_from(HOST_ORIGIN, "/start", &code).await;
    while pressed.status == 303 {
        pressed = browser.post_from(HOST_ORIGIN, "/start", &code).await;
    }
    assert_eq!((pressed.status, pressed.all("a.primary")), (429, vec!["Back to Acme Notes".to_owned()]));
}
