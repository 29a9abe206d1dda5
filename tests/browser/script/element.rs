//! `<gangway-connect>` round the host's own form: it is sent as the browser would send it, and by the browser itself where
//! anything is in the way.

use serde_json::Value;

use super::{
    site::{Answer, Sent},
    stage::Stage,
};
use crate::{browser::Browser, engine::Engine};

const SLACK: &str = "csrf=a%26b%3D%C3%BC&submit=hides+a+method&connector=slack";

fn sent(by_script: bool) -> Sent {
    Sent { path: "/connect".to_owned(), body: SLACK.to_owned(), by_script }
}

async fn form_becomes_a_window(stage: &mut Stage) {
    stage.opens("element", &[]).await;
    stage.jane.press("Connect Slack").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Connect Slack to Acme Notes").await;
    assert_eq!(stage.site.sent(), [sent(true)]);
    stage.jane.continue_to("Slack").await;
    stage.jane.press("Allow").await;
    stage.jane.goes_to(&host).await;
    let told = stage.hears("outcome").await;
    assert_eq!((&told["outcome"], &told["attempts"][0]["state"]), (&"linked".into(), &"linked".into()), "{told}");
    assert!(stage.told("event").await.iter().any(|event| event["window"] == "open"));
    stage.jane.is_alone_again().await;
}

/// The button has an address and a value of its own.
async fn pressed_button_counts(stage: &mut Stage) {
    stage.opens("element", &[]).await;
    stage.jane.press("Connect Notion").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Connect Notion to Acme Notes").await;
    let body = SLACK.replace("slack", "notion");
    assert_eq!(stage.site.sent(), [Sent { path: "/connect?by=notion".to_owned(), body, by_script: true }]);
    stage.jane.press("Cancel").await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "left");
    stage.jane.is_alone_again().await;
}

/// Pages without a full load replace what is in the element, and the element itself while a window is open.
async fn form_and_element_are_replaced(stage: &mut Stage) {
    stage.opens("element", &[]).await;
    // What a form has by default may be written out.
    let replace = "const form = document.forms[0];
        form.setAttribute('enctype', 'application/x-www-form-urlencoded');
        form.replaceWith(form.cloneNode(true))";
    stage.jane.run(replace).await;
    stage.jane.press("Connect Slack").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Connect Slack to Acme Notes").await;
    assert_eq!(stage.site.sent(), [sent(true)]);
    let popup = stage.jane.window().await;
    stage.jane.goes_to(&host).await;
    stage.jane.run("document.querySelector('gangway-connect').remove()").await;
    stage.jane.goes_to(&popup).await;
    stage.jane.press("Cancel").await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "left");
    stage.jane.is_alone_again().await;
}

/// Events go on after the outcome, until the window is closed.
async fn second_try_in_the_same_window(stage: &mut Stage) {
    stage.opens("element", &[]).await;
    stage.jane.press("Connect Notion").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.continue_to("Notion").await;
    stage.jane.press("Cancel").await;
    stage.jane.arrives("Notion is not connected").await;
    let popup = stage.jane.window().await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "ended");
    stage.jane.goes_to(&popup).await;
    stage.jane.press("Try again").await;
    stage.jane.continue_to("Notion").await;
    stage.jane.press("Allow").await;
    stage.jane.is_alone_again().await;
    let told = async |holds: fn(&Value) -> bool| stage.told("event").await.iter().any(holds);
    stage.until("the link is told", async || told(|event| event["attempt"]["state"] == "linked").await).await;
    stage.until("the end is told", async || told(|event| event["window"] == "left").await).await;
    assert_eq!(stage.told("outcome").await.len(), 1);
}

/// The host's server answers without a session: the window goes, and the form is sent without script.
async fn server_has_no_session(stage: &mut Stage) {
    for answer in [Answer::Page, Answer::Redirect] {
        stage.opens("element", &[]).await;
        stage.site.answers(answer);
        stage.jane.press("Connect Slack").await;
        assert_eq!(stage.falls_back().await, [sent(true), sent(false)]);
    }
    // The form may be gone by then.
    stage.opens("element", &[]).await;
    stage.jane.run("document.addEventListener('gangway-error', () => document.forms[0].remove())").await;
    stage.jane.press("Connect Slack").await;
    assert_eq!(stage.falls_back().await, [sent(true), sent(false)]);
    // A page that knows better cancels it.
    stage.opens("element", &[]).await;
    stage.jane.run("document.addEventListener('gangway-error', (event) => event.preventDefault())").await;
    stage.jane.press("Connect Slack").await;
    assert_eq!(stage.hears("error").await["code"], "session_failed");
    stage.jane.is_alone_again().await;
    assert_eq!(stage.site.sent(), [sent(true)]);
    stage.site.answers(Answer::Session);
}

