//! What people do with the window besides going through it, in every engine. The stories of one test share a browser.

use serde_json::json;

use super::{
    policy::Policy,
    stage::{Sites, Stage},
};
use crate::engine::Engine;

async fn closed_on_our_page(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::SameOrigin, "connect", &user, "&connector=slack").await;
    let host = stage.presses_connect().await;
    stage.jane.arrives("Connect Slack to Acme Notes").await;
    stage.jane.closes_the_window(&host).await;
    let told = stage.result().await;
    assert_eq!((&told["outcome"], &told["attempts"]), (&json!("left"), &json!([])), "{told}");
}

async fn cancelled_on_our_page(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::None, "connect", &user, "&connector=slack").await;
    let host = stage.presses_connect().await;
    stage.jane.press("Cancel").await;
    stage.jane.goes_to(&host).await;
    let told = stage.result().await;
    assert_eq!((&told["outcome"], &told["attempts"]), (&json!("left"), &json!([])), "{told}");
    stage.jane.is_alone_again().await;
}

/// The host's page waits on, a second press works, and the first press is over.
async fn closed_at_the_provider(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::None, "connect", &user, "&connector=slack").await;
    let host = stage.presses_connect().await;
    stage.jane.continue_to("Slack").await;
    stage.jane.closes_the_window(&host).await;
    stage.hears(&json!({ "type": "window", "window": "away" })).await;
    assert_eq!(stage.told().await.1, [json!(null); 0]);
    let host = stage.presses_connect().await;
    stage.allows("Slack").await;
    stage.jane.goes_to(&host).await;
    stage.jane.has_ready("#results li:nth-child(2)").await;
    let (_, results) = stage.told().await;
    assert_eq!((&results[0]["code"], &results[1]["outcome"]), (&json!("aborted"), &json!("linked")), "{results:?}");
    stage.is_linked(&user, Some(&results[1])).await;
    stage.jane.is_alone_again().await;
}

/// The user closes the window at the provider, and allows it in another one after all.
async fn linked_late(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::None, "connect", &user, "&connector=slack").await;
    let host = stage.presses_connect().await;
    stage.jane.continue_to("Slack").await;
    let at_slack = stage.jane.url().await;
    stage.jane.closes_the_window(&host).await;
    stage.hears(&json!({ "type": "window", "window": "away" })).await;
    stage.jane.opens_a_tab().await;
    stage.jane.goto(at_slack.as_str()).await;
    stage.jane.press("Allow").await;
    stage.jane.arrives("Slack is connected").await;
    stage.jane.closes_the_window(&host).await;
    let told = stage.result().await;
    stage.is_linked(&user, Some(&told)).await;
}

async fn with_all_headers(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::Strict, "connect", &user, "&connector=slack").await;
    assert_eq!(stage.jane.run("return self.crossOriginIsolated").await, true, "the headers have no effect");
    let host = stage.presses_connect().await;
    // The page sent no origin with the start code: one press more, and the host's server says who is signed in.
    stage.jane.arrives("Connect Slack to Acme Notes").await;
    stage.allows("Slack").await;
    stage.jane.goes_to(&host).await;
    let told = stage.result().await;
    stage.is_linked(&user, Some(&told)).await;
    stage.jane.is_alone_again().await;
}

/// The host's server takes longer than WebKit lets a page open windows after a press.
async fn session_is_slow(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::None, "connect", &user, "&connector=slack&slow").await;
    let host = stage.presses_connect().await;
    stage.allows("Slack").await;
    stage.jane.goes_to(&host).await;
    let told = stage.result().await;
    stage.is_linked(&user, Some(&told)).await;
    stage.jane.is_alone_again().await;
}

/// No window opens: blocked, or the browser gives the page itself.
async fn no_window_opens(stage: &mut Stage) {
    for open in ["nothing", "itself"] {
        let user = stage.new_user().await;
        stage.opens(Policy::None, "connect", &user, &format!("&connector=slack&open={open}")).await;
        stage.jane.press("Connect").await;
        assert_eq!(stage.result().await["code"], "popup_blocked", "{open}");
        // Where the host leaves the way to us, the page itself leads on.
        let more = format!("&connector=slack&open={open}&mode=auto&after=return");
        stage.opens(Policy::None, "connect", &user, &more).await;
        stage.jane.press("Connect").await;
        stage.allows("Slack").await;
        stage.jane.arrives("Back").await;
        stage.is_linked(&user, None).await;
    }
}

/// What each engine does in its own way.
async fn in_engine(engine: Engine) -> Stage {
    let mut stage = Stage::open(engine, Sites::Cross).await;
    closed_on_our_page(&mut stage).await;
    with_all_headers(&mut stage).await;
    stage.jane.complained_of_nothing().await;
    stage
}

#[tokio::test]
async fn stories_in_chromium() {
    let mut stage = in_engine(Engine::Chromium).await;
    cancelled_on_our_page(&mut stage).await;
    closed_at_the_provider(&mut stage).await;
    linked_late(&mut stage).await;
    stage.jane.complained_of_nothing().await;
    no_window_opens(&mut stage).await;
    stage.has_no_double_events();
}

#[tokio::test]
async fn stories_in_firefox() {
    in_engine(Engine::Firefox).await.has_no_double_events();
}

#[tokio::test]
async fn stories_in_webkit() {
    let mut stage = in_engine(Engine::WebKit).await;
    session_is_slow(&mut stage).await;
    stage.has_no_double_events();
}
