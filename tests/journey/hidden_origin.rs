//! A host's page that hides its origin: the user is asked first, and the log names the cure.

use serde_json::{Value, json};

use crate::{
    app::HOST_ORIGIN,
    browser::Browser,
    process::{Place, Process},
};

async fn warnings(process: &Process, origin: &str) -> (u16, Vec<Value>) {
    let (_, session) = process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    let code = session["start_code"].as_str().unwrap();
    let before = process.place.log().lines().count();
    let page = Browser::new(&process.url).post_from(origin, "/start", &[("code", code)]).await;
    let log = process.place.log();
    assert!(!log.contains(code), "{log}");
    let events = log.lines().skip(before).filter_map(|line| serde_json::from_str::<Value>(line).ok());
    (page.status, events.filter(|event| event["level"] == "WARN").collect())
}

#[tokio::test]
async fn log_names_the_referrer_policy() {
    let process = Place::new("").serve().await;
    // Helmet's `no-referrer` and Django's `same-origin`: browsers hide the origin from another site.
    let (status, lines) = warnings(&process, "null").await;
    assert_eq!((status, lines.len()), (200, 1), "{lines:?}");
    assert!(lines[0].to_string().contains("Referrer-Policy: strict-origin-when-cross-origin"), "{lines:?}");
    let (status, lines) = warnings(&process, "https://elsewhere.test").await;
    assert_eq!((status, lines.len()), (200, 1), "{lines:?}");
    assert!(lines[0].to_string().contains("host.origins"), "{lines:?}");
    let (status, lines) = warnings(&process, HOST_ORIGIN).await;
    assert_eq!((status, lines.len()), (303, 0), "{lines:?}");
}
