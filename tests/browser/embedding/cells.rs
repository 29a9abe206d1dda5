//! The ways to embed, in every combination that browsers treat differently. Each ends in the right outcome for the host's
//! page and for its server, and `docs/embedding.md` says so.

use fantoccini::wd::WindowHandle;
use gangway::sandbox::Fault;

use super::{
    policy::Policy,
    stage::{Sites, Stage},
    table::Cell,
};
use crate::{browser::Browser, engine::Engine, foreign_site::ForeignSite};

/// A pop-up from a page with that opener policy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Popup {
    pub sites: Sites,
    pub policy: Policy,
    /// Whether the provider's pages have a policy, too.
    pub isolated: bool,
}

/// Every combination.
pub(crate) fn every_popup(sites: Sites) -> impl Iterator<Item = Popup> {
    let policies = [Policy::None, Policy::SameOrigin, Policy::SameOriginAllowPopups];
    policies.into_iter().flat_map(move |policy| [false, true].map(|isolated| Popup { sites, policy, isolated }))
}

async fn popups(engine: Engine, sites: Sites) {
    let mut stage = Stage::open(engine, sites).await;
    for case in every_popup(sites) {
        if case.isolated {
            stage.world.sandbox.switch_on(Fault::ProviderCoop);
        }
        popup(&mut stage, case.policy).await;
        stage.world.sandbox.switch_all_off();
        Cell::popup(case).holds(&stage.jane);
    }
    stage.has_no_double_events();
    stage.jane.complained_of_nothing().await;
}

async fn popup(stage: &mut Stage, policy: Policy) {
    let user = stage.new_user().await;
    stage.opens(policy, "connect", &user, "&connector=slack").await;
    let host = stage.presses_connect().await;
    stage.allows("Slack").await;
    // The page closes by itself meanwhile.
    stage.jane.goes_to(&host).await;
    let told = stage.result().await;
    stage.is_linked(&user, Some(&told)).await;
    stage.jane.is_alone_again().await;
}

/// Our page takes the place of the host's, which comes back at the end.
async fn redirect(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::None, "connect", &user, "&connector=slack&mode=redirect&after=return").await;
    stage.jane.press("Connect").await;
    stage.allows("Slack").await;
    stage.jane.arrives("Back").await;
    stage.jane.reads("linked").await;
    stage.is_linked(&user, None).await;
}

/// A form of the host's page opens the window, and nothing tells the page. Gives the user and the host's window.
async fn by_form(stage: &mut Stage) -> (String, WindowHandle) {
    let user = stage.new_user().await;
    stage.jane.goto(&stage.site.page(Policy::None, "form", &user, "&connector=slack")).await;
    stage.jane.press("Connect Slack").await;
    let host = stage.jane.goes_to_the_popup().await;
    stage.allows("Slack").await;
    (user, host)
}

async fn form(stage: &mut Stage) {
    let (user, _) = by_form(stage).await;
    stage.jane.is_alone_again().await;
    stage.is_linked(&user, None).await;
}

/// The same where no page has a script.
async fn without_script(stage: &mut Stage) {
    let (user, host) = by_form(stage).await;
    stage.jane.arrives("Slack is connected").await;
    stage.jane.press("Close this window").await;
    stage.jane.arrives("You can close this window").await;
    stage.is_linked(&user, None).await;
    let session = stage.site.sessions(&user).remove(0);
    assert_eq!(stage.outcome(&session).await["outcome"], "linked");
    stage.jane.closes_the_window(&host).await;
}

/// Our page stays in the host's, and the provider's gets a window of its own.
async fn frame(stage: &mut Stage) {
    let user = stage.new_user().await;
    stage.opens(Policy::None, "frame", &user, "&connector=slack").await;
    stage.jane.press("Connect").await;
    let host = stage.jane.window().await;
    stage.jane.goes_into_the_frame().await;
    stage.jane.press("Continue to Slack").await;
    stage.jane.goes_to_the_popup().await;
    stage.jane.arrives("Alloy wants to use your Slack").await;
    stage.jane.press("Allow").await;
    stage.jane.goes_to(&host).await;
    let told = stage.result().await;
    stage.is_linked(&user, Some(&told)).await;
    stage.jane.is_alone_again().await;
}

