//! The log of the program itself is the same on SQLite and on PostgreSQL.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::Browser,
    process::{Place, Process},
    provider::redirect_uri,
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

/// All lines with that text, and those of the requests that they belong to.
fn lines_with<'a>(log: &'a str, text: &str) -> Vec<&'a str> {
    log.lines().filter(|line| line.contains(text)).collect()
}

async fn story_on(place: Place) {
    let process = place.serve().await;
    let (_, session) = process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    let mut jane = Browser::new(&process.url);
    jane.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    let leaving = jane.leave_for("slack").await;
    let denied = jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    assert_eq!(denied.heading(), "Slack is not connected");
    let reference = denied.all(".reference").concat();
    let reference = reference.split_whitespace().last().unwrap().trim_end_matches('.').to_owned();
    let ticket = session["watch"].as_str().unwrap();
    let watching = reqwest::Client::new().get(format!("{}/embed/outcome", process.url)).bearer_auth(ticket);
    for foreign in [true, false, true] {
        let watching = watching.try_clone().unwrap();
        let watching = if foreign { watching.header("origin", "https://evil.test") } else { watching };
        assert_eq!(watching.send().await.unwrap().status(), if foreign { 403 } else { 200 });
    }
    assert_eq!(jane.get("/embed/v1.js").await.status, 200);
    let styles = denied.attributes("link[rel=stylesheet]", "href");
    assert_eq!(jane.get(&styles[0]).await.status, 200);
    assert_eq!(jane.get("/icons/slack").await.status, 200);
    let give_up = Instant::now() + Duration::from_secs(10);
    loop {
        let log = process.place.log();
        let lines = lines_with(&log, &reference).join("\n");
        let parts = ["\"began\"", "Returned", "\"ended\"", "access_denied", "/callback/{state}", "/attempts/{attempt}"];
        let missing: Vec<_> = parts.into_iter().filter(|part| !lines.contains(part)).collect();
        if missing.is_empty() {
            assert!(lines_with(&log, "/static/{file}").is_empty(), "files of pages flood the log");
            assert!(lines_with(&log, "/icons/{connector}").is_empty(), "icons flood the log");
            let embedded = lines_with(&log, "/embed/");
            assert_eq!(embedded.len(), 1, "pages of the host flood the log: {embedded:?}");
            assert!(embedded[0].contains("not in host.origins") && embedded[0].contains("https://evil.test"));
            return;
        }
        assert!(Instant::now() < give_up, "{reference} without {missing:?} in\n{log}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reference_of_an_end_page_tells_the_story() {
    story_on(Place::new("")).await;
    story_on(Place::on(&TestApp::postgres_database().await, "")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_stores_log_the_same_lines() {
    for more in ["", "telemetry.log = 'gangway=debug,sqlx=trace'"] {
        let on_sqlite = lines_on(Place::new(more)).await;
        let on_postgres = lines_on(Place::on(&TestApp::postgres_database().await, more)).await;
        assert_eq!(on_postgres, on_sqlite, "{more}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_address_of_a_proxy_is_logged_once() {
    let process = Place::new("server.trusted_proxies = ['127.0.0.1', '::1']").serve().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for hop in ["unknown", "_hidden", "unknown, 10.0.0.1:x", "203.0.113.9", "", "canary"] {
        let page = http.get(format!("{}/start?code=x", process.url)).header("x-forwarded-for", hop).send();
        assert!(page.await.unwrap().status().as_u16() >= 300, "{hop}");
    }
    let log = process.place.log();
    let lines = lines_with(&log, "names no address");
    assert!(lines.len() == 1 && lines[0].contains("\"WARN\"") && !log.contains("canary"), "{lines:?}");
}
