//! Requests that wait for one user's list share its calls: at most one in two seconds.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use gangway::sandbox::{Fault, Route};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::{
    app::{HOST_KEY, TestApp},
    browser::{Browser, Page},
    provider::redirect_uri,
};

/// An app with limits that none of these tests reaches.
async fn spawn(held: u32) -> TestApp {
    TestApp::spawn_with(|settings| {
        settings.limits.per_session.requests = 100_000;
        settings.limits.per_address.requests = 100_000;
        settings.limits.held_per_session = NonZeroU32::new(held).unwrap();
    })
    .await
}

/// Goes to the provider and comes back without a credential; gives the attempt's page and the provider's link.
async fn returned(browser: &mut Browser, connector: &str) -> (String, String) {
    let leaving = browser.leave_for(connector).await;
    let returned = browser.navigate(&redirect_uri(&leaving), "cross-site").await;
    (returned.location().to_owned(), leaving)
}

fn held(browser: &Browser, page: &str, seconds: u8) -> JoinHandle<Page> {
    let (mut browser, status) = (browser.clone(), format!("{page}/status?wait={seconds}"));
    tokio::spawn(async move { browser.get(&status).await })
}

fn lists(app: &TestApp) -> usize {
    app.sandbox.count(Route::ListUserCredentials)
}

async fn statuses(requests: Vec<JoinHandle<Page>>) -> Vec<u16> {
    join_all(requests).await.into_iter().map(|page| page.unwrap().status).collect()
}

/// Waits until so many of these requests are answered.
async fn answered(app: &TestApp, requests: &[JoinHandle<Page>], count: usize) {
    app.until("the answers", async || requests.iter().filter(|request| request.is_finished()).count() == count).await;
}

#[tokio::test]
async fn held_requests_share_list_calls() {
    let app = spawn(200).await;
    let mut jane = app.arrived().await;
    let (page, _) = returned(&mut jane, "slack").await;
    app.sandbox.forget_calls();
    let began = Instant::now();
    let requests = (0..200).map(|_| held(&jane, &page, 5)).collect();
    assert!(statuses(requests).await.iter().all(|status| *status == 204));
    assert!(began.elapsed() >= Duration::from_secs(5), "{:?}", began.elapsed());
    let most = usize::try_from(began.elapsed().as_secs() / 2).unwrap() + 1;
    assert!((2..=most).contains(&lists(&app)), "{} calls, at most {most}", lists(&app));
}

#[tokio::test]
async fn attempts_of_one_user_share_list_calls() {
    let app = spawn(200).await;
    let (mut jane, mut phone) = (app.arrived().await, app.arrived().await);
    let (slack, to_slack) = returned(&mut jane, "slack").await;
    let (notion, to_notion) = returned(&mut phone, "notion").await;
    app.sandbox.forget_calls();
    let began = Instant::now();
    let mut requests: Vec<_> = (0..10).map(|_| held(&jane, &slack, 25)).collect();
    requests.extend((0..10).map(|_| held(&phone, &notion, 25)));
    app.until("a look", async || lists(&app) > 0).await;
    app.sandbox.approve(&to_slack).unwrap();
    app.sandbox.approve(&to_notion).unwrap();
    assert!(statuses(requests).await.iter().all(|status| *status == 200));
    let most = usize::try_from(began.elapsed().as_secs() / 2).unwrap() + 2;
    assert!(lists(&app) <= most, "{} calls, at most {most}", lists(&app));
}

#[tokio::test]
async fn pages_and_host_calls_share_list_calls() {
    let app = spawn(4).await;
    let mut jane = app.arrived().await;
    let (page, _) = returned(&mut jane, "slack").await;
    app.sandbox.forget_calls();
    let began = Instant::now();
    let id = page.trim_start_matches("/attempts/").to_owned();
    let calls =
        (0..50).map(|_| app.request("GET", &format!("/api/v1/link-attempts/{id}")).bearer_auth(HOST_KEY).send());
    let loads = (0..50).map(|_| {
        let (mut tab, page) = (jane.clone(), page.clone());
        async move { tab.get(&page).await.heading() }
    });
    let (calls, loads) = tokio::join!(join_all(calls), join_all(loads));
    assert!(calls.into_iter().all(|call| call.unwrap().status() == 200));
    assert!(loads.iter().all(|heading| heading == "Checking with Slack…"));
    // The page looks four times in the three seconds after the return, and calls of the API once more in between.
    let most = usize::try_from(began.elapsed().as_secs() / 2).unwrap() + 6;
    assert!(lists(&app) <= most, "{} calls, at most {most}", lists(&app));
}

#[tokio::test]
async fn simultaneous_pages_share_a_list_call() {
    let app = spawn(4).await;
    let mut jane = app.arrived().await;
    // The catalogue is fetched once.
    jane.get("/connectors").await;
    app.sandbox.forget_calls();
    app.sandbox.switch_on(Fault::Slow.with(1).on(Route::ListUserCredentials));
    let loads = (0..50).map(|_| {
        let mut tab = jane.clone();
        async move { tab.get("/connectors").await.status }
    });
    let calls = (0..50).map(|_| app.connections("jane"));
    let (loads, calls) = tokio::join!(join_all(loads), join_all(calls));
    assert!(loads.iter().all(|status| *status == 200) && calls.iter().all(Vec::is_empty));
    assert!(lists(&app) <= 10, "{} calls for 100 requests", lists(&app));
}

