//! Nothing secret is in a log, on a page, in an answer, in the database or in `Debug` output: the whole journey and every
//! failure, with the log at its loudest, and then every place is searched.

mod canary;
pub(crate) mod captured_log;
mod clean;
mod echo;
mod failures;
mod seen;

use std::{sync::Arc, time::Duration};

use gangway::{
    alloy::Timeouts,
    config::{ConnectorSettings, Settings},
    domain::{
        clock::{SystemClock, SystemEntropy},
        connector::{ConnectorId, Whoami},
        keys::Purpose,
        session::{ExternalId, StartCode},
    },
    server::{self, Environment},
    web::pages::Form,
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::{
    app::{HOST_KEY, HOST_ORIGIN, SESSION_KEY, TestApp},
    browser::Browser,
    receiver::{Deed, Receiver},
};

use canary::Canary;
use captured_log::CapturedLog;
use clean::is_clean;
use failures::{ends, faults, mistakes};
use seen::Seen;

const WEBHOOK_SECRET: &str = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk=";
/// What an address may hold that only two should know.
const RECEIVER_TOKEN: &str = "receiver-token-canary";
const WRONG_HOST_KEY: &str = "a-wrong-host-key-canary";
/// What people type: a key as most are, one whose answer is lost, one with spaces and odd characters, and one that
/// looks like any word.
const FORM_SECRETS: [&str; 4] =
    ["shippo_live_canary", "shippo_lost_canary", "canary bird &'\"<in>{a}%41mine", "canarysings"];
/// What tries to write a line of its own into the log, or to paint it.
const FORGERY: &str = "x\r\n{\"level\":\"INFO\",\"message\":\"forged\"}\u{1b}[31m\u{2028}\"";

/// Jane arrives by a code, links two apps, and looks at what she has.
async fn the_journey(app: &TestApp, seen: &mut Seen) -> Browser {
    let session = app.session_with(json!({})).await;
    let code = session["start_code"].as_str().unwrap().to_owned();
    seen.secret("a start code", &code);
    let ticket = session["watch"].as_str().unwrap();
    seen.secret("a ticket", ticket);
    let (_, start) = app.opened(&session).await;
    assert!(start.body.contains(&code), "the start page's own form carries its code");
    let mut browser = app.browser();
    seen.page("arrived", browser.post_from(HOST_ORIGIN, "/start", &[("code", &code)]).await);
    seen.cookie(&browser);
    seen.page("the code again", app.browser().navigate(&format!("/start?code={code}"), "none").await);
    seen.page("the catalogue", browser.get("/connectors").await);
    let leaving = seen.page("off to the provider", browser.link("slack", &[]).await);
    seen.authorization_url(leaving.location());
    let back = app.sandbox.approve(leaving.location()).unwrap().unwrap();
    let returned = seen.page("back", browser.navigate(&back, "cross-site").await);
    let linked = seen.page("linked", browser.get(returned.location()).await);
    assert_eq!(linked.heading(), "Slack is connected");
    let saved = seen.page("a key", browser.link("shippo", &[("data.token", FORM_SECRETS[0])]).await);
    assert_eq!(seen.page("saved", browser.get(saved.location()).await).heading(), "Shippo is connected");
    seen.page("connected", browser.get("/connectors/shippo").await);
    for (what, ticket) in [("the outcome", ticket), ("no outcome", WRONG_HOST_KEY)] {
        let request = app.request("GET", "/embed/outcome?wait=1&seen=1").bearer_auth(ticket);
        seen.answer(what, request.header("origin", HOST_ORIGIN).send().await.unwrap()).await;
    }
    browser
}

/// The host's receiver refuses events and takes some, and the host looks at them.
async fn deliveries(app: &TestApp, receiver: &Receiver, seen: &mut Seen) {
    let tried = async || {
        app.clock.pass(time::Duration::minutes(5));
        (1..5).all(|sequence| receiver.sequences("jane").contains(&sequence))
    };
    app.until("tries of four events", tried).await;
    for (method, path) in [("GET", "webhook-deliveries?limit=100"), ("POST", "webhook-deliveries/test")] {
        let request = app.request(method, &format!("/api/v1/{path}")).bearer_auth(HOST_KEY);
        seen.answer(path, request.send().await.unwrap()).await;
    }
}

/// What `{:?}` shows of everything that holds a secret and has `Debug`. The client of Alloy, the catalogue and the keys
/// have none.
async fn debug_output(app: &TestApp, settings: &Settings) -> String {
    let outside =
        Environment { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy), ..Environment::default() };
    let gangway = server::services(settings.clone(), outside).await.unwrap();
    let code = gangway.keys.tag(Purpose::StartCode, &[0; 16]).to_text();
    let code = StartCode::parse(&code).unwrap();
    Canary::new("the code itself", code.expose()).is_not_in("its Debug", &format!("{code:?}"));
    let jane = ExternalId::parse("jane").unwrap();
    let slack = ConnectorId::parse("slack").unwrap();
    let attempt = app.store.last_attempt(&jane, &slack).await.unwrap().unwrap();
    let events = app.store.events(&jane, 0).await.unwrap();
    let parsed = (StartCode::parse(HOST_KEY).unwrap(), Form::new("/start").with("code", SESSION_KEY));
    format!("{settings:?} {:?} {attempt:?} {events:?} {parsed:?}", gangway.icons)
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_stay_where_they_belong() {
    let (log, mut seen, mut settings) = (CapturedLog::listen(), Seen::new(), None);
    let receiver = Receiver::listen();
    // It takes something of everybody, and refuses in every way.
    receiver.does(|got| match got.sequence() % 4 {
        1 => Deed::With(307, format!("location: https://{RECEIVER_TOKEN}.test/")),
        2 => Deed::Closes,
        3 => Deed::Status(500),
        _ => Deed::Status(200),
    });
    let three = Duration::from_secs(3);
    let app =
        TestApp::spawn_patient(Timeouts { connect: Duration::from_secs(1), read: three, total: three }, |wanted| {
            receiver.is_of(wanted);
            wanted.webhook.url.as_mut().unwrap().set_query(Some(RECEIVER_TOKEN));
            wanted.webhook.secrets = vec![WEBHOOK_SECRET.into()];
            wanted.link.patience = Duration::from_secs(1);
            for app in ["slack", "shippo"] {
                let whoami = Whoami { action: "whoami".to_owned(), field: "account".to_owned(), label: None };
                let table = ConnectorSettings { enabled: true, whoami: Some(whoami), ..ConnectorSettings::default() };
                wanted.connectors.each.insert(app.to_owned(), ConnectorSettings { id: app.to_owned(), ..table });
            }
            settings = Some(wanted.clone());
        })
        .await;
    let settings = settings.unwrap();
    let mut browser = the_journey(&app, &mut seen).await;
    mistakes(&app, &mut browser, &mut seen).await;
    faults(&app, &mut browser, &mut seen).await;
    deliveries(&app, &receiver, &mut seen).await;
    ends(&app, &mut browser, settings.store.url.expose_secret(), &mut seen).await;
    let debug = debug_output(&app, &settings).await;
    let metrics = app.metrics().await;
    assert!(metrics.contains("gangway_journey_total"), "{metrics}");
    seen.is_nowhere_in("the metrics", &metrics);

    let database = app.database();
    let database = String::from_utf8_lossy(&database);
    assert!(database.contains("jane"), "the database is that of this test");
    seen.is_nowhere_in("the database", &database);
    seen.is_nowhere_in("Debug", &debug);
    for (what, text) in &seen.shown {
        seen.is_nowhere_in(what, text);
    }
    is_clean(&log, &seen);
    assert!(log.text().contains("event not delivered, retrying later") && log.text().contains("\"event delivered\""));
    assert!(!log.text().contains(RECEIVER_TOKEN), "the receiver's address is in no log");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_upstream_repeats_stays_out_of_the_log() {
    let (log, mut seen) = (CapturedLog::listen(), Seen::new());
    let (upstream, echo) = echo::EchoUpstream::start().await;
    let app = TestApp::spawn_with(|wanted| {
        wanted.alloy.base_url = upstream.uri().parse().unwrap();
        wanted.limits.per_session.requests = 100_000;
        wanted.limits.attempts_per_user.requests = 100_000;
    })
    .await;
    let mut browser = app.arrived().await;
    seen.cookie(&browser);
    for status in 0..echo::STATUSES.len() {
        for way in 0..echo::WAYS {
            echo.says(status, way);
            let new = |number: usize| ["a", "b", "c", "d", "e", "f", "g", "h", "i"][number];
            let typed = format!("{}{}{}", FORM_SECRETS[(status + way) % 4], new(status), new(way));
            for (connector, answers) in [("slack", &[][..]), ("shippo", &[("data.token", typed.as_str())])] {
                let begun = seen.page("repeated", browser.link(connector, answers).await);
                if let Some(next) = begun.leads_to() {
                    // A key that may be stored ends after a minute; before that, its page is held.
                    app.clock.pass(time::Duration::seconds(61));
                    seen.page("repeated, shown", browser.get(next).await);
                }
            }
        }
    }
    let sent = upstream.received_requests().await.unwrap();
    let uris = sent.iter().filter_map(|request| {
        request.body_json::<serde_json::Value>().ok()?["redirectUri"].as_str().map(str::to_owned)
    });
    let states: std::collections::BTreeSet<String> =
        uris.map(|uri| uri.rsplit_once('/').unwrap().1.to_owned()).collect();
    assert!(states.len() > 10, "{states:?}");
    states.iter().for_each(|state| seen.secret("a state", state));
    for (what, text) in &seen.shown {
        seen.is_nowhere_in(what, text);
    }
    seen.is_nowhere_in("the metrics", &app.metrics().await);
    seen.is_nowhere_in("the database", &String::from_utf8_lossy(&app.database()));
    is_clean(&log, &seen);
}
