//! What pages of others learn and change: nothing.

use serde_json::{Value, json};
use time::Duration;

use super::{
    policy::Policy,
    stage::{Sites, Stage},
};
use crate::{browser::Browser, engine::Engine, foreign_site::ForeignSite};

/// What a page gets from the outcome's address with that ticket: the status, or the name of the browser's error.
async fn reads(stage: &Stage, ticket: Option<&str>) -> Value {
    let headers = ticket.map_or_else(|| json!({}), |ticket| json!({ "authorization": format!("Bearer {ticket}") }));
    let address = stage.world.page("/embed/outcome");
    let read = format!(
        "fetch('{address}', {{ headers: {headers} }})
            .then((answer) => answer.status, (error) => error.name)
            .then((result) => {{ document.body.dataset.result = result }})"
    );
    stage.jane.run(&format!("delete document.body.dataset.result; {read}")).await;
    stage.jane.has_ready("body[data-result]").await;
    stage.jane.run("return document.body.dataset.result").await
}

#[tokio::test]
async fn only_the_hosts_page_reads_the_outcome() {
    let mut stage = Stage::open(Engine::Chromium, Sites::Cross).await;
    let user = stage.new_user().await;
    let [session, other] = [stage.world.session_with(json!({})).await, stage.world.session_with(json!({})).await];
    let ticket = session["watch"].as_str().unwrap();
    // The id of one session and the tag of another.
    let [own, foreign] = [ticket, other["watch"].as_str().unwrap()];
    let half = own.len() / 2;
    let mixed = format!("{}{}", own.split_at(half).0, foreign.split_at(half).1);

    stage.opens(Policy::None, "connect", &user, "").await;
    assert_eq!(reads(&stage, Some(ticket)).await, "200");
    assert_eq!(reads(&stage, Some(&mixed)).await, "401");
    assert_eq!(reads(&stage, Some(session["start_code"].as_str().unwrap())).await, "401");
    assert_eq!(reads(&stage, None).await, "401");
    for stranger in ["stranger.localhost", "blog.acme.localhost"] {
        let stranger = ForeignSite::named(stranger).await;
        stage.jane.goto(&stranger.shows("/", "")).await;
        for ticket in [Some(ticket), None] {
            assert_eq!(reads(&stage, ticket).await, "TypeError");
        }
    }
    // Ten minutes after the end the ticket reads nothing.
    stage.world.ends(&session).await;
    stage.opens(Policy::None, "connect", &user, "").await;
    assert_eq!(reads(&stage, Some(ticket)).await, "200");
    stage.world.time_passes(Duration::minutes(11));
    assert_eq!(reads(&stage, Some(ticket)).await, "401");
}

/// Messages as a page would send them that believed to know what our script or our pages listen to.
const FORGED: &str = "[
    { gangway: 'height', height: 9999 }, { gangway: 'height', height: -1 }, { gangway: 'outcome', outcome: 'linked' },
    { type: 'attempt', attempt: { state: 'linked' } }, { type: 'window', window: 'left' }, 'linked', null,
    JSON.stringify({ gangway: 'height', height: 9999 }),
]";

#[tokio::test]
async fn forged_messages_change_nothing() {
    let browser = Browser::open().await;
    let mut stage = Stage::with(browser, Sites::Same, |settings| settings.host.frames = true).await;
    let user = stage.new_user().await;
    let stranger = ForeignSite::open().await;
    let host = stage.site.page(Policy::None, "frame", &user, "&connector=slack");
    let opens = format!("<button onclick=\"opened = window.open('{host}')\">Open</button>");
    stage.jane.goto(&stranger.shows("/", &opens)).await;
    stage.jane.press("Open").await;
    let attacker = stage.jane.goes_to_the_popup().await;
    let window = stage.jane.window().await;
    stage.jane.has_ready("body[data-ready]").await;
    stage.jane.press("Connect").await;
    // Our own page has said how high it is.
    stage.jane.has_ready("iframe:not([height='480'])").await;
    stage.hears(&json!({ "type": "window", "window": "open" })).await;
    let seen = "return document.querySelector('gangway-frame').innerHTML";
    let before = (stage.jane.run(seen).await, stage.told().await);

    stage.jane.goes_to(&attacker).await;
    let forge = format!(
        "for (const data of {FORGED})
            for (const target of [opened, ...Array.from({{ length: opened.length }}, (_, index) => opened[index])])
                target.postMessage(data, '*');
         return opened.length"
    );
    assert_eq!(stage.jane.run(&forge).await, 1, "the frame is there, and got the messages");
    stage.jane.goes_to(&window).await;
    // What was posted came before an answer to this does.
    stage
        .jane
        .run("postMessage('last'); addEventListener('message', () => { document.body.dataset.last = 'yes' })")
        .await;
    stage.jane.has_ready("body[data-last]").await;
    assert_eq!((stage.jane.run(seen).await, stage.told().await), before);
    stage.jane.goes_into_the_frame().await;
    stage.jane.arrives("Connect Slack to Acme Notes").await;
}
