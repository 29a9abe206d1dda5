//! Two processes on one PostgreSQL behind one address, of which one is killed and comes back while people are on their way.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};

use crate::{
    app::TestApp,
    process::Place,
    receiver::{Deed, Receiver, SECRETS},
    retrying_user::Crowd,
};

/// How long the receiver takes for each event.
const TAKES: Duration = Duration::from_millis(20);

/// The balancer: each connection goes to the next process that takes it.
async fn balance(listener: TcpListener, ports: [u16; 2]) {
    let turn = Arc::new(AtomicUsize::new(0));
    while let Ok((mut client, _)) = listener.accept().await {
        let turn = turn.clone();
        tokio::spawn(async move {
            for _ in 0..ports.len() {
                let port = ports[turn.fetch_add(1, Ordering::Relaxed) % ports.len()];
                if let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await {
                    copy_bidirectional(&mut client, &mut server).await.ok();
                    return;
                }
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_is_killed_under_load_and_every_journey_comes_to_its_end() {
    let receiver = Receiver::listen();
    receiver.does(|_| Deed::Late(TAKES));
    let more = format!(
        "limits.overall = '100000/s'\nlimits.per_key = '100000/s'\nlimits.per_address = '100000/s'\n\
         webhook.url = '{}'\nwebhook.secrets = ['{}']\nwebhook.allow_private = true",
        receiver.url, SECRETS[0]
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let mut one = Place::on(&TestApp::postgres_database().await, "");
    one.public_url = address.clone();
    one.write(&more);
    let other = one.beside(&more);
    tokio::spawn(balance(listener, [one.port(), other.port()]));
    let (one, mut other) = (one.serve().await, other.serve().await);

    let crowd = Crowd::new(&address, &one.place.sandbox);
    let walking = tokio::spawn(crowd.clone().go(6));
    for round in 1..=3 {
        let goal = round * 12;
        while crowd.arrived().len() < goal {
            assert!(!walking.is_finished(), "a journey failed");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        other.signal(Signal::KILL);
        other = other.ended().await.1.serve().await;
    }
    crowd.stop();
    walking.await.unwrap();

    // What one settled the other knows, and the receiver has heard of all of it, in the end also of what a lost lease held.
    for arrived in crowd.arrived() {
        let (_, attempt) = other.api("GET", &format!("/link-attempts/{}", arrived.attempt), Value::Null).await;
        assert_eq!(attempt["state"], "linked", "{attempt}");
    }
    let heard = |attempt: &str| {
        let of = |body: &Value| body["data"]["attempt_id"] == attempt;
        receiver.got().iter().filter(|got| of(&got.json())).map(|got| got.id().to_owned()).collect::<Vec<_>>()
    };
    let give_up = Instant::now() + Duration::from_secs(150);
    for arrived in crowd.arrived() {
        while heard(&arrived.attempt).iter().collect::<std::collections::BTreeSet<_>>().len() < 2 {
            assert!(Instant::now() < give_up, "no event of {}", arrived.attempt);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let mut times: BTreeMap<String, Vec<time::OffsetDateTime>> = BTreeMap::new();
    for got in receiver.got() {
        times.entry(got.id().to_owned()).or_default().push(got.at);
    }
    for (id, times) in &times {
        for pair in times.windows(2) {
            assert!(pair[1] - pair[0] > TAKES, "{id} was sent twice at the same time");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_and_its_attempt_are_the_same_on_both() {
    let one = Place::on(&TestApp::postgres_database().await, "");
    let other = one.beside("");
    let (one, other) = (one.serve().await, other.serve().await);
    let (_, session) = one.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    let code = session["start_code"].as_str().unwrap();
    // Each step at the other process than the one before; the browser knows one address.
    let mut browser = crate::browser::Browser::new(&one.place.public_url);
    let host = crate::app::HOST_ORIGIN;
    let there = |path: &str| format!("{}{path}", other.url);
    assert_eq!(browser.post_from(host, &there("/start"), &[("code", code)]).await.status, 303);
    let leaving = browser.leave_for("slack").await;
    let back = one.place.sandbox.approve(&leaving).unwrap().unwrap();
    let callback = back.strip_prefix(&one.place.public_url).unwrap();
    let returned = browser.navigate(&there(callback), "cross-site").await;
    assert_eq!(browser.get(returned.location()).await.heading(), "Slack is connected");
    assert_eq!(browser.get(&there(returned.location())).await.heading(), "Slack is connected");
}
