//! The process is killed at any moment, again and again, while people connect their apps. `tests/kills N` does it N times
//! on each database and prints what happened.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    time::{Duration, Instant},
};

use gangway::{
    domain::{
        clock::{Entropy as _, SystemEntropy},
        session::ExternalId,
    },
    store::{Store, StoredEvent},
};
use rustix::process::Signal;
use serde_json::Value;

use crate::{
    app::TestApp,
    pgbouncer::PgBouncer,
    process::{Place, Process},
    receiver::{Receiver, SECRETS},
    retrying_user::{Arrived, Crowd},
};

/// How many people are on their way.
const PEOPLE: usize = 6;
/// The longest that a process lives.
const LIFE: u64 = 1_200;

#[expect(clippy::disallowed_methods, reason = "tests/kills says how often")]
fn kills() -> usize {
    std::env::var("GANGWAY_KILLS").map_or(10, |kills| kills.parse().unwrap())
}

#[expect(clippy::disallowed_methods, reason = "tests/kills says whether a pooler stands between")]
fn is_pooled() -> bool {
    std::env::var("GANGWAY_KILLS_POOLED").is_ok_and(|pooled| pooled == "1")
}

fn settings(receiver: &Receiver) -> String {
    format!(
        "limits.overall = '100000/s'\nlimits.per_key = '100000/s'\nlimits.per_address = '100000/s'\n\
         webhook.url = '{}'\nwebhook.secrets = ['{}']\nwebhook.allow_private = true",
        receiver.url, SECRETS[0]
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_nothing_that_was_settled_is_lost_and_no_event() {
    let receiver = Receiver::listen();
    let place = Place::new(&settings(&receiver));
    killed("SQLite", place, receiver).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_nothing_that_was_settled_is_lost_and_no_event() {
    let (receiver, database) = (Receiver::listen(), TestApp::postgres_database().await);
    if is_pooled() {
        let pooler = PgBouncer::in_transaction_mode(&database).await;
        killed("PostgreSQL through PgBouncer", Place::on(&pooler.url, &settings(&receiver)), receiver).await;
    } else {
        killed("PostgreSQL", Place::on(&database, &settings(&receiver)), receiver).await;
    }
}

async fn killed(database: &str, place: Place, receiver: Receiver) {
    let mut process = place.serve().await;
    let crowd = Crowd::new(&process.url, &process.place.sandbox);
    let walking = tokio::spawn(crowd.clone().go(PEOPLE));
    let mut ready = Vec::new();
    for _ in 0..kills() {
        tokio::time::sleep(some_time()).await;
        process.signal(Signal::KILL);
        let (_, place) = process.ended().await;
        let began = Instant::now();
        process = place.serve().await;
        ready.push(began.elapsed());
    }
    crowd.stop();
    walking.await.unwrap();

    let store = gangway::store::open(&process.place.store.clone().into()).await.unwrap();
    let events = all_delivered(&store, &crowd.arrived(), &receiver).await;
    let linked = hold(&process, &crowd.arrived(), &events).await;
    ready.sort();
    let (got, known) = (receiver.got(), events.len());
    let mut said = format!("\n{database}\n");
    for (what, figure) in [
        ("kill -9", kills().to_string()),
        ("ready again, median and longest", format!("{:?}, {:?}", ready[ready.len() / 2], ready[ready.len() - 1])),
        ("requests without an answer, repeated by hand", crowd.unanswered().to_string()),
        ("journeys to their good end", linked.to_string()),
        ("settled attempts lost", "0".to_owned()),
        ("events", known.to_string()),
        ("events lost", "0".to_owned()),
        ("deliveries of what was delivered before, with the same id", (got.len() - known).to_string()),
    ] {
        writeln!(said, "  {what}: {figure}").unwrap();
    }
    #[expect(clippy::print_stderr, reason = "a table for whoever asked for it")]
    {
        eprintln!("{said}");
    }
}

fn some_time() -> Duration {
    let mut drawn = [0; 4];
    SystemEntropy.fill(&mut drawn);
    Duration::from_millis(u64::from(u32::from_le_bytes(drawn)) % LIFE)
}

/// Every event of these people, once the receiver has all of them.
async fn all_delivered(store: &Store, arrived: &[Arrived], receiver: &Receiver) -> Vec<StoredEvent> {
    let users: BTreeSet<&str> = arrived.iter().map(|arrived| arrived.user.as_str()).collect();
    let give_up = Instant::now() + Duration::from_secs(150);
    loop {
        let mut events = Vec::new();
        for user in &users {
            events.extend(store.events(&ExternalId::parse(*user).unwrap(), 0).await.unwrap());
        }
        let got = receiver.got();
        let there: BTreeSet<&str> = got.iter().map(|got| got.id()).collect();
        let missing = events.iter().filter(|event| !there.contains(event.id.to_string().as_str())).count();
        if missing == 0 {
            // What was delivered was kept, and the same id never said two things.
            let known: BTreeMap<String, &str> =
                events.iter().map(|event| (event.id.to_string(), event.body.as_str())).collect();
            for got in &got {
                assert_eq!(known.get(got.id()), Some(&got.body.as_str()), "{got:?}");
            }
            return events;
        }
        assert!(Instant::now() < give_up, "{missing} of {} events never came", events.len());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What people were told is so, and the host knows it from the events.
async fn hold(process: &Process, arrived: &[Arrived], events: &[StoredEvent]) -> usize {
    let mut numbers: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    let mut kinds: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for event in events {
        numbers.entry(event.user.as_str()).or_default().push(event.sequence);
        kinds.entry(event.attempt.unwrap().to_string()).or_default().push(&event.kind);
    }
    for (user, numbers) in numbers {
        assert!(numbers.iter().copied().eq(1..=i64::try_from(numbers.len()).unwrap()), "{user}: {numbers:?}");
    }
    for Arrived { user, attempt } in arrived {
        let (status, known) = process.api("GET", &format!("/link-attempts/{attempt}"), Value::Null).await;
        assert_eq!((status, known["state"].as_str()), (200, Some("linked")), "{user}: {known}");
        assert_eq!(kinds.get(attempt).unwrap(), &["connection.linked", "link_attempt.ended"], "{user}");
    }
    arrived.len()
}
