//! Background jobs while Alloy is slow: no item is worked on twice, and no kind waits behind another.

use std::sync::Arc;

use gangway::sandbox::{Fault, Route};
use serde_json::json;
use time::Duration;

use crate::app::{TestApp, TestClock};

/// Users whose connections are to be deleted.
const USERS: usize = 12;

/// Disconnects one connection of each user while Alloy serves no deletion, so that all are due later.
async fn with_due_disconnections(app: &TestApp) -> Vec<String> {
    app.sandbox.switch_on(Fault::NotServed.on(Route::DeleteUserCredential));
    app.sandbox.switch_on(Fault::NotServed.on(Route::DeleteCredential));
    let mut users = Vec::new();
    for number in 0..USERS {
        let name = format!("user-{number}");
        let user = app.sandbox.add_user(&format!("gangway-{name}"), None);
        let credential = app.sandbox.add_credential(&user, "slack").unwrap();
        app.session_with(json!({ "user": { "id": name } })).await;
        let (status, _) = app.api("DELETE", &format!("/users/{name}/connections/{credential}"), None).await;
        assert_eq!(status, 204);
        users.push(user);
    }
    app.sandbox.switch_all_off();
    app.sandbox.forget_calls();
    users
}

async fn is_removed(app: &TestApp, number: usize) -> bool {
    app.events(&format!("user-{number}")).await == ["connection.removed"]
}

/// Lets the clock run five times as fast, so that a call of one second takes five.
fn run_fast(clock: Arc<TestClock>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(50));
        loop {
            ticks.tick().await;
            clock.pass(Duration::milliseconds(200));
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_deletions_of_many_users_are_done_once_by_two_processes() {
    let first = TestApp::spawn().await;
    let second = first.beside().await;
    let users = with_due_disconnections(&first).await;
    first.sandbox.switch_on(Fault::Slow.with(1).on(Route::ListUserCredentials));
    first.sandbox.switch_on(Fault::Slow.with(1).on(Route::DeleteUserCredential));
    first.clock.pass(Duration::seconds(2));
    let clock = run_fast(first.clock.clone());
    for number in 0..USERS {
        first.until("the deletion", async || is_removed(&first, number).await).await;
    }
    clock.abort();
    second.server.stop(false).await;
    for user in users {
        let calls = first.sandbox.calls();
        let of =
            |route| calls.iter().filter(|call| call.route == Some(route) && call.path.contains(user.as_str())).count();
        assert_eq!((of(Route::ListUserCredentials), of(Route::DeleteUserCredential)), (1, 1), "{calls:?}");
    }
}

#[tokio::test]
async fn an_attempt_is_refreshed_while_deletions_hang() {
    let app = TestApp::spawn().await;
    with_due_disconnections(&app).await;
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    jane.navigate(&back, "cross-site").await;
    app.sandbox.switch_on(Fault::Slow.with(6).on(Route::DeleteUserCredential));
    app.clock.pass(Duration::seconds(2));
    app.until("a deletion", async || app.sandbox.count(Route::DeleteUserCredential) > 0).await;
    app.clock.pass(Duration::seconds(10));
    app.until("the link", async || app.events("jane").await.len() == 2).await;
    for number in 0..USERS {
        assert!(!is_removed(&app, number).await, "the deletion of user {number} came first");
    }
    let metrics = app.metrics().await;
    let lag = |kind: &str| {
        let series = format!("gangway_job_lag_seconds{{kind=\"{kind}\"}} ");
        metrics.lines().find_map(|line| line.strip_prefix(&series)?.parse::<u64>().ok()).unwrap()
    };
    assert!(lag("disconnections") >= 10 && lag("attempts") < 10 && lag("erasures") == 0, "{metrics}");
}
