//! The operator changes the settings file of a Gangway that runs.

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::json;

use crate::{
    app::HOST_ORIGIN,
    browser::Browser,
    process::{Place, Process, went_well},
};

async fn arrived(process: &Process) -> Browser {
    let (_, session) = process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    let mut jane = Browser::new(&process.url);
    jane.post_from(HOST_ORIGIN, "/start", &[("code", session["start_code"].as_str().unwrap())]).await;
    jane
}

/// Looks until it is so, and says how long that took.
async fn until(what: &str, process: &Process, happened: impl AsyncFn() -> bool) -> Duration {
    let began = Instant::now();
    while !happened().await {
        assert!(began.elapsed() < Duration::from_secs(20), "{what} never happened: {}", process.place.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_switched_off_is_not_offered_any_more_and_who_is_under_way_finishes() {
    let process = Place::new("").serve().await;
    let mut jane = arrived(&process).await;
    assert!(jane.get("/connectors").await.text().contains("Slack"));
    let leaving = jane.leave_for("slack").await;
    let form = jane.get("/connectors/slack?another=1").await;

    process.place.write("connectors.slack.enabled = false\nconnectors.notion.name = 'Our wiki'");
    let log = || process.place.log();
    let took = until("the change", &process, async || log().contains("connectors.slack.enabled")).await;
    assert!(took < Duration::from_secs(5), "{took:?}");
    let page = jane.get("/connectors").await.text();
    assert!(!page.contains("Slack") && page.contains("Our wiki"), "{page}");
    let refused = jane.submit(&form, "/connectors/slack/link", &[]).await;
    assert_eq!(refused.status, 404);

    let back = process.place.sandbox.approve(&leaving).unwrap().unwrap();
    assert_eq!(jane.come_back(&back).await.heading(), "Slack is connected");
    process.place.write("");
    until("the way back", &process, async || jane.clone().get("/connectors/slack").await.status == 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_is_named_in_the_log_and_changes_nothing() {
    let process = Place::new("connectors.slack.name = 'Our chat'").serve().await;
    let mut jane = arrived(&process).await;
    let log = || process.place.log();
    process.place.write("connectors.slack.enabled = 'perhaps'");
    until("the refusal", &process, async || log().contains("connectors.slack.enabled")).await;
    assert!(log().contains("the settings file is not taken"), "{}", log());
    std::fs::write(process.place.config(), "server.bind = ").unwrap();
    until("the next refusal", &process, async || log().contains("not valid TOML")).await;
    assert!(jane.get("/connectors").await.text().contains("Our chat"));
    process.place.write("connectors.slack.name = 'Team chat'");
    until("the change", &process, async || jane.clone().get("/connectors").await.text().contains("Team chat")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_reads_the_file_at_once_and_what_needs_a_restart_is_said() {
    let process = Place::new("").serve().await;
    process.place.write("server.drain = '7s'\nconnectors.slack.name = 'Our chat'");
    process.signal(Signal::HUP);
    let log = || process.place.log();
    let took = until("the change", &process, async || log().contains("restart only")).await;
    assert!(took < Duration::from_secs(1), "{took:?}");
    let line = log().lines().find(|line| line.contains("restart only")).unwrap().to_owned();
    assert!(line.contains("server.drain") && !line.contains("slack"), "{line}");
    assert!(arrived(&process).await.get("/connectors").await.text().contains("Our chat"));
    process.signal(Signal::TERM);
    assert!(went_well(process.ended().await.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_right_after_a_hangup_is_not_lost() {
    let mut place = Place::new("server.drain = '0s'");
    // Both signals arrive before the process reads the first one. Which is read first is a matter of chance.
    for _ in 0..8 {
        let process = place.serve().await;
        process.signal(Signal::HUP);
        process.signal(Signal::TERM);
        let (status, same) = process.ended().await;
        assert!(went_well(status));
        place = same;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_is_closed_stops_it() {
    let place = Place::new("server.drain = '0s'");
    let program = format!("{} serve --config {}", env!("CARGO_BIN_EXE_gangway"), place.config().display());
    // It gives the program a terminal, which goes when it is killed.
    let mut terminal = Command::new("script")
        .args(["-q", "-e", "-c", &program, "/dev/null"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let ready = async || reqwest::get(place.readiness()).await.is_ok_and(|answer| answer.status() == 200);
    let began = Instant::now();
    while !ready().await {
        assert!(began.elapsed() < Duration::from_secs(20), "it never was ready");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    terminal.kill().unwrap();
    terminal.wait().unwrap();
    let began = Instant::now();
    while ready().await {
        assert!(began.elapsed() < Duration::from_secs(20), "it goes on without its terminal");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
