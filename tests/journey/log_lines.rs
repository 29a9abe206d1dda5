//! The log of the program itself is the same on SQLite and on PostgreSQL.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::Browser,
    process::{Place, Process},
};

/// Number of API calls, each of which writes one line.
const CALLS: usize = 20;
/// Number of requests in all.
const REQUESTS: usize = CALLS + 7;

/// The lines of requests, sorted: level, target, message and route.
fn request_lines(process: &Process) -> Vec<[String; 4]> {
    let log = process.place.log();
    // The last line may be half written.
    let whole = log.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let events = whole.lines().map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{line}")));
    let requests = events.filter(|event| event["spans"][0]["name"] == "request");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |event: Value| {
        let of = |key: &str| text(&event[key]);
        [of("level"), of("target"), of("message"), text(&event["spans"][0]["route"])]
    };
    let mut lines: Vec<_> = requests.map(line).collect();
    lines.sort();
    lines
}

/// The line of a request is written after its answer was sent.
async fn all_answered(process: &Process) -> Vec<[String; 4]> {
    let give_up = Instant::now() + Duration::from_secs(10);
    loop {
        let lines = request_lines(process);
        if lines.iter().filter(|[_, _, message, _]| message == "answered").count() >= REQUESTS {
            return lines;
        }
        assert!(Instant::now() < give_up, "{lines:#?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Links an app, calls the API, then makes a request fail. Returns the reference in the answer.
async fn journey_and_failure(process: &Process, rename: &'static str) -> String {
    let (_, session) = process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    let mut jane = Browser::new(&process.url);
    jane.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    let leaving = jane.leave_for("slack").await;
    let back = process.place.sandbox.approve(&leaving).unwrap().unwrap();
    let returned = jane.navigate(&back, "cross-site").await;
    assert_eq!(jane.get(returned.location()).await.heading(), "Slack is connected");
    for _ in 0..CALLS {
        assert_eq!(process.api("GET", "/users/jane/connections", Value::Null).await.0, 200);
    }
    let mut database = database(&process.place.store).await;
    sqlx::query(rename).execute(&mut database).await.unwrap();
    let (status, problem) = process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    assert_eq!(status, 500, "{problem}");
    problem["reference"].as_str().unwrap().to_owned()
}

async fn database(url: &str) -> sqlx::AnyConnection {
    sqlx::any::install_default_drivers();
    sqlx::AnyConnection::connect(url).await.unwrap()
}

async fn lines_on(place: Place) -> Vec<[String; 4]> {
    let process = place.serve().await;
    let reference = journey_and_failure(&process, "alter table connect_session rename to gone").await;
    let lines = all_answered(&process).await;
    let log = process.place.log();
    let failure = log.lines().find(|line| line.contains(&reference) && line.contains("\"level\":\"ERROR\""));
    assert!(failure.is_some_and(|line| line.contains("the store failed")), "{reference} in\n{log}");
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn both_stores_log_the_same_lines() {
    for more in ["", "telemetry.log = 'gangway=debug,sqlx=trace'"] {
        let on_sqlite = lines_on(Place::new(more)).await;
        let on_postgres = lines_on(Place::on(&TestApp::postgres_database().await, more)).await;
        assert_eq!(on_postgres, on_sqlite, "{more}");
    }
}
