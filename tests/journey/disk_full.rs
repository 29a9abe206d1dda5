//! The disk is full: what is there is read on, what is to be kept is refused as "later", and goes on once there is room.

use std::{fs::File, io::Write as _};

use serde_json::{Value, json};

use crate::{
    app::HOST_ORIGIN,
    browser::Browser,
    process::{Place, Process},
};

async fn new_session(process: &Process) -> (u16, Value) {
    process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane", "name": "Jane Doe" } })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_read_and_written_again_once_there_is_room() {
    // A container without rights has no disk of its own to fill: then `tests/run` says that this did not run.
    if std::env::var_os("GANGWAY_TEST_NO_NAMESPACES").is_some() {
        return;
    }
    let process = Place::on_a_small_disk(8 * 1024).serve().await;
    let (_, session) = new_session(&process).await;
    let mut jane = Browser::new(&process.url);
    jane.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    let slack = jane.get("/connectors/slack").await;

    let filler = process.on_its_disk("filler");
    let mut file = File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    // What the log of the database has room for is still taken.
    let mut last = 201;
    for _ in 0..2_000 {
        last = new_session(&process).await.0;
        if last != 201 {
            break;
        }
    }
    let refused = new_session(&process).await;
    assert_eq!((last, refused.0), (503, 503), "{}", refused.1);
    assert!(refused.1["type"].as_str().unwrap().ends_with("store-unavailable"), "{}", refused.1);
    let page = jane.submit(&slack, "/connectors/slack/link", &[]).await;
    assert_eq!(page.status, 503, "{}", page.text());

    assert_eq!(jane.get("/connectors").await.status, 200);
    let known = format!("/connect-sessions/{}", session["id"].as_str().unwrap());
    assert_eq!(process.api("GET", &known, Value::Null).await.0, 200);
    assert_eq!(process.readiness().await, Some(200));

    std::fs::remove_file(&filler).unwrap();
    drop(file);
    assert_eq!(new_session(&process).await.0, 201);
    let leaving = jane.leave_for("slack").await;
    let back = process.place.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
}
