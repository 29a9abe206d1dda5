//! The operator stops Gangway while somebody is at it, and people send slowly.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use gangway::sandbox::{Fault, Route};
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    app::{HOST_KEY, HOST_ORIGIN, TestApp},
    browser::Browser,
    process::{Place, went_well},
    provider::redirect_uri,
};

#[tokio::test]
async fn readiness_ends_first_and_a_request_under_way_is_answered() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let ready = format!("{}/readyz", app.admin_url);
    assert_eq!(reqwest::get(&ready).await.unwrap().status(), 200);
    app.sandbox.switch_on(Fault::Slow.with(2).on(Route::ListUserCredentials));
    let under_way = tokio::spawn(async move { browser.get("/connectors").await });
    while app.sandbox.count(Route::ListUserCredentials) == 0 {
        tokio::task::yield_now().await;
    }
    let (asked, ()) = futures_util::join!(reqwest::get(&ready), app.server.stop(true));
    assert_eq!(asked.unwrap().status(), 503);
    assert_eq!(under_way.await.unwrap().status, 200);
}

#[tokio::test]
async fn a_body_that_does_not_end_is_not_waited_for() {
    let app = TestApp::spawn().await;
    let address = app.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /start HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: 9\r\n\r\ncode="
    );
    let began = Instant::now();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let read = tokio::time::timeout(Duration::from_secs(12), stream.read_exact(&mut answer)).await;
    read.expect("an answer").unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 408");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test]
async fn the_question_of_a_waiting_page_is_answered_when_the_process_is_to_stop() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let here = browser.navigate(&redirect_uri(&leaving), "cross-site").await.location().to_owned();
    app.sandbox.forget_calls();
    let asked = tokio::spawn(async move { browser.get(&format!("{here}/status?wait=20")).await });
    while app.sandbox.count(Route::ListUserCredentials) == 0 {
        tokio::task::yield_now().await;
    }
    let began = Instant::now();
    app.server.stop(true).await;
    assert_eq!(asked.await.unwrap().status, 204);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test]
async fn what_works_in_the_background_finishes_what_it_is_at() {
    let app = TestApp::spawn().await;
    let mut browser = app.arrived().await;
    let leaving = browser.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    browser.navigate(&back, "cross-site").await;
    app.sandbox.switch_on(Fault::Slow.with(1).on(Route::ListUserCredentials));
    app.sandbox.forget_calls();
    app.clock.pass(time::Duration::seconds(11));
    while app.sandbox.count(Route::ListUserCredentials) == 0 {
        tokio::task::yield_now().await;
    }
    app.server.stop(true).await;
    app.until("the end", async || app.events("jane").await.len() == 2).await;
}

/// Asks as long as the balancer thinks that the process is there, by a connection for each question as by one for all; says
/// how many answers came.
async fn visitors(url: String, up: Arc<AtomicBool>, kept: bool) -> usize {
    let idle = if kept { 1 } else { 0 };
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(idle).build().unwrap();
    let mut answered = 0;
    while up.load(Ordering::SeqCst) {
        let wanted = json!({ "user": { "id": "jane" } });
        let made = http.post(format!("{url}/api/v1/connect-sessions")).bearer_auth(HOST_KEY).json(&wanted);
        let session: Value = made.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        let page = http.get(session["url"].as_str().unwrap()).send().await.unwrap().error_for_status().unwrap();
        assert!(page.text().await.unwrap().trim_end().ends_with("</html>"), "half a page");
        answered += 2;
    }
    answered
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_no_request_fails_and_the_next_process_is_there_soon() {
    let process = Place::new("server.drain = '1s'\nlimits.overall = '100000/s'\nlimits.per_key = '100000/s'\nlimits.per_address = '100000/s'").serve().await;
    let up = Arc::new(AtomicBool::new(true));
    let visiting: Vec<_> =
        (0..8).map(|turn| tokio::spawn(visitors(process.url.clone(), up.clone(), turn % 2 == 0))).collect();
    let mut jane = Browser::new(&process.url);
    let (_, session) = process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    jane.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    process.place.sandbox.switch_on(Fault::Slow.with(4).on(Route::ListUserCredentials));
    let mut tab = jane.clone();
    let slow = tokio::spawn(async move { tab.get("/connectors").await });
    while process.place.sandbox.count(Route::ListUserCredentials) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    process.signal(Signal::TERM);
    let began = Instant::now();
    while process.readiness().await == Some(200) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(began.elapsed() < Duration::from_millis(500), "readiness said so after {:?}", began.elapsed());
    assert_eq!(process.readiness().await, Some(503));
    up.store(false, Ordering::SeqCst);
    for visitor in visiting {
        assert!(visitor.await.unwrap() > 0);
    }
    assert_eq!(slow.await.unwrap().status, 200);
    let (status, place) = process.ended().await;
    assert!(went_well(status), "{status}: {}", place.log());
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());

    place.sandbox.switch_all_off();
    let began = Instant::now();
    let _again = place.serve().await;
    assert!(began.elapsed() < Duration::from_secs(5), "ready again after {:?}", began.elapsed());
    assert_eq!(jane.get("/connectors").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_twice_does_not_wait() {
    let process = Place::new("server.drain = '60s'").serve().await;
    process.signal(Signal::INT);
    while process.readiness().await == Some(200) {
        tokio::task::yield_now().await;
    }
    let began = Instant::now();
    process.signal(Signal::INT);
    let (status, place) = process.ended().await;
    assert!(went_well(status), "{status}: {}", place.log());
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn second_signal_ends_the_jobs_too() {
    let process = Place::new("server.drain = '0s'").serve().await;
    let (_, session) = process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    let mut jane = Browser::new(&process.url);
    jane.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    assert_eq!(jane.get("/connectors").await.status, 200);
    process.place.sandbox.forget_calls();
    process.place.sandbox.switch_on(Fault::Slow.with(20).on(Route::ListUserCredentials));
    let (status, _) = process.api("DELETE", "/users/jane?credentials=delete", Value::Null).await;
    assert!(status == 200 || status == 204, "{status}");
    // The job has asked for what there is to delete, and waits.
    while process.place.sandbox.count(Route::ListUserCredentials) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.signal(Signal::TERM);
    while TcpStream::connect(("127.0.0.1", process.place.port())).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let began = Instant::now();
    process.signal(Signal::TERM);
    let (status, place) = process.ended().await;
    assert!(went_well(status), "{status}: {}", place.log());
    assert!(began.elapsed() < Duration::from_secs(6), "a list takes ten: {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_end_their_connections_once_it_stops() {
    let process = Place::new("server.drain = '10s'").serve().await;
    let mut stream = TcpStream::connect(process.url.trim_start_matches("http://")).await.unwrap();
    let request = b"GET /robots.txt HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut part = vec![0; 64 * 1024];
    stream.write_all(request).await.unwrap();
    let length = stream.read(&mut part).await.unwrap();
    assert!(!String::from_utf8_lossy(&part[..length]).to_lowercase().contains("connection: close"));
    process.signal(Signal::TERM);
    while process.readiness().await == Some(200) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stream.write_all(request).await.unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.expect("it is closed").unwrap();
    let rest = String::from_utf8_lossy(&rest).to_lowercase();
    assert!(rest.starts_with("http/1.1 ") && rest.contains("connection: close"), "{rest}");
    process.signal(Signal::TERM);
    assert!(went_well(process.ended().await.0));
}
