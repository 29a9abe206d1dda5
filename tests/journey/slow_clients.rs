//! Clients that take their time: with a head, with a body, with reading, or with saying anything at all.

use std::{future::Future, pin::Pin, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    app::{HOST_KEY, TestApp},
    wire::Wire,
};

/// How long one of them is borne, with room for a busy machine.
const BORNE: Duration = Duration::from_secs(16);
const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";

type Story<'a> = Pin<Box<dyn Future<Output = Duration> + 'a>>;

/// Sends this much at once and then a byte a second.
fn slow<'a>(app: &'a TestApp, head: String, rest: &'static [u8]) -> Story<'a> {
    Box::pin(async move {
        let mut wire = Wire::open(app).await;
        wire.send(head).await;
        wire.trickle(rest).await
    })
}

/// After one good answer.
fn slow_again<'a>(app: &'a TestApp, head: &'static str) -> Story<'a> {
    Box::pin(async move {
        let mut wire = Wire::open(app).await;
        wire.send("GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(wire.answer().await.status, 404);
        wire.send(head).await;
        wire.trickle(b"a").await
    })
}

/// Asks for more than the buffers on the way hold, so that the rest waits in the server, and reads nothing.
fn deaf(app: &TestApp) -> Story<'_> {
    Box::pin(async move {
        let mut wire = Wire::that_takes_little(app).await;
        let request = "GET /start HTTP/1.1\r\nhost: x\r\n\r\n";
        while wire.takes(request.repeat(100)).await {}
        wire.until_it_ends().await
    })
}

#[tokio::test]
async fn nobody_is_waited_for_longer_than_a_little() {
    let app = TestApp::spawn_with(|settings| settings.limits.per_address.requests = 100_000).await;
    let session = "POST /api/v1/connect-sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let stories: Vec<(&str, Story<'_>)> = vec![
        ("never reads", deaf(&app)),
        ("says nothing", slow(&app, String::new(), b"\r\n")),
        ("a first head", slow(&app, "GET /start HTTP/1.1\r\nx: ".to_owned(), b"a")),
        ("a second head", slow_again(&app, "GET /start HTTP/1.1\r\nx: ")),
        ("lines before a second head", slow_again(&app, "\r\n")),
        ("a body", slow(&app, format!("POST /start HTTP/1.1\r\nhost: x\r\n{FORM}content-length: 900\r\n\r\n"), b"a")),
        (
            "a body in pieces",
            slow(
                &app,
                format!("POST /start HTTP/1.1\r\nhost: x\r\n{FORM}transfer-encoding: chunked\r\n\r\n"),
                b"1\r\na\r\n",
            ),
        ),
        (
            "a body for the host's API",
            slow(&app, format!("{session}authorization: Bearer {HOST_KEY}\r\ncontent-length: 900\r\n\r\n"), b" "),
        ),
        (
            "a body that nobody wants",
            slow(
                &app,
                "GET /start HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(),
                b"1\r\na\r\n",
            ),
        ),
    ];
    let (names, stories): (Vec<_>, Vec<_>) = stories.into_iter().unzip();
    for (name, borne) in names.iter().zip(futures_util::future::join_all(stories).await) {
        assert!(borne < BORNE, "{name}: {borne:?}");
    }
}

#[tokio::test]
async fn a_head_that_does_not_end_is_cut_off() {
    let app = TestApp::spawn().await;
    for before in ["", "GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let mut wire = Wire::open(&app).await;
        wire.send(before).await;
        if !before.is_empty() {
            assert_eq!(wire.answer().await.status, 404);
        }
        wire.send("GET /start HTTP/1.1\r\n").await;
        wire.send("x: ".to_owned() + &"a".repeat(40 * 1024)).await;
        let (_, took) = wire.until_closed().await;
        // At once, and not when its time is over.
        assert!(took < Duration::from_secs(8), "{took:?}");
    }
}

#[tokio::test]
async fn three_hundred_of_them_are_in_nobodys_way() {
    let app = TestApp::spawn_with(|settings| settings.limits.per_address.requests = 100_000).await;
    let mut crowd = Vec::new();
    for number in 0..300 {
        let mut wire = Wire::open(&app).await;
        let beginning = match number % 3 {
            0 => "GET /start HTTP/1.1\r\nx: a".to_owned(),
            1 => format!("POST /start HTTP/1.1\r\nhost: x\r\n{FORM}content-length: 900\r\n\r\ncode="),
            _ => "GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20),
        };
        wire.send(beginning).await;
        crowd.push(wire);
    }
    let mut browser = app.arrived().await;
    for _ in 0..5 {
        assert_eq!(reqwest::get(format!("{}/healthz", app.admin_url)).await.unwrap().status(), 200);
        assert_eq!(browser.get("/connectors").await.status, 200);
    }
    drop(crowd);
}

/// Reads that many answers.
async fn read_answers(mut stream: impl AsyncRead + Unpin, count: usize) {
    const BEGINNING: &[u8] = b"HTTP/1.1 ";
    let (mut bytes, mut seen) = (Vec::new(), 0);
    while seen < count && stream.read_buf(&mut bytes).await.unwrap() > 0 {
        seen += bytes.windows(BEGINNING.len()).filter(|window| *window == BEGINNING).count();
        // The beginning of the next answer may be cut.
        bytes.drain(..bytes.len().saturating_sub(BEGINNING.len() - 1));
    }
}

/// Thousands of small requests come at once on each of these connections, which are more than there are workers.
#[tokio::test(flavor = "multi_thread")]
async fn pipelined_requests_hold_up_no_other_connection() {
    const REQUESTS: usize = 20_000;
    let app = TestApp::spawn().await;
    let floods = (0..4).map(|_| {
        let address = app.url.trim_start_matches("http://").to_owned();
        tokio::spawn(async move {
            let (answers, mut requests) = TcpStream::connect(address).await.unwrap().into_split();
            let sent = requests.write_all(&b"GET /%ff HTTP/1.1\r\nhost: x\r\n\r\n".repeat(REQUESTS)).await;
            sent.unwrap();
            read_answers(answers, REQUESTS).await;
        })
    });
    let floods: Vec<_> = floods.collect();
    for _ in 0..5 {
        assert_eq!(app.browser().get("/start?code=x").await.status, 410);
        assert!(app.connections("jane").await.is_empty());
    }
    assert!(floods.iter().all(|flood| !flood.is_finished()), "a page waited for the end of a flood");
    floods.iter().for_each(tokio::task::JoinHandle::abort);
}
