//! Long polls of the host's server for the end of an attempt.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use gangway::sandbox::{Fault, Route};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinHandle,
};

use crate::{
    app::{HOST_KEY, TestApp},
    browser::Browser,
    proof::asks,
    provider::redirect_uri,
};

/// Jane is on her way to Slack: her browser, and the address there.
async fn on_the_way(app: &TestApp) -> (Browser, String, String) {
    let mut jane = app.arrived().await;
    let leaving = jane.leave_for("slack").await;
    let id = app.last_attempt("jane", "slack").await["id"].as_str().unwrap().to_owned();
    (jane, leaving, id)
}

/// Asks a process for the end of an attempt; gives the answer and when it came.
fn waits(app: &TestApp, id: &str, seconds: u8) -> JoinHandle<(u16, Value, Instant)> {
    let request = app.request("GET", &format!("/api/v1/link-attempts/{id}?wait={seconds}")).bearer_auth(HOST_KEY);
    tokio::spawn(async move {
        let answer = request.send().await.unwrap();
        let (status, came) = (answer.status().as_u16(), Instant::now());
        (status, answer.json().await.unwrap(), came)
    })
}

/// Waits until so many wait.
async fn is_waited_for(app: &TestApp, by: usize) {
    app.until("the wait", async || app.server.waiting() == by).await;
}

#[tokio::test]
async fn answer_comes_when_attempt_ends() {
    let app = TestApp::spawn().await;
    let (mut jane, leaving, id) = on_the_way(&app).await;
    let waiting = waits(&app, &id, 30);
    is_waited_for(&app, 1).await;
    assert!(!waiting.is_finished());
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    jane.come_back(&back).await;
    let (status, attempt, _) = waiting.await.unwrap();
    assert_eq!((status, &attempt["state"]), (200, &json!("linked")));
    assert_eq!(attempt, app.attempt(&id).await, "the same as without waiting");
    // What has ended is told at once.
    let began = Instant::now();
    assert_eq!(waits(&app, &id, 50).await.unwrap().1, attempt);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn open_attempt_is_returned_after_the_wait() {
    let app = TestApp::spawn().await;
    let (_jane, _leaving, id) = on_the_way(&app).await;
    let began = Instant::now();
    let (status, attempt, _) = waits(&app, &id, 1).await.unwrap();
    assert_eq!((status, &attempt["state"]), (200, &json!("pending")));
    assert!(began.elapsed() >= Duration::from_secs(1));
    for query in ["wait=-1", "wait=+1", "wait=", "wait=1s", "wait=1&wait=2", "wait=01", "Wait=1", "wait=1&then=2"] {
        let (status, problem) = app.api("GET", &format!("/link-attempts/{id}?{query}"), None).await;
        assert_eq!(status, 422, "{query}: {problem}");
        let field = problem["errors"][0]["field"].as_str().unwrap();
        assert!(query.contains(field) && !field.is_empty(), "{query}: {problem}");
    }
    let nothing = "/link-attempts/01890a5d-ac96-774b-bcce-b302099a8057?wait=30";
    assert_eq!(app.api("GET", nothing, None).await.0, 404);
}

/// Who waits at one process hears of what another one settled.
async fn across_processes(app: TestApp) {
    let other = app.beside().await;
    let (mut jane, leaving, id) = on_the_way(&app).await;
    let waiting = waits(&other, &id, 30);
    is_waited_for(&other, 1).await;
    let denied = jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    let ended = Instant::now();
    assert_eq!(denied.heading(), "Slack is not connected");
    let (status, attempt, came) = waiting.await.unwrap();
    assert_eq!((status, &attempt["state"]), (200, &json!("denied")));
    let late = came.saturating_duration_since(ended);
    assert!(late < Duration::from_millis(1500), "{late:?}");
}

#[tokio::test]
async fn end_in_another_process_is_noticed_on_postgres() {
    across_processes(TestApp::spawn_on_postgres().await).await;
}

#[tokio::test]
async fn end_in_another_process_is_noticed_on_sqlite() {
    across_processes(TestApp::spawn().await).await;
}

#[tokio::test]
async fn waiting_callers_make_no_calls_upstream() {
    let app = TestApp::spawn().await;
    let (mut jane, leaving, id) = on_the_way(&app).await;
    app.sandbox.forget_calls();
    let waiting: Vec<_> = (0..300).map(|_| waits(&app, &id, 60)).collect();
    is_waited_for(&app, 300).await;
    assert!(app.sandbox.calls().is_empty(), "nobody came back, so there is nothing to see");
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    for answer in join_all(waiting).await {
        let (status, attempt, _) = answer.unwrap();
        assert_eq!((status, &attempt["state"]), (200, &json!("denied")));
    }
}

#[tokio::test]
async fn shutdown_answers_waiting_callers() {
    let app = TestApp::spawn().await;
    let (_jane, _leaving, id) = on_the_way(&app).await;
    let waiting = waits(&app, &id, 60);
    is_waited_for(&app, 1).await;
    let began = Instant::now();
    app.server.stop(true).await;
    let (status, attempt, _) = waiting.await.unwrap();
    assert_eq!((status, &attempt["state"]), (200, &json!("pending")));
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn wait_bounds_the_whole_answer() {
    let app = TestApp::spawn_with(|settings| asks(settings, "notion", "whoami", None)).await;
    // The list is slow, and the attempt may end by it.
    let (mut jane, leaving, id) = on_the_way(&app).await;
    jane.come_back(&redirect_uri(&leaving)).await;
    app.clock.pass(time::Duration::seconds(20));
    app.sandbox.switch_on(Fault::Slow.with(9).on(Route::ListUserCredentials));
    let began = Instant::now();
    let (status, attempt, _) = waits(&app, &id, 2).await.unwrap();
    assert_eq!((status, &attempt["state"]), (200, &json!("pending")));
    let took = began.elapsed();
    assert!((Duration::from_secs(2)..Duration::from_millis(3500)).contains(&took), "{took:?}");
    app.sandbox.switch_off(Fault::Slow);

    // The proof of what was linked is slow.
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::Execute));
    jane.link_and_allow(&app.sandbox, "notion").await;
    app.sandbox.switch_off(Fault::ServerErrors);
    app.sandbox.switch_on(Fault::Slow.with(9).on(Route::Execute));
    app.clock.pass(time::Duration::minutes(2));
    let id = app.last_attempt("jane", "notion").await["id"].as_str().unwrap().to_owned();
    app.clock.pass(time::Duration::minutes(2));
    let began = Instant::now();
    let (status, attempt, _) = waits(&app, &id, 1).await.unwrap();
    assert_eq!((status, &attempt["state"]), (200, &json!("linked")));
    assert!(began.elapsed() < Duration::from_millis(2500), "{:?}", began.elapsed());
}

