//! The headers of a host's page: each line of a Content Security Policy that docs/embedding.md names is needed, and all of
//! them together are enough.

use std::time::Instant;

use serde_json::{Value, json};

use crate::{
    browser::{Browser, PATIENCE},
    foreign_site::ForeignSite,
    world::World,
};

const GUIDE: &str = include_str!("../../docs/embedding.md");

/// The lines of the guide, for this Gangway.
fn lines(gangway: &str) -> Vec<String> {
    let block = GUIDE.split("```http\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let lines = block.lines().filter_map(|line| line.strip_prefix("  "));
    lines.map(|line| line.trim_end_matches(';').replace("https://connect.example.com", gangway)).collect()
}

/// A page of a host of Gangway with a button, a picture, and a script of its own.
struct Host {
    world: World,
    site: ForeignSite,
}

impl Host {
    async fn open() -> Self {
        let site = ForeignSite::open().await;
        let origin = site.origin().to_owned();
        let change = |settings: &mut gangway::config::Settings| settings.host.origins = vec![origin.parse().unwrap()];
        let world = World::with("connect.localhost", "acme.localhost", change).await;
        let script = format!(
            "import {{ connect }} from '{0}/embed/v1.js';
            import '{0}/embed/frame-v1.js';
            const say = (text) => document.querySelector('p').textContent = text;
            const session = JSON.parse(document.getElementById('session').textContent);
            const frame = document.querySelector('gangway-frame');
            const ways = [connect, (options) => frame.connect(options)];
            document.querySelectorAll('button').forEach((button, place) =>
                button.addEventListener('click', () => ways[place]({{ session }}).then(
                    ({{ outcome }}) => say('The outcome: ' + outcome),
                    ({{ code, message }}) => say(code + ': ' + message))));
            say('Ready');",
            world.gangway
        );
        site.has("/host.js", script);
        Self { world, site }
    }

    /// The page, with a session of its own.
    async fn page(&self) -> String {
        let session = self.world.session_with(json!({ "connector": "slack" })).await;
        let page = format!(
            "<!doctype html><title>Host</title><h1>Host</h1><button>Connect Slack</button><p></p><img src='{}'>
             <button>Connect in a frame</button><gangway-frame title='Apps'></gangway-frame>
             <script type='application/json' id='session'>{session}</script>
             <script type='module' src='/host.js'></script>",
            self.world.page("/icons/slack"),
        );
        self.site.has("/page", page)
    }

    fn says(&self, lines: &[String]) {
        self.site.says("content-security-policy", &["default-src 'self'".to_owned(), lines.join("; ")].join("; "));
    }
}

#[tokio::test]
async fn every_line_of_the_policy_is_needed_and_all_are_enough() {
    let host = Host::open().await;
    let mut browser = Browser::open().await;
    let lines = lines(&host.world.gangway);
    assert_eq!(lines.len(), 4, "{lines:?}");
    for line in &lines {
        let (directive, _) = line.split_once(' ').unwrap();
        let own = format!("{directive} 'self'");
        let others: Vec<String> = lines.iter().map(|other| if other == line { &own } else { other }).cloned().collect();
        host.says(&others);
        browser.goto(&host.page().await).await;
        match directive {
            "script-src" => {
                // Nothing of ours runs, so only the console tells.
                browser.is_titled("Host").await;
                assert_eq!(browser.texts("p").await, [""]);
            }
            "img-src" => {
                browser.reads("Ready").await;
                assert_eq!(browser.run("return document.images[0].naturalWidth").await, json!(0));
            }
            _ => {
                browser.reads("Ready").await;
                browser.press("Connect Slack").await;
                browser.reads(&format!("blocked_by_csp: Add {directive} {}", host.world.gangway)).await;
                browser.closes_other_windows().await;
            }
        }
        let complaints = browser.complaints().await;
        let named = |text: &String| text.contains("Content Security Policy") && text.contains(&host.world.gangway);
        assert!(complaints.iter().any(named), "{directive}: {complaints:?}");
    }
    host.says(&lines);
    browser.goto(&host.page().await).await;
    browser.reads("Ready").await;
    let loaded = "await document.images[0].decode(); return document.images[0].naturalWidth > 0";
    assert_eq!(browser.run(loaded).await, Value::Bool(true));
    browser.press("Connect Slack").await;
    browser.allows_in_the_window("Slack").await;
    browser.reads("The outcome: linked").await;
}

#[tokio::test]
async fn frame_needs_a_line_more() {
    let host = Host::open().await;
    let mut browser = Browser::open().await;
    let mut lines = lines(&host.world.gangway);
    host.says(&lines);
    browser.goto(&host.page().await).await;
    browser.reads("Ready").await;
    browser.press("Connect in a frame").await;
    browser.reads(&format!("blocked_by_csp: Add frame-src {}", host.world.gangway)).await;

    assert!(GUIDE.contains("`frame-src https://connect.example.com`"));
    lines.push(format!("frame-src {}", host.world.gangway));
    host.says(&lines);
    browser.complaints().await;
    browser.goto(&host.page().await).await;
    browser.reads("Ready").await;
    browser.press("Connect in a frame").await;
    // Now only Gangway is in the way: this host is on another site, and frames are off.
    let began = Instant::now();
    while !browser.complaints().await.concat().contains("frame-ancestors 'none'") {
        assert_eq!(browser.texts("p").await, ["Ready"]);
        assert!(began.elapsed() < PATIENCE, "the browser says nothing about the frame");
    }
}

#[tokio::test]
async fn page_without_a_referrer_costs_one_press() {
    let host = Host::open().await;
    let mut browser = Browser::open().await;
    for (policy, path) in
        [("no-referrer", "/start"), ("same-origin", "/start"), ("strict-origin-when-cross-origin", "/connectors/slack")]
    {
        host.site.says("referrer-policy", policy);
        browser.goto(&host.page().await).await;
        browser.reads("Ready").await;
        browser.press("Connect Slack").await;
        let page = browser.goes_to_the_popup().await;
        browser.arrives("Connect Slack to Acme Notes").await;
        assert_eq!(browser.url().await.path(), path, "{policy}");
        browser.run("window.close()").await;
        browser.goes_to(&page).await;
    }
}
