//! Windows that are loaded anew, opened twice or cut off. The stories of one test share a browser.

use std::time::Instant;

use fantoccini::wd::WindowHandle;
use serde_json::json;

use super::{
    policy::Policy,
    stage::{Sites, Stage},
};
use crate::{browser::PATIENCE, engine::Engine};

/// Each window is loaded anew once.
async fn reloaded(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::None, "connect", &user, "&connector=slack").await;
    let host = stage.presses_connect().await;
    stage.jane.arrives("Connect Slack to Acme Notes").await;
    stage.jane.reloads().await;
    stage.jane.continue_to("Slack").await;
    let popup = stage.jane.window().await;
    stage.jane.goes_to(&host).await;
    stage.jane.reloads().await;
    stage.jane.goes_to(&popup).await;
    stage.jane.press("Allow").await;
    stage.jane.goes_to(&host).await;
    // The page that had waited is gone; the host's server knows.
    stage.is_linked(&user, None).await;
    let session = stage.site.sessions(&user).remove(0);
    assert_eq!(stage.outcome(&session).await["outcome"], "linked");
    stage.jane.is_alone_again().await;
}

/// Two pages of the host each open a window, and the second session takes the browser: the first page learns that.
/// Gives the windows: the first page, its pop-up, the second page, its pop-up.
async fn on_two_pages(stage: &mut Stage, user: &str, apps: [&str; 2]) -> [WindowHandle; 4] {
    stage.opens(Policy::None, "connect", user, &format!("&connector={}", apps[0].to_lowercase())).await;
    let first = stage.presses_connect().await;
    stage.jane.continue_to(apps[0]).await;
    let popup = stage.jane.window().await;
    stage.jane.opens_a_tab().await;
    stage.opens(Policy::None, "connect", user, &format!("&connector={}", apps[1].to_lowercase())).await;
    let second = stage.presses_connect_beside(&[first.clone(), popup.clone()]).await;
    stage.jane.arrives(&format!("Connect {} to Acme Notes", apps[1])).await;
    let other_popup = stage.jane.window().await;
    stage.jane.goes_to(&first).await;
    assert_eq!(stage.result().await["outcome"], "replaced");
    [first, popup, second, other_popup]
}

async fn same_app_twice(stage: &mut Stage) {
    let user = stage.new_user().await;
    let [first, popup, second, other_popup] = on_two_pages(stage, &user, ["Slack"; 2]).await;
    stage.jane.goes_to(&popup).await;
    stage.jane.closes_the_window(&other_popup).await;
    stage.allows("Slack").await;
    stage.jane.goes_to(&second).await;
    let told = stage.result().await;
    stage.is_linked(&user, Some(&told)).await;
    stage.jane.closes_the_window(&first).await;
    stage.jane.is_alone_again().await;
}

async fn two_apps_at_once(stage: &mut Stage) {
    let user = stage.new_user().await;
    let [first, popup, second, other_popup] = on_two_pages(stage, &user, ["Slack", "Notion"]).await;
    stage.jane.goes_to(&other_popup).await;
    stage.jane.continue_to("Notion").await;
    stage.jane.goes_to(&popup).await;
    stage.jane.press("Allow").await;
    stage.is_linked_to("slack", &user, None).await;
    stage.jane.goes_to(&other_popup).await;
    stage.jane.press("Allow").await;
    stage.jane.goes_to(&second).await;
    let told = stage.result().await;
    stage.is_linked_to("notion", &user, Some(&told)).await;
    stage.jane.closes_the_window(&first).await;
    stage.jane.is_alone_again().await;
}

/// The network is gone for 20 seconds by the page's clock, which runs ten times as fast, while the person is at the
/// provider.
async fn cut_off(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::None, "connect", &user, "&connector=slack").await;
    let host = stage.presses_connect().await;
    stage.jane.continue_to("Slack").await;
    let popup = stage.jane.window().await;
    stage.jane.goes_to(&host).await;
    let fast = "const [send, later] = [fetch, setTimeout];
        window.began = performance.now();
        window.failures = 0;
        window.setTimeout = (run, time) => later(run, time / 10);
        window.fetch = (...request) => send(...request).catch((error) => { failures++; throw error })";
    stage.jane.run(fast).await;
    stage.wire.is_cut(true);
    let began = Instant::now();
    while stage.jane.run("return failures > 5 && performance.now() > began + 2000").await != true {
        assert!(began.elapsed() < PATIENCE, "{} failures", stage.jane.run("return failures").await);
    }
    assert_eq!(stage.told().await.1, [json!(null); 0]);
    stage.wire.is_cut(false);
    stage.jane.goes_to(&popup).await;
    stage.jane.press("Allow").await;
    stage.jane.goes_to(&host).await;
    let told = stage.result().await;
    stage.is_linked(&user, Some(&told)).await;
    stage.jane.is_alone_again().await;
}

#[tokio::test]
async fn several_windows() {
    let mut stage = Stage::open(Engine::Chromium, Sites::Same).await;
    reloaded(&mut stage).await;
    same_app_twice(&mut stage).await;
    two_apps_at_once(&mut stage).await;
    stage.jane.complained_of_nothing().await;
    cut_off(&mut stage).await;
    stage.has_no_double_events();
}
