//! The operator stops Gangway while somebody is at it, and people send slowly.

use std::time::{Duration, Instant};

use gangway::sandbox::{Fault, Route};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::app::TestApp;

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
