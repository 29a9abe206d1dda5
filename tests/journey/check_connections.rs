//! Connections are checked at intervals where the settings say so.

use std::time::Duration as StdDuration;

use gangway::{
    config::Settings,
    sandbox::{Fault, Route},
};
use time::Duration;

use crate::{
    app::TestApp,
    proof::asks,
    refused_connections::{report, statuses},
};

const NEEDS: &str = "connection.needs_reconnect";

fn checks(settings: &mut Settings) {
    asks(settings, "slack", "whoami", None);
    settings.connectors.each.get_mut("slack").unwrap().check_every = Some(StdDuration::from_secs(60 * 60));
}

/// Jane has linked Slack, and its first check is scheduled.
async fn linked(app: &TestApp) -> String {
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    app.clock.pass(Duration::minutes(11));
    let credential = app.held("jane").remove(0);
    // The search for connections without a check ahead takes place once in ten minutes.
    app.until("the schedule", async || {
        let slack = gangway::domain::connector::ConnectorId::parse("slack").unwrap();
        app.store.unscheduled(&slack, None, 9).await.unwrap().is_empty()
    })
    .await;
    app.sandbox.forget_calls();
    credential
}

/// The next check takes place.
async fn checked(app: &TestApp) {
    let before = app.sandbox.count(Route::Execute);
    app.clock.pass(Duration::minutes(67));
    app.until("the check", async || app.sandbox.count(Route::Execute) > before).await;
    let lag = "gangway_job_lag_seconds{kind=\"checks\"} 0\n";
    app.until("the next schedule", async || app.metrics().await.contains(lag)).await;
}

async fn broken_connection_is_found_and_recovers(app: TestApp) {
    let credential = linked(&app).await;
    checked(&app).await;
    assert_eq!(statuses(&app).await, ["connected"]);
    app.sandbox.switch_on(Fault::DeadCredentials);
    checked(&app).await;
    app.until("the event", async || app.events("jane").await.last().unwrap() == NEEDS).await;
    assert_eq!(statuses(&app).await, ["needs_reconnect"]);
    assert_eq!(app.last_attempt("jane", "slack").await["proof"], "refused");
    checked(&app).await;
    app.sandbox.switch_all_off();
    checked(&app).await;
    app.until("the recovery", async || statuses(&app).await == ["connected"]).await;
    assert_eq!(app.events("jane").await.iter().filter(|kind| *kind == NEEDS).count(), 1);
    // A report of the host is cleared by a check that succeeds.
    assert_eq!(report(&app, "jane", &credential).await, 204);
    checked(&app).await;
    app.until("the recovery", async || statuses(&app).await == ["connected"]).await;
}

#[tokio::test]
async fn check_finds_a_refused_connection() {
    broken_connection_is_found_and_recovers(TestApp::spawn_with(checks).await).await;
}

#[tokio::test]
async fn check_finds_a_refused_connection_on_postgres() {
    broken_connection_is_found_and_recovers(TestApp::spawn_on_postgres_with(checks).await).await;
}

#[tokio::test]
async fn failing_upstream_changes_nothing() {
    let app = TestApp::spawn_with(checks).await;
    linked(&app).await;
    for fault in [Fault::ServerErrors, Fault::ActionFails, Fault::KeyRefused, Fault::NotServed, Fault::RateLimited] {
        app.sandbox.switch_on(fault.on(Route::Execute));
        checked(&app).await;
        app.sandbox.switch_all_off();
        assert_eq!(statuses(&app).await, ["connected"], "{fault}");
    }
    // Refused, and no list says whether it is there.
    app.sandbox.switch_on(Fault::DeadCredentials);
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::ListUserCredentials));
    checked(&app).await;
    app.sandbox.switch_all_off();
    assert_eq!(statuses(&app).await, ["connected"]);
    assert_eq!(app.events("jane").await, ["connection.linked", "link_attempt.ended"]);
}

#[tokio::test]
async fn two_processes_check_once() {
    let app = TestApp::spawn_on_postgres_with(checks).await;
    let other = app.beside().await;
    linked(&app).await;
    for round in 1..=3 {
        checked(&app).await;
        assert_eq!(other.sandbox.count(Route::Execute), round);
    }
}

#[tokio::test]
async fn nothing_is_checked_without_the_setting() {
    let app = TestApp::spawn_with(checks).await;
    linked(&app).await;
    let app = app.restart_with(|settings| asks(settings, "slack", "whoami", None)).await;
    app.sandbox.forget_calls();
    app.clock.pass(Duration::hours(2));
    // The row is leased once and then forgotten.
    app.until("the end of the checks", async || {
        let slack = gangway::domain::connector::ConnectorId::parse("slack").unwrap();
        app.store.unscheduled(&slack, None, 9).await.unwrap().len() == 1
    })
    .await;
    assert_eq!(app.sandbox.count(Route::Execute), 0);
}
