//! `<gangway-frame>` round the host's own form: how high it is, how long it stays, and who gets the focus then.

use std::time::{Duration, Instant};

use fantoccini::wd::WindowHandle;
use serde_json::json;

use super::{
    site::Sent,
    stage::{HOST, Stage},
};
use crate::{
    browser::{Browser, PATIENCE},
    engine::Engine,
};

/// Of the host's site.
const GANGWAY: &str = "connect.acme.localhost";

const CONNECT: &str = "Connect Slack to Acme Notes";

async fn stage(engine: Engine) -> Stage {
    Stage::on(Browser::with(engine).await, [GANGWAY, HOST], |settings| settings.host.frames = true).await
}

/// Opens the page, presses the button, and goes into the frame.
async fn opens_the_frame(stage: &mut Stage, heading: &str) {
    stage.opens("frame", &[]).await;
    stage.jane.press("Connect Slack").await;
    stage.jane.goes_into_the_frame().await;
    stage.jane.arrives(heading).await;
}

/// Goes to the app in a window; gives the one of the page.
async fn goes_to_the_app(stage: &mut Stage) -> WindowHandle {
    stage.jane.press("Continue to Slack").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Alloy wants to use your Slack").await;
    host
}

/// The same, and presses that there.
async fn answers_in_the_window(stage: &mut Stage, answer: &str) -> WindowHandle {
    let host = goes_to_the_app(stage).await;
    stage.jane.press(answer).await;
    host
}

/// Opens the frame, and is denied there: the outcome is told, and the frame goes on.
async fn is_denied_in_the_frame(stage: &mut Stage) {
    opens_the_frame(stage, CONNECT).await;
    let host = answers_in_the_window(stage, "Cancel").await;
    stage.jane.arrives("Slack is not connected").await;
    stage.jane.leaves_the_window(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "ended");
    stage.jane.goes_into_the_frame().await;
}

/// The frame is gone, the form is there again, and its button has the focus.
async fn is_closed(stage: &Stage) {
    stage.jane.goes_out_of_the_frame().await;
    is_gone(stage).await;
}

async fn is_gone(stage: &Stage) {
    stage
        .until(&format!("{:?}: the frame is gone", stage.jane.engine()), async || {
            stage.jane.run("return !document.querySelector('iframe')").await == true
        })
        .await;
    assert!(form_is_shown(stage).await);
    assert_eq!(stage.jane.focused().await, "Connect Slack", "{:?}", stage.jane.engine());
}

async fn form_is_shown(stage: &Stage) -> bool {
    stage.jane.run("return document.forms[0].getClientRects().length > 0").await.as_bool().unwrap()
}

/// The page in the frame has the height of the frame. To be called in it.
async fn fits(stage: &Stage) {
    let height = "document.body.getBoundingClientRect().height";
    let fits = format!("return Math.abs({height} - innerHeight) <= 1");
    stage.until("the frame fits", async || stage.jane.run(&fits).await == true).await;
}

#[tokio::test]
async fn close_removes_the_frame_and_gives_the_focus_back() {
    for engine in Engine::ALL {
        let mut stage = stage(engine).await;
        opens_the_frame(&mut stage, CONNECT).await;
        stage.jane.goes_out_of_the_frame().await;
        assert!(!form_is_shown(&stage).await, "{engine:?}: the form stays beside the frame");
        stage.jane.goes_into_the_frame().await;
        // As a key presses it: the pointer has just come. The frame goes while the driver waits for the answer.
        stage.jane.run("setTimeout(() => document.querySelector('main [form=window]').click())").await;
        is_closed(&stage).await;
        assert_eq!(stage.hears("outcome").await["outcome"], "left", "{engine:?}");
    }
}

/// The outcome is open as long as the app is.
#[tokio::test]
async fn close_removes_the_frame_while_its_app_is_open() {
    let mut stage = stage(Engine::Chromium).await;
    opens_the_frame(&mut stage, CONNECT).await;
    let host = goes_to_the_app(&mut stage).await;
    stage.jane.goes_to(&host).await;
    stage.jane.goes_into_the_frame().await;
    stage.jane.arrives("Continue in the window that has opened").await;
    stage.jane.press("Close").await;
    is_closed(&stage).await;
    // The app is still linked there.
    stage.jane.goes_to_the_popup().await;
    stage.jane.press("Allow").await;
    stage.until("Slack is linked", async || stage.world.connected("jane").await == ["slack"]).await;
}

/// The network, or a ticket that is too old. Its user goes on, and closes it.
#[tokio::test]
async fn frame_stays_where_the_page_around_it_loses_touch() {
    let mut stage = stage(Engine::Chromium).await;
    for (answer, times) in
        [("Promise.resolve(new Response('', { status: 401 }))", 1), ("Promise.reject(new Error())", 8)]
    {
        is_denied_in_the_frame(&mut stage).await;
        stage.jane.goes_out_of_the_frame().await;
        let lose = format!(
            "const [send, later] = [fetch, setTimeout];
            window.asked = 0;
            window.setTimeout = (run, time) => later(run, time / 100);
            window.fetch = (url, options) => url.includes('/embed/outcome') ? (asked++, {answer}) : send(url, options)"
        );
        stage.jane.run(&lose).await;
        stage.jane.goes_into_the_frame().await;
        stage.jane.press("Try again").await;
        stage.jane.arrives(CONNECT).await;
        // The beginning is the last that the page is told.
        let host = goes_to_the_app(&mut stage).await;
        stage.jane.goes_to(&host).await;
        stage.until("nothing more is asked", async || stage.jane.run("return asked").await == times).await;
        stage.jane.goes_into_the_frame().await;
        stage.jane.arrives("Continue in the window that has opened").await;
        stage.jane.press("Close").await;
        is_closed(&stage).await;
        stage.jane.goes_to_the_popup().await;
        stage.jane.press("Cancel").await;
        stage.jane.arrives("Slack is not connected").await;
        stage.jane.leaves_the_window(&host).await;
    }
}

