//! With the credentials goes the user at Alloy, where Gangway created it and nothing else uses it.

use gangway::sandbox::{Fault, Route};
use serde_json::{Value, json};
use time::Duration;

use super::{erase, janet};
use crate::{app::TestApp, dump::dump, secrets::captured_log::CapturedLog};

/// How an erasure with credentials is answered.
async fn answer(app: &TestApp) -> (u16, Value) {
    app.api("DELETE", "/users/user-4711?credentials=delete", None).await
}

fn remains() -> (u16, Value) {
    (200, json!({ "remains": ["alloy_user"] }))
}

/// Whether Alloy knows Janet.
fn exists(app: &TestApp) -> bool {
    app.sandbox.user("gangway-user-4711").is_some()
}

/// Lets time pass until no erasure is left.
async fn finished(app: &TestApp) {
    let nothing_left = async || {
        app.pass_everywhere(Duration::minutes(11));
        dump(app).await["erasure"].is_empty()
    };
    app.until("the end of the erasure", nothing_left).await;
}

async fn janet_linked_slack(app: &TestApp) {
    app.arrived_with(janet()).await.link_and_allow(&app.sandbox, "slack").await;
}

#[tokio::test]
async fn user_that_gangway_found_or_was_given_remains() {
    for given in [false, true] {
        let app = TestApp::spawn().await;
        // Some accounts answer a taken name with success.
        app.sandbox.switch_on(Fault::DuplicateUserExisting);
        let id = app.sandbox.add_user("gangway-user-4711", Some("Janet Roe"));
        let user = if given { json!({ "id": "user-4711", "alloy_user_id": id }) } else { json!({ "id": "user-4711" }) };
        app.arrived_with(json!({ "user": user })).await.link_and_allow(&app.sandbox, "slack").await;
        assert_eq!(answer(&app).await, remains(), "given: {given}");
        assert_eq!(answer(&app).await, remains(), "again is the same");
        finished(&app).await;
        assert!(exists(&app) && app.held("user-4711").is_empty(), "given: {given}");
        assert_eq!(app.sandbox.count(Route::DeleteUser), 0);
    }
}

#[tokio::test]
async fn user_that_returns_stays_and_goes_with_the_next_erasure() {
    let app = TestApp::spawn().await;
    janet_linked_slack(&app).await;
    assert_eq!(erase(&app, "").await, 204, "without the credentials nothing is done at Alloy");
    janet_linked_slack(&app).await;
    assert_eq!(answer(&app).await, (204, Value::Null));
    assert_eq!(answer(&app).await, (204, Value::Null), "again is the same");
    assert_eq!(app.arrived_with(janet()).await.get("/connectors").await.status, 200);
    finished(&app).await;
    assert!(exists(&app) && app.held("user-4711").is_empty(), "she is back");
    assert_eq!(app.sandbox.count(Route::DeleteUser), 0);
    assert_eq!(answer(&app).await, (204, Value::Null));
    finished(&app).await;
    assert!(!exists(&app));
    assert_eq!(answer(&app).await, (204, Value::Null), "nothing remains");
    assert!(dump(&app).await["created_alloy_user"].is_empty());
}

#[tokio::test]
async fn user_with_a_credential_of_another_program_stays() {
    let app = TestApp::spawn().await;
    janet_linked_slack(&app).await;
    let user = app.sandbox.user("gangway-user-4711").unwrap().user_id;
    assert_eq!(answer(&app).await, (204, Value::Null));
    app.pass_everywhere(Duration::minutes(5));
    app.sandbox.add_credential(&user, "hubspot").unwrap();
    finished(&app).await;
    assert_eq!((exists(&app), app.held("user-4711").len()), (true, 1));
}

#[tokio::test]
async fn failed_deletion_is_retried_and_one_that_got_through_counts() {
    let log = CapturedLog::listen();
    let app = TestApp::spawn().await;
    janet_linked_slack(&app).await;
    let user = app.sandbox.user("gangway-user-4711").unwrap().user_id;
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::DeleteUser));
    assert_eq!(answer(&app).await, (204, Value::Null));
    let alarm = async || {
        app.pass_everywhere(Duration::minutes(31));
        log.events().iter().any(|event| event["alarm"] == "erasure_stalled")
    };
    app.until("the alarm", alarm).await;
    assert!(exists(&app) && !dump(&app).await["erasure"].is_empty());
    // As after a process that died between Alloy's answer and its own row.
    let app = app.crash().await;
    assert!(app.sandbox.remove_user(&user));
    app.sandbox.switch_all_off();
    app.pass_everywhere(Duration::hours(25));
    finished(&app).await;
    assert!(dump(&app).await["created_alloy_user"].is_empty());
}