/// The ways without a pop-up of the script. Each ends in its line of the table.
async fn other_ways(engine: Engine) {
    let mut stage = Stage::open(engine, Sites::Cross).await;
    redirect(&mut stage).await;
    Cell::redirect().holds(&stage.jane);
    form(&mut stage).await;
    Cell::form().holds(&stage.jane);
    stage.has_no_double_events();
    stage.jane.complained_of_nothing().await;

    let mut stage = Stage::with(stage.jane, Sites::Same, |settings| settings.host.frames = true).await;
    frame(&mut stage).await;
    Cell::frame().holds(&stage.jane);
    stage.has_no_double_events();
    stage.jane.complained_of_nothing().await;

    let mut stage = Stage::with(Browser::without_scripts_in(engine).await, Sites::Cross, |_| ()).await;
    without_script(&mut stage).await;
    Cell::without_script().holds(&stage.jane);
    stage.has_no_double_events();
}

/// All ways with third-party cookies set to both. A setting without effect would prove nothing.
#[tokio::test]
async fn third_party_cookies_change_nothing() {
    for allowed in [true, false] {
        let mut stage = Stage::with(Browser::with_third_party_cookies(allowed).await, Sites::Cross, |_| ()).await;
        let widget = ForeignSite::named("widget.localhost").await;
        let sets =
            "<script>document.cookie = 'a=b; SameSite=None; Secure'; parent.postMessage(document.cookie, '*')</script>";
        let page = format!(
            "<script>addEventListener('message', ({{ data }}) => document.body.dataset.ready = data)</script>\
             <iframe src='{}'></iframe>",
            widget.shows("/widget", sets)
        );
        stage.jane.goto(&ForeignSite::open().await.shows("/", &page)).await;
        stage.jane.has_ready("body[data-ready]").await;
        let kept = stage.jane.run("return document.body.dataset.ready").await;
        assert_eq!(kept, if allowed { "a=b" } else { "" }, "the browser's setting has no effect");

        popup(&mut stage, Policy::SameOrigin).await;
        Cell::popup_with_third_party_cookies(allowed).holds(&stage.jane);
        stage.has_no_double_events();
        let mut stage = Stage::with(stage.jane, Sites::Same, |settings| settings.host.frames = true).await;
        frame(&mut stage).await;
        Cell::frame().with_third_party_cookies(allowed).holds(&stage.jane);
        stage.has_no_double_events();
        stage.jane.complained_of_nothing().await;
    }
}

#[tokio::test]
async fn popups_to_another_site_in_chromium() {
    popups(Engine::Chromium, Sites::Cross).await;
}

#[tokio::test]
async fn popups_to_another_site_in_firefox() {
    popups(Engine::Firefox, Sites::Cross).await;
}

#[tokio::test]
async fn popups_to_another_site_in_webkit() {
    popups(Engine::WebKit, Sites::Cross).await;
}

#[tokio::test]
async fn popups_to_the_same_site_in_chromium() {
    popups(Engine::Chromium, Sites::Same).await;
}

#[tokio::test]
async fn popups_to_the_same_site_in_firefox() {
    popups(Engine::Firefox, Sites::Same).await;
}

#[tokio::test]
async fn popups_to_the_same_site_in_webkit() {
    popups(Engine::WebKit, Sites::Same).await;
}

#[tokio::test]
async fn other_ways_in_chromium() {
    other_ways(Engine::Chromium).await;
}

#[tokio::test]
async fn other_ways_in_firefox() {
    other_ways(Engine::Firefox).await;
}

#[tokio::test]
async fn other_ways_in_webkit() {
    other_ways(Engine::WebKit).await;
}
