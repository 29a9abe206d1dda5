//! The script of a page of the host, as far as HTTP goes: it reads the outcome of a session.

use reqwest::Response;
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::Instant};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::Browser,
};

pub(crate) fn ticket(session: &Value) -> &str {
    session["watch"].as_str().unwrap()
}

/// A request with that ticket, as a browser sends it from a page of the host.
pub(crate) fn request(app: &TestApp, ticket: &str, query: &str) -> reqwest::RequestBuilder {
    app.request("GET", &format!("/embed/outcome{query}")).bearer_auth(ticket).header("origin", HOST_ORIGIN)
}

pub(crate) async fn outcome(app: &TestApp, session: &Value) -> Value {
    let answer = request(app, ticket(session), "").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

/// Waits for another version than that of an answer; gives the next answer and when it came.
pub(crate) fn waits(app: &TestApp, session: &Value, known: &Value) -> JoinHandle<(Value, Instant)> {
    let request = request(app, ticket(session), &format!("?wait=25&seen={}", known["version"]));
    tokio::spawn(async move {
        let answer: Response = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let came = Instant::now();
        (answer.json().await.unwrap(), came)
    })
}

pub(crate) async fn is_waited_for(app: &TestApp, by: usize) {
    app.until("the wait", async || app.server.waiting_for_outcomes() == by).await;
}

pub(crate) async fn status(app: &TestApp, ticket: &str) -> u16 {
    request(app, ticket, "").send().await.unwrap().status().as_u16()
}

/// `outcome`, or null, and the states of the attempts.
pub(crate) fn reported(answer: &Value) -> (Value, Vec<String>) {
    let attempts = answer["attempts"].as_array().unwrap().iter();
    let states = attempts.map(|attempt| attempt["state"].as_str().unwrap().to_owned());
    (answer["outcome"].clone(), states.collect())
}

/// Opens a session in that browser, from the host's page.
pub(crate) async fn open(browser: &mut Browser, session: &Value) {
    open_in(browser, session, "page").await;
}

pub(crate) async fn open_in(browser: &mut Browser, session: &Value, display: &str) {
    let fields = [("code", session["start_code"].as_str().unwrap()), ("display", display)];
    assert_eq!(browser.post_from(HOST_ORIGIN, "/start", &fields).await.status, 303);
}

/// A session of Jane and the browser in which it is open.
pub(crate) async fn arrived(app: &TestApp) -> (Value, Browser) {
    let session = app.session_with(json!({})).await;
    let mut browser = app.browser();
    open(&mut browser, &session).await;
    (session, browser)
}