#[tokio::test]
async fn erasure_ends_for_a_user_whom_alloy_does_not_know() {
    let app = TestApp::spawn().await;
    // The sandbox refuses to list for an id of another form.
    let given = json!({ "user": { "id": "user-4711", "alloy_user_id": "no-id-of-alloys" } });
    app.session_with(given).await;
    assert_eq!(answer(&app).await, remains());
    // A key of another environment knows no user either: the operator has a day to notice.
    let before = app.sandbox.count(Route::ReadUser);
    app.pass_everywhere(Duration::hours(23));
    app.until("a look for the user", async || app.sandbox.count(Route::ReadUser) > before).await;
    assert!(!dump(&app).await["erasure"].is_empty());
    app.pass_everywhere(Duration::hours(2));
    finished(&app).await;
    assert!(dump(&app).await["end_user"].is_empty());
}

#[tokio::test]
async fn erasure_ends_where_alloy_deletes_no_users() {
    let (not_served, unknown) = (Fault::NotServed, Fault::NotServed.with(404));
    let not_served = [not_served.on(Route::DeleteUser), not_served.with(405), not_served.with(501)];
    // The last one as of a user whom Alloy does not know, and Alloy knows her.
    let log = CapturedLog::listen();
    for (fault, wait, is_quiet) in not_served.map(|fault| (fault, 0, true)).into_iter().chain([(unknown, 23, false)]) {
        let app = TestApp::spawn().await;
        janet_linked_slack(&app).await;
        app.sandbox.switch_on(fault.on(Route::DeleteUser));
        assert_eq!(answer(&app).await, (204, Value::Null), "{fault}");
        let deletion = async || {
            app.pass_everywhere(Duration::minutes(1));
            app.sandbox.count(Route::DeleteUser) > 0
        };
        app.until("a deletion, once her last link is over", deletion).await;
        assert!(!dump(&app).await["erasure"].is_empty(), "{fault}: a proxy may answer so for a while");
        app.pass_everywhere(Duration::hours(wait));
        finished(&app).await;
        let alarms = log.events().iter().filter(|event| event["alarm"] == "erasure_stalled").count();
        assert!(alarms == 0 || !is_quiet, "{fault}");
        let tries = app.sandbox.count(Route::DeleteUser);
        assert_eq!(answer(&app).await, remains(), "{fault}");
        finished(&app).await;
        assert_eq!(app.sandbox.count(Route::DeleteUser), tries, "{fault}: it is not repeated");
        assert!(exists(&app) && app.held("user-4711").is_empty(), "{fault}");
        assert!(dump(&app).await["end_user"].is_empty(), "{fault}");
    }
}

/// Then nothing shows that nothing else uses the user.
#[tokio::test]
async fn user_remains_where_alloy_lists_by_connector_only() {
    let log = CapturedLog::listen();
    for has_linked in [true, false] {
        let app = TestApp::spawn().await;
        app.sandbox.switch_on(Fault::NotServed.on(Route::ListUserCredentials));
        let mut browser = app.arrived_with(janet()).await;
        if has_linked {
            browser.link_and_allow(&app.sandbox, "slack").await;
        } else {
            browser.get("/connectors").await;
        }
        // Without a link Gangway has not seen how Alloy lists.
        let expected = if has_linked { remains() } else { (204, Value::Null) };
        assert_eq!(answer(&app).await, expected, "has linked: {has_linked}");
        app.pass_everywhere(Duration::hours(24));
        finished(&app).await;
        assert!(exists(&app) && app.held("user-4711").is_empty(), "has linked: {has_linked}");
        let alarms = log.events().iter().filter(|event| event["alarm"] == "erasure_stalled").count();
        assert_eq!(alarms, 0, "has linked: {has_linked}");
    }
}

#[tokio::test]
async fn next_erasure_says_at_once_that_the_user_remains() {
    let app = TestApp::spawn().await;
    janet_linked_slack(&app).await;
    app.sandbox.switch_on(Fault::NotServed.on(Route::DeleteUser));
    assert_eq!(answer(&app).await, (204, Value::Null));
    app.pass_everywhere(Duration::hours(2));
    finished(&app).await;
    let user = json!({ "user": { "id": "user-4712" } });
    app.arrived_with(user).await.link_and_allow(&app.sandbox, "slack").await;
    let other = app.api("DELETE", "/users/user-4712?credentials=delete", None).await;
    assert_eq!(other, remains(), "Gangway created this one");
    // It is tried nevertheless: Alloy may serve it by then.
    app.sandbox.switch_all_off();
    finished(&app).await;
    assert!(app.sandbox.user("gangway-user-4712").is_none());
}
