//! The pages in a frame of the host's page, of one site with it.

use std::time::{Duration, Instant};

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    browser::{Browser, PATIENCE},
    engine::Engine,
    foreign_site::ForeignSite,
    world::World,
};

/// How long a page takes no pointer press.
const GUARDED: Duration = Duration::from_millis(700);

/// Gangway and a page of the host beside each other, as connect.acme.com and app.acme.com are.
async fn world(frames: bool) -> (World, ForeignSite) {
    let host = ForeignSite::named("app.acme.localhost").await;
    let origin = host.origin().parse().unwrap();
    let world = World::with("connect.acme.localhost", "acme.localhost", |settings| {
        settings.host.frames = frames;
        settings.host.origins.push(origin);
    })
    .await;
    (world, host)
}

/// A page that posts a start code into its frame, and makes the frame as high as it says.
async fn host_page(world: &World, site: &ForeignSite) -> String {
    let session = world.session_with(json!({ "connector": "slack" })).await;
    let (code, gangway) = (session["start_code"].as_str().unwrap(), &world.gangway);
    site.shows(
        "/connect",
        &format!(
            "<iframe name=connect title='Connect Slack' style='position:absolute;inset:0 auto auto 0;border:0' width=600 height=100></iframe>
             <form style='position:absolute;top:0;left:700px' action='{gangway}/start' method=post target=connect>
             <input type=hidden name=code value='{code}'><input type=hidden name=display value=frame><button>Connect</button></form>
             <script>const frame = document.querySelector('iframe');
             window.heights = [];
             addEventListener('message', ({{ source, origin, data }}) => {{
                 if (source !== frame.contentWindow || origin !== '{gangway}' || data.gangway !== 'height') return;
                 heights.push(data.height);
                 frame.height = data.height;
             }})</script>"
        ),
    )
}

/// The browser with that page, in the frame of which the user sees the app.
async fn framed(engine: Engine, world: &World, site: &ForeignSite) -> Browser {
    let mut browser = Browser::with(engine).await;
    browser.goto(&host_page(world, site).await).await;
    browser.press("Connect").await;
    browser.goes_into_the_frame().await;
    browser.arrives("Connect Slack to Acme Notes").await;
    browser
}

#[tokio::test]
async fn sign_in_ends_in_the_frame_in_every_engine() {
    for engine in Engine::ALL {
        let (world, site) = world(true).await;
        // What the host's page requires of all that it shows.
        site.says("cross-origin-embedder-policy", "require-corp");
        let mut browser = framed(engine, &world, &site).await;
        browser.press("Continue to Slack").await;
        let opener = browser.goes_to_the_popup().await;
        browser.arrives("Alloy wants to use your Slack").await;
        browser.goes_to(&opener).await;
        browser.goes_into_the_frame().await;
        browser.arrives("Continue in the window that has opened").await;
        browser.goes_out_of_the_frame().await;
        browser.goes_to_the_popup().await;
        browser.press("Allow").await;
        // Our last page closes the window.
        browser.is_alone_again().await;
        browser.goes_into_the_frame().await;
        browser.arrives("Slack is connected").await;
        assert_eq!(world.connected("jane").await, ["slack"], "{engine:?}");
        let [inner, shown] = ["document.body.getBoundingClientRect().height", "innerHeight"];
        let fits = format!("return Math.abs({inner} - {shown}) <= 1");
        let began = Instant::now();
        while browser.run(&fits).await != true {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "{engine:?}: {}",
                browser.run("return innerHeight").await
            );
        }
        browser.goes_out_of_the_frame().await;
        let heights = browser.run("return window.heights.length").await;
        assert!(heights.as_u64().is_some_and(|count| count > 0), "{engine:?}: {heights}");
    }
}

/// Whether the click that was made just now left the frame where it was: on a busy machine it may come too late.
async fn ignored(browser: &Browser, began: Instant) -> bool {
    let in_time = began.elapsed() < GUARDED;
    tokio::time::sleep(GUARDED).await;
    let ignored = !browser.has_a_popup().await;
    assert!(ignored || !in_time, "{:?}: the click had an effect", browser.engine());
    ignored
}

#[tokio::test]
async fn presses_into_a_frame_count_once_the_pointer_has_been_there() {
    let somewhere = (900.0, 400.0);
    for engine in Engine::ALL {
        let (world, site) = world(true).await;
        let browser = framed(engine, &world, &site).await;
        let place = "const box = document.querySelector('main .primary').getBoundingClientRect();
            return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]";
        let button: (f64, f64) = serde_json::from_value(browser.run(place).await).unwrap();
        browser.goes_out_of_the_frame().await;
        loop {
            // The user is in the host's page, for longer than the page in the frame was loaded.
            browser.clicks(somewhere).await;
            tokio::time::sleep(2 * GUARDED).await;
            // As if a window had closed in between: the pointer was not there before.
            let began = Instant::now();
            browser.clicks(button).await;
            if ignored(&browser, began).await {
                break;
            }
            let opener = browser.goes_to_the_popup().await;
            browser.closes_the_window(&opener).await;
        }
        // The drivers of the others do not reliably tell a frame where the pointer is.
        if engine != Engine::Chromium {
            continue;
        }
        // A busy machine may learn late that the pointer is there.
        let mut pause = GUARDED + Duration::from_millis(100);
        while !browser.has_a_popup().await {
            assert!(pause < Duration::from_secs(20), "{engine:?}: no press counts");
            browser.clicks(somewhere).await;
            browser.points_at(button).await;
            tokio::time::sleep(pause).await;
            browser.clicks(button).await;
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        browser.goes_to_the_popup().await;
        browser.arrives("Alloy wants to use your Slack").await;
    }
}

#[tokio::test]
async fn keyboard_leads_through_the_frame_at_once() {
    for engine in Engine::ALL {
        let (world, site) = world(true).await;
        let browser = framed(engine, &world, &site).await;
        for _ in 0..9 {
            browser.presses_key(Key::Tab).await;
            if browser.focused().await == "Continue to Slack" {
                break;
            }
        }
        assert_eq!(browser.focused().await, "Continue to Slack", "{engine:?}");
        browser.presses_key(Key::Enter).await;
        browser.goes_to_the_popup().await;
        browser.arrives("Alloy wants to use your Slack").await;
    }
}

#[tokio::test]
async fn only_registered_pages_show_a_frame_and_only_with_the_setting() {
    let browser = Browser::open().await;
    for (frames, name, refused) in [
        (true, "app.acme.localhost", false),
        (true, "other.acme.localhost", true),
        (true, "stranger.localhost", true),
        (false, "app.acme.localhost", true),
    ] {
        let (world, registered) = world(frames).await;
        let site = if name == "app.acme.localhost" { registered } else { ForeignSite::named(name).await };
        browser.goto(&host_page(&world, &site).await).await;
        browser.complaints().await;
        browser.run("document.querySelector('form button').click()").await;
        let began = Instant::now();
        let mut complaints = Vec::new();
        while complaints.is_empty() && began.elapsed() < PATIENCE {
            if browser.run("return heights.length > 0").await == true {
                break;
            }
            complaints = browser.complaints().await;
        }
        let words = if frames { "frame-ancestors http" } else { "frame-ancestors 'none'" };
        assert_eq!(complaints.iter().any(|text| text.contains(words)), refused, "{name}: {complaints:#?}");
        assert_eq!(complaints.is_empty(), !refused, "{name}: {complaints:#?}");
    }
}