#[tokio::test]
async fn another_press_removes_the_frame_only_once_it_has_a_session() {
    let mut stage = stage(Engine::Chromium).await;
    opens_the_frame(&mut stage, CONNECT).await;
    stage.jane.goes_out_of_the_frame().await;
    let fails = format!(
        "const {{ connect }} = await import('{}/embed/v1.js');
        return connect({{ session: () => {{ throw new Error() }} }}).catch(({{ code }}) => code)",
        stage.world.gangway
    );
    assert_eq!(stage.jane.run(&fails).await, "session_failed");
    stage.jane.is_alone_again().await;
    stage.jane.goes_into_the_frame().await;
    stage.jane.arrives(CONNECT).await;
    stage.jane.goes_out_of_the_frame().await;
    assert_eq!(stage.told("outcome").await.len() + stage.told("error").await.len(), 0);

    stage.jane.press("Connect Notion").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Connect Notion to Acme Notes").await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "replaced");
    let is_gone = async || stage.jane.run("return !document.querySelector('iframe')").await == true;
    stage.until("the frame is gone", is_gone).await;
    assert!(form_is_shown(&stage).await);
}

#[tokio::test]
async fn frame_stays_while_its_page_has_more_to_say() {
    let mut stage = stage(Engine::Chromium).await;
    is_denied_in_the_frame(&mut stage).await;
    stage.jane.press("Try again").await;
    stage.jane.arrives(CONNECT).await;
    fits(&stage).await;
    // Linked, with nothing to add: the page closes the frame, and the page around it is told.
    answers_in_the_window(&mut stage, "Allow").await;
    stage.jane.is_alone_again().await;
    is_gone(&stage).await;
    let linked = stage.told("event").await.into_iter().any(|event| event["attempt"]["state"] == "linked");
    assert!(linked && stage.told("outcome").await.len() == 1, "{:?}", stage.told("event").await);

    // Another time the user does something there: it stays until its user closes it.
    opens_the_frame(&mut stage, "Slack is connected").await;
    stage.jane.press("Connect another account").await;
    stage.jane.arrives("Connect another Slack account to Acme Notes").await;
    let act =
        "addEventListener('DOMContentLoaded', () => dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift' })))";
    stage.jane.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": act })).await;
    answers_in_the_window(&mut stage, "Allow").await;
    stage.jane.is_alone_again().await;
    assert_eq!(stage.hears("outcome").await["outcome"], "linked");
    tokio::time::sleep(Duration::from_secs(2)).await;
    stage.jane.goes_into_the_frame().await;
    stage.jane.arrives("Slack is connected").await;
    stage.jane.press("Close").await;
    is_closed(&stage).await;
}

#[tokio::test]
async fn app_can_be_opened_again_once_its_window_is_closed() {
    let mut stage = stage(Engine::Chromium).await;
    opens_the_frame(&mut stage, CONNECT).await;
    // The page does not learn that the attempt began.
    stage.jane.run("window.fetch = () => new Promise(() => {})").await;
    stage.jane.press("Continue to Slack").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Alloy wants to use your Slack").await;
    stage.jane.closes_the_window(&host).await;
    stage.jane.goes_into_the_frame().await;
    let began = Instant::now();
    while !stage.jane.has_a_popup().await {
        assert!(began.elapsed() < PATIENCE, "no press counts");
        stage.jane.press("Continue to Slack").await;
    }
    stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Alloy wants to use your Slack").await;
}

/// Of another window, and of another page in the frame.
#[tokio::test]
async fn height_of_another_page_is_ignored() {
    let mut stage = stage(Engine::Chromium).await;
    opens_the_frame(&mut stage, CONNECT).await;
    fits(&stage).await;
    stage.jane.goes_out_of_the_frame().await;
    let height = "return document.querySelector('gangway-frame iframe').height";
    let known = stage.jane.run(height).await;
    let count = "window.forged = 0;
        addEventListener('message', ({ data }) => (forged += data.height === 9999))";
    stage.jane.run(count).await;
    // No height would close it.
    let forge = "const post = `<script>for (const height of [0, 9999])
            parent.postMessage({ gangway: 'height', height }, '*')<\\/script>`;
        const other = document.createElement('iframe');
        other.srcdoc = post;
        document.body.append(other);
        document.querySelector('gangway-frame iframe').srcdoc = post;
        for (const height of [0, 9999]) postMessage({ gangway: 'height', height }, '*')";
    stage.jane.run(forge).await;
    let began = Instant::now();
    while stage.jane.run("return forged").await != 3 {
        assert!(began.elapsed() < PATIENCE, "{}", stage.jane.run("return forged").await);
    }
    assert_eq!(stage.jane.run(height).await, known);
}

/// Without it nothing is opened: the form is sent without script, and code gets an error.
#[tokio::test]
async fn frame_needs_a_title() {
    let mut stage = stage(Engine::Chromium).await;
    stage.opens("frame", &[]).await;
    let call = "const frame = document.querySelector('gangway-frame');
        frame.removeAttribute('title');
        try { frame.connect({ session: () => { throw 'opened' } }) } catch (error) { return error.message }";
    assert_eq!(stage.jane.run(call).await, "<gangway-frame> needs a title, which screen readers say");
    stage.jane.press("Connect Slack").await;
    let (path, body) = ("/connect".to_owned(), "connector=slack".to_owned());
    assert_eq!(stage.falls_back().await, [Sent { path, body, by_script: false }]);
}
