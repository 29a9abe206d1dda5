//! How a wait of `connect()` ends without an outcome, and what is left then.

use std::sync::Arc;

use tokio::sync::Notify;

use super::{site::Answer, stage::Stage};
use crate::engine::Engine;

/// The second press takes the place of the first, whose session is not there yet.
async fn pressed_again_before_the_session_is_there(stage: &mut Stage) {
    let told = Arc::new(Notify::new());
    stage.opens("call", &[]).await;
    stage.site.answers(Answer::Later(told.clone()));
    stage.jane.press("Connect").await;
    let host = stage.jane.goes_to_the_popup().await;
    let first = stage.jane.window().await;
    stage.jane.goes_to(&host).await;
    stage.until("the session is asked for", async || !stage.site.has_none()).await;
    stage.site.answers(Answer::Session);
    stage.jane.press("Connect").await;
    assert_eq!(stage.hears("error").await["code"], "aborted");
    told.notify_one();
    stage.jane.goes_to_the_popup_beside(&[first]).await;
    stage.jane.press("Cancel").await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "left");
    stage.jane.is_alone_again().await;
    assert_eq!(stage.told("error").await.len(), 1);
}

async fn stopped(stage: &mut Stage) {
    // While the window is empty it closes; later it is the user's.
    stage.opens("call", &[]).await;
    stage.site.answers(Answer::Later(Arc::default()));
    stage.jane.press("Connect").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.goes_to(&host).await;
    stage.jane.press("Stop").await;
    assert_eq!(stage.hears("error").await["code"], "aborted");
    stage.jane.is_alone_again().await;
    stage.site.answers(Answer::Session);

    stage.opens("call", &[]).await;
    stage.jane.press("Connect").await;
    stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Connect Slack to Acme Notes").await;
    stage.jane.goes_to(&host).await;
    stage.jane.press("Stop").await;
    assert_eq!(stage.hears("error").await["code"], "aborted");
    stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Connect Slack to Acme Notes").await;
    stage.jane.closes_the_window(&host).await;

    // A signal that is aborted already opens nothing for long.
    stage.jane.press("Connect").await;
    stage.until("the second end", async || stage.told("error").await.len() == 2).await;
    stage.jane.is_alone_again().await;
}

async fn closed_while_it_is_empty(stage: &mut Stage) {
    let told = Arc::new(Notify::new());
    stage.opens("call", &[]).await;
    stage.site.answers(Answer::Later(told.clone()));
    stage.jane.press("Connect").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.closes_the_window(&host).await;
    told.notify_one();
    assert_eq!(stage.hears("error").await["code"], "aborted");
    assert!(!stage.jane.has_a_popup().await, "a window opened again");
    stage.site.answers(Answer::Session);
}

async fn ticket_opens_nothing(stage: &mut Stage) {
    stage.opens("call", &[]).await;
    stage.site.answers(Answer::OtherTicket);
    stage.jane.press("Connect").await;
    assert_eq!(stage.hears("error").await["code"], "expired");
    stage.site.answers(Answer::Session);
    stage.jane.closes_other_windows().await;
}

/// The host's server answers twice with the same session: the second press gets no outcome of the first.
async fn session_opens_one_window(stage: &mut Stage) {
    stage.opens("call", &[]).await;
    let same = "const [send, kept] = [fetch, []];
        window.fetch = async (url, options) => {
            if (url !== '/connect') return send(url, options);
            kept[0] ??= send(url, { ...options, signal: null });
            return (await kept[0]).clone();
        }";
    stage.jane.run(same).await;
    stage.jane.press("Connect").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.press("Cancel").await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "left");
    stage.jane.is_alone_again().await;
    stage.jane.press("Connect").await;
    assert_eq!(stage.hears("error").await["code"], "session_failed");
    stage.jane.is_alone_again().await;
    assert_eq!(stage.told("outcome").await.len(), 1);
}

/// A server that is busy or stops says how long to wait.
async fn server_says_when_to_ask_again(stage: &mut Stage) {
    stage.opens("call", &[]).await;
    let busy = "const send = fetch;
        window.asked = [];
        window.fetch = async (url, options) => {
            if (!url.includes('/embed/outcome') || asked.push(performance.now()) > 2) return send(url, options);
            const status = asked.length > 1 ? 429 : 200;
            return new Response('{ \"version\": 0, \"attempts\": [] }', { status, headers: { 'retry-after': '1' } });
        }";
    stage.jane.run(busy).await;
    stage.jane.press("Connect").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.press("Cancel").await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "left");
    let pauses = stage.jane.run("return asked.slice(1, 3).map((time, place) => time - asked[place])").await;
    let pauses: Vec<f64> = pauses.as_array().unwrap().iter().map(|pause| pause.as_f64().unwrap()).collect();
    assert!(pauses.len() == 2 && pauses.iter().all(|pause| *pause >= 990.0), "{pauses:?}");
    stage.jane.is_alone_again().await;
}