/// The press itself sends the form, or it is sent as soon as the window turns out to be of no use.
async fn something_is_in_the_way(stage: &mut Stage) {
    for trouble in [
        "window.open = () => null",
        "window.open = () => self",
        "window.open = () => { throw new Error() }",
        "delete window.fetch",
        "window.fetch = () => Promise.reject(new TypeError())",
        "document.querySelector('gangway-connect').setAttribute('mode', 'redirect')",
    ] {
        stage.opens("element", &[]).await;
        stage.jane.run(trouble).await;
        stage.jane.press("Connect Slack").await;
        assert_eq!(stage.falls_back().await, [sent(false)], "{trouble}");
    }
    // Only the browser itself sends files.
    stage.opens("element", &[]).await;
    stage.jane.run("document.forms[0].enctype = 'multipart/form-data'").await;
    stage.jane.press("Connect Slack").await;
    let [form] = &stage.falls_back().await[..] else { panic!("one form is sent") };
    assert!(!form.by_script && form.body.contains("form-data; name=\"connector\""), "{form:?}");
}

/// Policies without our lines.
async fn policy_is_in_the_way(stage: &mut Stage) {
    for policy in ["form-action 'self'", "connect-src 'self'", "script-src 'self'"] {
        stage.opens("element", &[("content-security-policy", policy)]).await;
        stage.jane.press("Connect Slack").await;
        let sent_forms = stage.falls_back().await;
        assert_eq!(sent_forms.last(), Some(&sent(false)), "{policy}");
    }
    // The page is told the line to add.
    stage.opens("element", &[("content-security-policy", "connect-src 'self'")]).await;
    stage.jane.run("document.addEventListener('gangway-error', (event) => event.preventDefault())").await;
    stage.jane.press("Connect Slack").await;
    let error = stage.hears("error").await;
    let line = format!("Add connect-src {} to the Content-Security-Policy", stage.world.gangway);
    assert_eq!((&error["code"], &error["message"]), (&"blocked_by_csp".into(), &line.into()), "{error}");
    stage.jane.is_alone_again().await;
}

async fn in_engine(engine: Engine) -> Stage {
    let mut stage = Stage::open(engine).await;
    pressed_button_counts(&mut stage).await;
    form_and_element_are_replaced(&mut stage).await;
    form_becomes_a_window(&mut stage).await;
    server_has_no_session(&mut stage).await;
    something_is_in_the_way(&mut stage).await;
    policy_is_in_the_way(&mut stage).await;
    stage
}

#[tokio::test]
async fn element_in_chromium() {
    let mut stage = in_engine(Engine::Chromium).await;
    second_try_in_the_same_window(&mut stage).await;
}

#[tokio::test]
async fn element_in_firefox() {
    in_engine(Engine::Firefox).await;
}

#[tokio::test]
async fn element_in_webkit() {
    in_engine(Engine::WebKit).await;
}

#[tokio::test]
async fn page_itself_leaves_on_touch_and_in_installed_apps() {
    let mut touch = Stage::with(Browser::open().await).await;
    touch.jane.is_a_phone(390, 844, 16).await;
    touch.jane.is_touched().await;
    let installed = Stage::with(Browser::of_an_installed_app().await).await;
    for stage in [&mut touch, &mut { installed }] {
        stage.opens("element", &[]).await;
        stage.jane.press("Connect Slack").await;
        assert_eq!(stage.falls_back().await, [sent(false)]);
        stage.opens("call", &[("mode", "auto")]).await;
        stage.jane.press("Connect").await;
        stage.jane.arrives("Connect Slack to Acme Notes").await;
        assert!(!stage.jane.has_a_popup().await);
    }
}