#[tokio::test]
async fn larger_wait_is_cut_and_not_refused() {
    let app = TestApp::spawn().await;
    let (mut jane, leaving, id) = on_the_way(&app).await;
    let [waiting, even_longer] = [60, 255].map(|seconds| waits(&app, &id, seconds));
    is_waited_for(&app, 2).await;
    jane.come_back(&format!("{}?error=access_denied", redirect_uri(&leaving))).await;
    for waiting in [waiting, even_longer] {
        let (status, attempt, _) = waiting.await.unwrap();
        assert_eq!((status, &attempt["state"]), (200, &json!("denied")));
    }
    for wait in ["51", "3600", "65536", "99999999999999999999999"] {
        assert_eq!(app.api("GET", &format!("/link-attempts/{id}?wait={wait}"), None).await.0, 200, "{wait}");
    }
}

#[tokio::test]
async fn departed_caller_is_forgotten() {
    let app = TestApp::spawn().await;
    let (_jane, _leaving, id) = on_the_way(&app).await;
    let waiting = waits(&app, &id, 60);
    is_waited_for(&app, 1).await;
    waiting.abort();
    let began = Instant::now();
    app.until("the end of the wait", async || app.server.waiting() == 0).await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_simultaneous_callers_are_answered() {
    const MANY: usize = 3000;
    let app = TestApp::spawn_with(|settings| settings.limits.per_key.requests = 100_000).await;
    let (_jane, _leaving, id) = on_the_way(&app).await;
    app.sandbox.forget_calls();
    let address = app.url.trim_start_matches("http://");
    let ask = format!(
        "GET /api/v1/link-attempts/{id}?wait=60 HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {HOST_KEY}\r\n\r\n"
    );
    let mut callers = Vec::new();
    for _ in 0..MANY {
        let mut caller = TcpStream::connect(address).await.unwrap();
        caller.write_all(ask.as_bytes()).await.unwrap();
        callers.push(caller);
    }
    is_waited_for(&app, MANY).await;
    let began = Instant::now();
    let answered = async {
        for caller in &mut callers {
            let mut head = [0; 12];
            caller.read_exact(&mut head).await.unwrap();
            assert_eq!(String::from_utf8_lossy(&head), "HTTP/1.1 200");
        }
    };
    futures_util::join!(app.server.stop(true), answered);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
