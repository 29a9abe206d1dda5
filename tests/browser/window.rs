//! A pop-up that the host's page opens: it closes by itself, by its buttons, and the server learns that it was left.

use std::time::{Duration, Instant};

use fantoccini::{key::Key, wd::WindowHandle};
use gangway::domain::{session::SessionId, window::Window};
use serde_json::json;

use crate::{browser::Browser, foreign_site::ForeignSite, world::World};

struct Host {
    site: ForeignSite,
    world: World,
}

impl Host {
    async fn open() -> Self {
        let site = ForeignSite::named("notes.localhost").await;
        let origin = site.origin().parse().unwrap();
        let world = World::with("connect.localhost", "acme.localhost", |settings| {
            settings.host.origins.push(origin);
        });
        Self { world: world.await, site }
    }

    /// The host's page that posts a new start code into a window of that name; gives its address and the session.
    async fn page(&self, target: &str) -> (String, SessionId) {
        let session = self.world.session_with(json!({ "connectors": ["slack", "notion"] })).await;
        let id = session["id"].as_str().unwrap();
        let form = format!(
            "<form method=post action='{}' target={target}>
             <input type=hidden name=code value='{}'><input type=hidden name=display value=popup>
             <button>Connect</button></form>
             <script>document.querySelector('form').addEventListener('submit', (event) =>
                 event.target.target === 'popup' && open('about:blank', 'popup', 'popup,width=480,height=700'))</script>",
            self.world.page("/start"),
            session["start_code"].as_str().unwrap()
        );
        (self.site.shows(&format!("/{id}"), &form), SessionId::parse(id).unwrap())
    }

    /// Presses the host's button and goes on in the pop-up, at the page of that app; gives the host's window.
    async fn opens(&self, app: &str, browser: &mut Browser) -> (WindowHandle, SessionId) {
        let (page, session) = self.page("popup").await;
        browser.goto(&page).await;
        browser.press("Connect").await;
        let host = browser.goes_to_the_popup().await;
        browser.press_app(app).await;
        browser.arrives(&format!("Connect {app} to Acme Notes")).await;
        (host, session)
    }

    /// Waits for what is recorded of a window.
    async fn until(&self, session: SessionId, what: &str, holds: impl Fn(&Window) -> bool) {
        let began = Instant::now();
        loop {
            let window = self.world.store.session_window(session).await.unwrap().unwrap().window;
            if holds(&window) {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{what}: {window:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn linked_popup_closes_by_itself_unless_its_user_does_something() {
    let host = Host::open().await;
    let mut browser = Browser::open().await;
    let (_, session) = host.opens("Slack", &mut browser).await;
    browser.continue_to("Slack").await;
    browser.press("Allow").await;
    browser.is_alone_again().await;
    browser.arrives("A page of a stranger").await;
    let is_left_after_the_end = |window: &Window| window.end_shown_at.is_some() && window.left_at > window.end_shown_at;
    host.until(session, "left after the end was shown", is_left_after_the_end).await;

    let (_, session) = host.opens("Notion", &mut browser).await;
    browser.continue_to("Notion").await;
    // A press of a key just after loading: the driver may be slower than the page.
    let act =
        "addEventListener('DOMContentLoaded', () => dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift' })))";
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": act })).await;
    browser.press("Allow").await;
    browser.arrives("Notion is connected").await;
    browser.reads("You can close this window now.").await;
    // The page is older than one that closes by itself becomes.
    let began = Instant::now();
    while browser.run("return performance.now() < 3000").await == true {
        assert!(began.elapsed() < Duration::from_secs(20), "the page does not grow old");
    }
    assert!(browser.has_a_popup().await);
    // By keyboard.
    for _ in 0..5 {
        browser.key(Key::Tab).await;
        if browser.focused().await == "Close this window" {
            break;
        }
    }
    assert_eq!(browser.focused().await, "Close this window");
    browser.key(Key::Enter).await;
    browser.is_alone_again().await;
    host.until(session, "the close", |window| window.left_at.is_some()).await;
    browser.has_nothing_to_complain_of().await;
}

#[tokio::test]
async fn popup_that_is_left_is_known_to_be() {
    let host = Host::open().await;
    let mut browser = Browser::open().await;
    let (_, session) = host.opens("Slack", &mut browser).await;
    browser.press("Cancel").await;
    browser.is_alone_again().await;
    host.until(session, "cancelled", |window| window.left_at.is_some()).await;

    let (opener, session) = host.opens("Slack", &mut browser).await;
    let shown = host.world.store.session_window(session).await.unwrap().unwrap().window.pages;
    browser.run("location.reload()").await;
    browser.arrives("Connect Slack to Acme Notes").await;
    host.until(session, "loaded again", |window| window.pages > shown && window.left_at.is_none()).await;
    browser.closes_the_window(&opener).await;
    host.until(session, "closed by its user", |window| window.left_at.is_some()).await;

    let (opener, session) = host.opens("Slack", &mut browser).await;
    browser.continue_to("Slack").await;
    browser.closes_the_window(&opener).await;
    host.until(session, "closed at the provider", |window| window.away_at.is_some() && window.left_at.is_none()).await;
}

#[tokio::test]
async fn window_that_no_script_closes_says_so() {
    let host = Host::open().await;
    // In a tab that its user opened.
    let mut browser = Browser::open().await;
    let (page, session) = host.page("_self").await;
    browser.goto(&host.world.host_page()).await;
    browser.goto(&page).await;
    browser.press("Connect").await;
    browser.arrives("Choose an app").await;
    browser.press("Close this window").await;
    browser.arrives("You can close this window").await;
    host.until(session, "the close", |window| window.left_at.is_some()).await;

    // Without scripts.
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    let (page, session) = host.page("_self").await;
    browser.goto(&page).await;
    browser.press("Connect").await;
    browser.press_app("Slack").await;
    browser.press("Cancel").await;
    browser.arrives("You can close this window").await;
    host.until(session, "the close", |window| window.left_at.is_some()).await;
    assert_eq!(browser.press_primary().await, "Back to Acme Notes");
    browser.arrives("Connections").await;
}
