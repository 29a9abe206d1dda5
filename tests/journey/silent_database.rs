//! A relay in front of PostgreSQL falls silent without closing anything, and later passes new connections again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::{app::TestApp, process::Place};

/// Passes connections on, each of which falls silent for ever once the relay does.
struct Relay {
    is_silent: Arc<watch::Sender<bool>>,
    url: String,
}

impl Relay {
    async fn before(database: &str) -> Self {
        let mut url = url::Url::parse(database).unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let is_silent = Arc::new(watch::Sender::new(false));
        let state = is_silent.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (mut state, server) = (state.subscribe(), server.clone());
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(server).await.unwrap();
                    let falls_silent = async move { state.wait_for(|is_silent| *is_silent).await.map(drop) };
                    let falls_silent = tokio::spawn(falls_silent);
                    tokio::select! {
                        biased;
                        _ = falls_silent => std::future::pending().await,
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                    }
                });
            }
        });
        Self { is_silent, url: url.into() }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_and_readiness_say_so_in_time_and_it_comes_back_by_itself() {
    let relay = Relay::before(&TestApp::postgres_database().await).await;
    let process = Place::on(&relay.url, "").serve().await;
    let create = async || process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    for _ in 0..12 {
        assert_eq!(create().await.0, 201);
    }
    relay.is_silent.send_replace(true);
    let began = Instant::now();
    let mut answers = futures_util::future::join_all((0..20).map(|_| create())).await;
    let mut took = began.elapsed();
    // A busy machine may need more than the product: then once more.
    for _ in 0..3 {
        if took < Duration::from_millis(5_500) {
            break;
        }
        let began = Instant::now();
        answers.extend(futures_util::future::join_all((0..20).map(|_| create())).await);
        took = took.min(began.elapsed());
    }
    assert!(took < Duration::from_secs(7), "{took:?}");
    let mut references = Vec::new();
    for (status, problem) in answers {
        assert_eq!((status, problem["type"].as_str().unwrap().rsplit('/').next()), (503, Some("store-unavailable")));
        references.push(problem["reference"].as_str().unwrap().to_owned());
    }
    let mut took = Duration::MAX;
    for _ in 0..5 {
        let began = Instant::now();
        assert_eq!(process.readiness().await, Some(503));
        took = took.min(began.elapsed());
        if took < Duration::from_secs(2) {
            break;
        }
    }
    assert!(took < Duration::from_millis(2_500), "{took:?}");
    // Each has a line of level ERROR under its reference.
    let log = process.place.log();
    for reference in references {
        let events = log.lines().filter(|line| line.contains(&reference));
        let levels: Vec<Value> =
            events.map(|line| serde_json::from_str::<Value>(line).unwrap()["level"].take()).collect();
        assert!(levels.contains(&json!("ERROR")), "{reference}: {levels:?}");
    }
    relay.is_silent.send_replace(false);
    let healed = Instant::now();
    while create().await.0 != 201 || process.readiness().await != Some(200) {
        assert!(healed.elapsed() < Duration::from_secs(30), "{}", process.place.log());
    }
    for _ in 0..20 {
        assert_eq!(create().await.0, 201);
    }
}