/// It answers: that is no dead network. The page's clock runs faster meanwhile.
async fn server_is_busy(stage: &mut Stage) {
    stage.opens("call", &[]).await;
    let busy = "const [send, later] = [fetch, setTimeout];
        let times = 12;
        window.setTimeout = (run, time) => later(run, times > 0 ? time / 100 : time);
        window.fetch = (url, options) =>
            url.includes('/embed/outcome') && times-- > 0
                ? Promise.resolve(new Response('{}', { status: times % 2 ? 429 : 503 }))
                : send(url, options)";
    stage.jane.run(busy).await;
    stage.jane.press("Connect").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.press("Cancel").await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "left");
    stage.jane.is_alone_again().await;
    assert_eq!(stage.told("error").await.len(), 0);
}

/// A connection that was cut silently is given up, and the page asks once more.
async fn server_says_nothing(stage: &mut Stage) {
    stage.opens("call", &[]).await;
    let silent = "const [send, later] = [fetch, setTimeout];
        window.aborted = 0;
        window.setTimeout = (run, time) => later(run, aborted ? time : time / 100);
        window.fetch = (url, options) =>
            url.includes('/embed/outcome') && !aborted
                ? new Promise((_, fail) => options.signal.addEventListener('abort', () => fail(aborted++)))
                : send(url, options)";
    stage.jane.run(silent).await;
    stage.jane.press("Connect").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.press("Cancel").await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "left");
    assert_eq!(stage.jane.run("return aborted").await, 1);
    stage.jane.is_alone_again().await;
}

/// A page whose origin is not in `host.origins`. Its clock runs faster.
async fn unreachable(stage: &mut Stage) {
    stage.opens_on("stranger.localhost", "call", &[]).await;
    let fast = "const later = setTimeout; window.setTimeout = (run, time) => later(run, time / 50)";
    stage.jane.run(fast).await;
    stage.jane.press("Connect").await;
    assert_eq!(stage.hears("error").await["code"], "unreachable");
    stage.jane.closes_other_windows().await;
}

/// The error names the line. A policy that only reports blocks nothing.
async fn policies(stage: &mut Stage) {
    for directive in ["form-action", "connect-src"] {
        let policy = format!("{directive} 'self'");
        stage.opens("call", &[("content-security-policy", &policy)]).await;
        stage.jane.press("Connect").await;
        let error = stage.hears("error").await;
        let line = format!("Add {directive} {} to the Content-Security-Policy", stage.world.gangway);
        assert_eq!((&error["code"], &error["message"]), (&"blocked_by_csp".into(), &line.into()), "{error}");
        stage.jane.is_alone_again().await;
    }
    let reported = "form-action 'self'; connect-src 'self'; img-src 'none'";
    stage.opens("call", &[("content-security-policy-report-only", reported)]).await;
    stage.jane.press("Connect").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.jane.press("Cancel").await;
    stage.jane.goes_to(&host).await;
    assert_eq!(stage.hears("outcome").await["outcome"], "left");
    stage.jane.is_alone_again().await;
    assert_eq!(stage.told("error").await.len(), 0);
}

/// The page that had left comes back as it was: its wait is over.
async fn back_on_the_page(stage: &mut Stage) {
    stage.opens("call", &[("mode", "redirect")]).await;
    stage.jane.press("Connect").await;
    stage.jane.arrives("Connect Slack to Acme Notes").await;
    // WebKit's driver never comes back from a page that was sent by a form.
    if stage.jane.engine() == Engine::WebKit {
        return;
    }
    stage.jane.back().await;
    stage.jane.arrives("Integrations").await;
    // Some browsers load it anew, and then nothing waits.
    let as_it_was = stage.jane.run("return performance.getEntriesByType('navigation')[0].type").await == "navigate";
    if as_it_was {
        assert_eq!(stage.hears("error").await["code"], "aborted");
    }
}

async fn windows(engine: Engine) {
    let mut stage = Stage::open(engine).await;
    pressed_again_before_the_session_is_there(&mut stage).await;
    stopped(&mut stage).await;
    closed_while_it_is_empty(&mut stage).await;
}

async fn answers(engine: Engine) -> Stage {
    let mut stage = Stage::open(engine).await;
    ticket_opens_nothing(&mut stage).await;
    session_opens_one_window(&mut stage).await;
    server_says_when_to_ask_again(&mut stage).await;
    unreachable(&mut stage).await;
    policies(&mut stage).await;
    back_on_the_page(&mut stage).await;
    stage
}

#[tokio::test]
async fn windows_in_chromium() {
    windows(Engine::Chromium).await;
}

#[tokio::test]
async fn windows_in_firefox() {
    windows(Engine::Firefox).await;
}

#[tokio::test]
async fn windows_in_webkit() {
    windows(Engine::WebKit).await;
}

#[tokio::test]
async fn answers_in_chromium() {
    let mut stage = answers(Engine::Chromium).await;
    server_is_busy(&mut stage).await;
    server_says_nothing(&mut stage).await;
}

#[tokio::test]
async fn answers_in_firefox() {
    answers(Engine::Firefox).await;
}

#[tokio::test]
async fn answers_in_webkit() {
    answers(Engine::WebKit).await;
}