#[tokio::test]
async fn foreign_returns_share_list_calls() {
    let app = spawn(4).await;
    let leaving = app.arrived().await.leave_for("slack").await;
    let back = redirect_uri(&leaving);
    app.sandbox.forget_calls();
    let began = Instant::now();
    let attacker = app.browser();
    let returns = (0..50).map(|_| {
        let (mut attacker, back) = (attacker.clone(), &back);
        async move { attacker.navigate(back, "cross-site").await.status }
    });
    assert!(join_all(returns).await.iter().all(|status| *status == 403));
    // The reconciler looks three seconds after a foreign return, by itself.
    let most = usize::try_from(began.elapsed().as_secs()).unwrap() + 2;
    assert!(lists(&app) <= most, "{} calls, at most {most}", lists(&app));
}

#[tokio::test]
async fn requests_beyond_the_limit_are_answered_at_once() {
    let app = spawn(4).await;
    let mut jane = app.arrived().await;
    let (page, leaving) = returned(&mut jane, "slack").await;
    let phone = app.arrived().await;
    let mut requests: Vec<_> = (0..4).map(|_| held(&jane, &page, 20)).collect();
    app.until("four held requests", async || app.metrics().await.contains("gangway_long_polls 4")).await;
    let began = Instant::now();
    let more: Vec<_> = (0..4).map(|_| held(&jane, &page, 20)).chain((0..4).map(|_| held(&phone, &page, 20))).collect();
    assert!(statuses(more).await.iter().all(|status| *status == 204));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    answered(&app, &requests, 0).await;
    // A client that leaves gives its permit back.
    requests.remove(0).abort();
    app.until("the permit", async || app.metrics().await.contains("gangway_long_polls 3")).await;
    requests.push(held(&phone, &page, 20));
    app.until("the fourth", async || app.metrics().await.contains("gangway_long_polls 4")).await;
    // Another user has permits of their own.
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    let (other_page, _) = returned(&mut sam, "slack").await;
    let other = held(&sam, &other_page, 1);
    app.until("the fifth", async || app.metrics().await.contains("gangway_long_polls 5")).await;
    assert_eq!(other.await.unwrap().status, 204);
    app.sandbox.approve(&leaving).unwrap();
    assert!(statuses(requests).await.iter().all(|status| *status == 200));
}

#[tokio::test]
async fn request_beyond_the_limit_reads_the_last_listing() {
    let app = spawn(1).await;
    let mut jane = app.arrived().await;
    let (slack, _) = returned(&mut jane, "slack").await;
    let (notion, to_notion) = returned(&mut jane, "notion").await;
    let waiting = held(&jane, &slack, 25);
    app.until("a held request", async || app.metrics().await.contains("gangway_long_polls 1")).await;
    app.sandbox.approve(&to_notion).unwrap();
    let began = Instant::now();
    app.until("the news", async || held(&jane, &notion, 20).await.unwrap().status == 200).await;
    // The reconciler would look after ten seconds.
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
    assert!(!waiting.is_finished());
}

#[tokio::test]
async fn first_list_call_follows_the_return_at_once() {
    let app = spawn(4).await;
    let mut jane = app.arrived().await;
    let (slack, _) = returned(&mut jane, "slack").await;
    let leaving = jane.leave_for("notion").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    app.sandbox.forget_calls();
    let waiting = held(&jane, &slack, 25);
    app.until("a look for the other attempt", async || lists(&app) > 0).await;
    let began = Instant::now();
    assert_eq!(jane.come_back(&back).await.heading(), "Notion is connected");
    assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
    assert!(!waiting.is_finished());
}

#[tokio::test]
async fn list_lagging_two_seconds_shows_no_waiting_page() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::ListLag.with(2).on(Route::ListUserCredentials));
    let mut jane = app.arrived().await;
    assert_eq!(jane.link_and_allow(&app.sandbox, "slack").await.heading(), "Slack is connected");
}

#[tokio::test]
async fn connectors_are_listed_separately_without_common_list() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::NotServed.on(Route::ListUserCredentials));
    let mut jane = app.arrived().await;
    let (_, to_slack) = returned(&mut jane, "slack").await;
    let (_, to_notion) = returned(&mut jane, "notion").await;
    let backs = [to_slack, to_notion].map(|leaving| app.sandbox.approve(&leaving).unwrap().unwrap());
    let loads = backs.iter().map(|back| {
        let (mut tab, back) = (jane.clone(), back.clone());
        async move { tab.come_back(&back).await.heading() }
    });
    assert_eq!(join_all(loads).await, ["Slack is connected", "Notion is connected"]);
}

#[tokio::test]
async fn return_is_judged_by_a_later_listing() {
    let app = spawn(4).await;
    let mut jane = app.arrived().await;
    let (slack, _) = returned(&mut jane, "slack").await;
    let leaving = jane.leave_for("notion").await;
    app.sandbox.forget_calls();
    let _waiting = held(&jane, &slack, 25);
    app.until("a look for the other attempt", async || lists(&app) > 0).await;
    // The credential is younger than that look, which shows that nothing was allowed.
    app.sandbox.approve(&leaving).unwrap();
    let refused = format!("{}?error=access_denied", redirect_uri(&leaving));
    assert_eq!(jane.come_back(&refused).await.heading(), "Notion is connected");
}
