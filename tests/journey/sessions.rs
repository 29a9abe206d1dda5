//! What a session's cookie is worth, from the moment that it is set to the moment that nobody knows it any more.

use gangway::config::Settings;
use serde_json::json;
use time::Duration;

use crate::{
    app::{HOST_ORIGIN, RETURN_URL, SESSION_KEY, TestApp},
    browser::{Browser, Page},
};

const NEW_KEY: &str = "another-session-key-of-32-or-more-bytes";

fn keys(keys: &'static [&str]) -> impl FnOnce(&mut Settings) {
    |settings| settings.session.keys = keys.iter().map(|&key| key.into()).collect()
}

fn attributes(cookie: &str) -> Vec<&str> {
    let mut attributes: Vec<&str> = cookie.split("; ").skip(1).filter(|part| !part.starts_with("Expires=")).collect();
    attributes.sort_unstable();
    attributes
}

async fn left(browser: &mut Browser) -> Page {
    let form = browser.get("/connectors/slack?another=1").await.form("/connectors/slack/link");
    let token = form.into_iter().find(|(name, _)| name == "form_token").unwrap().1;
    browser.post("/session/end", &[("form_token", &token)]).await
}

#[tokio::test]
async fn every_cookie_that_is_ever_set_is_ours_and_closed_on_all_sides() {
    for (app, name, secure) in [
        (TestApp::spawn().await, "gangway", vec![]),
        (TestApp::spawn_over_https().await, "__Host-gangway", vec!["Secure"]),
    ] {
        let session = app.session_with(json!({})).await;
        let (mut jane, page) = app.opened(&session).await;
        // The host's own cookies on the same domain come along, and stay as they are.
        let mut pages = vec![page.clone(), jane.submit(&page, "/start", &[("connector", "slack")]).await];
        pages.push(jane.get(pages[1].location()).await);
        pages.push(jane.get("/connectors").await);
        let leaving = jane.link("slack", &[]).await;
        let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
        pages.extend([leaving, jane.come_back(&back).await]);
        pages.push(jane.get("/nowhere").await);
        let end = left(&mut jane).await;
        assert_eq!((end.status, end.location(), end.header("clear-site-data")), (303, RETURN_URL, "\"cache\""));
        assert!(pages.iter().all(|page| page.header("clear-site-data").is_empty()));
        let [gone] = end.set_cookies()[..] else { panic!("{:?}", end.set_cookies()) };
        assert!(gone.starts_with(&format!("{name}=;")), "{gone}");
        assert_eq!(
            attributes(gone),
            [vec!["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"], secure.clone()].concat()
        );
        let set: Vec<&str> = pages.iter().flat_map(Page::set_cookies).collect();
        let [cookie] = set[..] else { panic!("once, on arrival: {set:?}") };
        assert!(cookie.starts_with(&format!("{name}=")), "{cookie}");
        assert_eq!(attributes(cookie), [vec!["HttpOnly", "Path=/", "SameSite=Lax"], secure].concat());
    }
}

#[tokio::test]
async fn a_key_is_put_in_front_and_the_old_one_taken_away() {
    let app = TestApp::spawn().await;
    let mut before = app.arrived().await;
    let app = app.restart_with(keys(&[NEW_KEY, SESSION_KEY])).await;
    let mut between = app.arrived().await;
    assert_eq!(before.get("/connectors").await.status, 200);
    assert_eq!(between.get("/connectors").await.status, 200);
    let app = app.restart_with(keys(&[NEW_KEY])).await;
    assert_eq!(before.get("/connectors").await.status, 401);
    assert_eq!(between.get("/connectors").await.status, 200);
    drop(app);
}

#[tokio::test]
async fn a_planted_cookie_is_worth_nothing_after_any_kind_of_arrival() {
    let app = TestApp::spawn().await;
    // Mallory's own sessions: one for himself, and one for Jane, whose link he got hold of.
    for user in ["mallory", "jane"] {
        let planted = app.arrived_with(json!({ "user": { "id": user } })).await.cookie().unwrap().clone();
        let session = app.session_with(json!({})).await;
        let mut jane = app.browser();
        jane.plant(&planted);
        let page = jane.navigate(session["url"].as_str().unwrap(), "none").await;
        let arrived = jane.submit(&page, "/start", &[]).await;
        assert_eq!((arrived.status, arrived.set_cookies().len()), (303, 1), "{user}");
        assert_ne!(jane.cookie(), Some(&planted));
        assert!(jane.get("/connectors").await.text().contains("Jane Doe"));
        let mut mallory = app.browser();
        mallory.plant(&planted);
        assert_eq!(mallory.get("/connectors").await.status, 401, "{user}");
    }
}

#[tokio::test]
async fn a_cookie_is_dead_after_every_kind_of_end() {
    let app = TestApp::spawn().await;
    let ends = ["the user leaves", "the host ends it", "nobody uses it", "its time is over"];
    for end in ends {
        let session = app.session_with(json!({})).await;
        let mut jane = app.browser();
        jane.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
        let cookie = jane.cookie().unwrap().clone();
        assert_eq!(jane.get("/connectors").await.status, 200);
        match end {
            "the user leaves" => assert_eq!(left(&mut jane).await.status, 303),
            "the host ends it" => {
                let path = format!("/connect-sessions/{}", session["id"].as_str().unwrap());
                assert_eq!(app.api("DELETE", &path, None).await.0, 204);
            }
            "nobody uses it" => app.clock.pass(Duration::minutes(31)),
            _ => {
                for _ in 0..12 {
                    app.clock.pass(Duration::minutes(20));
                    jane.get("/connectors").await;
                }
            }
        }
        let mut thief = app.browser();
        thief.plant(&cookie);
        let page = thief.get("/connectors/slack").await;
        assert_eq!((page.status, page.heading().as_str()), (401, "Your time on this page has ended"), "{end}");
        assert_eq!(thief.post("/connectors/slack/link", &[]).await.status, 401, "{end}");
        // A reload of the address that the browser arrived at does not blame the cookie.
        let reloaded = thief.get("/connectors/slack?arrived=1").await;
        let heading =
            if reloaded.status == 303 { thief.get(reloaded.location()).await.heading() } else { reloaded.heading() };
        if end != "the user leaves" && end != "the host ends it" {
            assert_eq!(heading, "Your time on this page has ended", "{end}");
        }
    }
}

#[tokio::test]
async fn the_hosts_button_in_mid_flight_loses_nothing() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    // In another tab she presses the host's button again: a new session of the same user.
    let again = app.session_with(json!({})).await;
    let page = jane.post_from(HOST_ORIGIN, "/start", &[("code", again["start_code"].as_str().unwrap())]).await;
    assert_eq!(page.status, 303);
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    assert_eq!(app.last_attempt("jane", "slack").await["state"], "linked");

    // A switch to another user in mid-flight is another matter: this browser is Sam's now.
    let leaving = jane.leave_for("notion").await;
    let sam = app.session_with(json!({ "user": { "id": "sam", "name": "Sam Lee" } })).await;
    jane.post_from(HOST_ORIGIN, "/start", &[("code", sam["start_code"].as_str().unwrap())]).await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.navigate(&back, "cross-site").await.status, 403);
    assert_ne!(app.last_attempt("jane", "notion").await["state"], "linked");
    assert!(app.connections("sam").await.is_empty());
}
