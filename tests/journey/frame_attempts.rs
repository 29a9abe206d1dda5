//! Attempts that go on in a window which a frame opened: the frame follows them, and need not be there at their end.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::{Browser, Page},
    frames::{CLOSE, app_with_frames, fields, get, in_frame, posted},
    provider::redirect_uri,
    watch::{outcome, reported},
};

/// A frame of Jane's, and its session.
async fn frame(app: &TestApp) -> (Browser, Value) {
    let session = app.session_with(json!({})).await;
    let mut browser = app.browser();
    let fields = [("code", session["start_code"].as_str().unwrap()), ("display", "frame")];
    assert_eq!(posted(&mut browser, HOST_ORIGIN, &fields).await.status, 303);
    (browser, session)
}

/// A request of the frame's script.
async fn fetch(frame: &mut Browser, path: &str) -> Page {
    let metadata = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")];
    frame.send(Method::GET, path, &metadata, None).await
}

/// Presses *Continue to Slack* in the frame; gives the window that opens, the address there, and the page to which the
/// frame's script goes.
async fn press(frame: &mut Browser, open: &str) -> (Browser, String, Page) {
    let connect = get(frame, "/connectors/slack").await;
    let [opened] = &connect.attributes("form", "data-follow")[..] else { panic!("{}", connect.body) };
    let (mut window, origin) = (frame.clone(), frame.origin().to_owned());
    let metadata = [("origin", origin.as_str()), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    let form = connect.form("/connectors/slack/link");
    let leaving = window.send(Method::POST, "/connectors/slack/link", &metadata, Some(&fields(&form))).await;
    let began = fetch(frame, &format!("{opened}{open}")).await;
    assert_eq!(began.status, 200, "the frame does not follow");
    let url = serde_json::from_str::<Value>(&began.body).unwrap()["url"].as_str().unwrap().to_owned();
    let waiting = get(frame, &url).await;
    assert_eq!(waiting.heading(), "Continue in the window that has opened");
    (window, leaving.location().to_owned(), waiting)
}

/// The host's page removes the frame: the script of its page reports that, if the page has a number.
async fn removed(frame: &mut Browser, page: &Page) {
    let Some(number) = page.attributes("form#window", "data-page").pop() else { return };
    let token = page.attributes("form#window input[name=form_token]", "value").remove(0);
    let left = frame.post("/window/left", &[("form_token", &token), ("page", &number)]).await;
    assert_eq!(left.status, 204);
}

fn state(answer: &Value) -> (&str, Option<&str>) {
    (answer["window"].as_str().unwrap(), answer["outcome"].as_str())
}

#[tokio::test]
async fn frame_removed_while_the_user_is_at_the_provider_still_waits() {
    let app = app_with_frames(true).await;
    let (mut frame, session) = frame(&app).await;
    let (mut window, leaving, waiting) = press(&mut frame, "").await;
    assert_eq!(state(&outcome(&app, &session).await), ("away", None));
    removed(&mut frame, &waiting).await;
    app.clock.pass(time::Duration::minutes(5));
    assert_eq!(state(&outcome(&app, &session).await), ("away", None));
    let end = window.come_back(&app.sandbox.approve(&leaving).unwrap().unwrap()).await;
    assert_eq!(end.heading(), "Slack is connected");
    let linked = outcome(&app, &session).await;
    assert_eq!(reported(&linked), (json!("linked"), vec!["linked".to_owned()]));
}

#[tokio::test]
async fn frame_closed_by_its_user_is_left_at_once() {
    let app = app_with_frames(true).await;
    let (mut frame, session) = frame(&app).await;
    let (_, _, waiting) = press(&mut frame, "").await;
    in_frame(&mut frame, Method::POST, CLOSE, Some(&fields(&waiting.form(CLOSE)))).await;
    assert_eq!(state(&outcome(&app, &session).await), ("left", Some("left")));
    // A later page takes that back, and is left as any other.
    let page = get(&mut frame, "/connectors").await;
    assert_eq!(state(&outcome(&app, &session).await), ("open", None));
    removed(&mut frame, &page).await;
    app.clock.pass(time::Duration::seconds(5));
    assert_eq!(state(&outcome(&app, &session).await), ("left", Some("left")));
}

#[tokio::test]
async fn frame_follows_an_attempt_of_an_earlier_session() {
    let app = app_with_frames(true).await;
    let (mut first, _) = frame(&app).await;
    let (_, leaving, _) = press(&mut first, "").await;
    let (mut second, session) = frame(&app).await;
    // As its script asks once nothing has begun for a while.
    let (mut window, again, waiting) = press(&mut second, "&open=1").await;
    assert_eq!(redirect_uri(&again), redirect_uri(&leaving), "the attempt goes on");
    assert_eq!(waiting.all("main button[form=window]"), ["Close"]);
    let path = waiting.attributes("[data-status]", "data-status").remove(0).replace("wait=20", "wait=0");
    window.come_back(&app.sandbox.approve(&again).unwrap().unwrap()).await;
    assert_eq!(fetch(&mut second, &path).await.status, 200);
    assert_eq!(reported(&outcome(&app, &session).await).0, "linked");
}

#[tokio::test]
async fn frame_follows_no_attempt_of_another_session() {
    let app = app_with_frames(true).await;
    let (mut first, _) = frame(&app).await;
    press(&mut first, "").await;
    let (mut second, _) = frame(&app).await;
    let connect = get(&mut second, "/connectors/slack").await;
    let opened = connect.attributes("form", "data-follow").remove(0);
    for open in ["", "&open=1"] {
        assert_eq!(fetch(&mut second, &format!("{opened}{open}")).await.status, 204);
    }
}
