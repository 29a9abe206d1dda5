//! Nothing secret is in a log, on a page, in an answer, in the database or in `Debug` output: the whole journey and every
//! failure, with the log at its loudest, and then every place is searched.

mod canary;
mod clean;
pub(crate) mod paper;
mod parrot;
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
    sandbox::{Fault, Route, Switch},
    server::{self, Environment},
    web::pages::Form,
};
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::json;
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use crate::{
    app::{HOST_KEY, HOST_ORIGIN, SESSION_KEY, TestApp},
    browser::Browser,
    provider::redirect_uri,
    receiver::{Deed, Receiver},
};

use canary::Canary;
use clean::is_clean;
use paper::Paper;
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
    browser
}

/// What people, their browsers and strangers do wrong.
async fn mistakes(app: &TestApp, browser: &mut Browser, seen: &mut Seen) {
    let hostile: String = url::form_urlencoded::byte_serialize(FORGERY.as_bytes()).collect();
    let leaving = browser.leave_for("notion").await;
    seen.authorization_url(&leaving);
    let denied = format!("{}?error=access_denied&error_description={hostile}", redirect_uri(&leaving));
    let denied = seen.page("denied", browser.navigate(&denied, "cross-site").await);
    seen.page("denied, shown", browser.get(denied.location()).await);
    let leaving = browser.leave_for("notion").await;
    seen.authorization_url(&leaving);
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    seen.page("a foreign return", app.browser().navigate(&back, "cross-site").await);
    seen.page("noise", app.browser().send(Method::HEAD, &back, &[], None).await);
    let own = seen.page("after a foreign return", browser.navigate(&back, "cross-site").await);
    seen.page("unverified", browser.get(own.location()).await);
    seen.page("no return of ours", browser.navigate(&format!("{back}x?{hostile}={hostile}"), "cross-site").await);
    let bad = [("data.apiToken", FORM_SECRETS[2]), ("data.email", FORM_SECRETS[0])];
    let form = browser.get("/connectors/jira?method=basic").await;
    let again = browser.submit(&form, "/connectors/jira/link", &bad[..1]).await;
    assert_eq!(seen.page("a mistake in a form", again).status, 422);
    let stale = [("form_token", "x"), ("data.token", FORM_SECRETS[0])];
    assert_eq!(seen.page("a stale form", browser.post("/connectors/shippo/link", &stale).await).status, 403);
    let elsewhere = browser.post_from("https://evil.test", "/connectors/shippo/link", &stale).await;
    assert_eq!(seen.page("a form of another site", elsewhere).status, 403);
    let mut spoiled = app.browser();
    spoiled.plant(&browser.cookie().unwrap().replace("%3D", "%3E"));
    assert_eq!(seen.page("a spoiled cookie", spoiled.get("/connectors").await).status, 401);
    let odd = [("user-agent", "\"}{\""), ("x-forwarded-for", "\""), ("cookie", "=\"; a=%ff")];
    seen.page("odd headers", app.browser().send(Method::GET, &format!("/{hostile}"), &odd, None).await);
    for key in [WRONG_HOST_KEY, SESSION_KEY] {
        let request = app.request("GET", "/api/v1/users/jane/connections").bearer_auth(key);
        seen.answer("a wrong host key", request.send().await.unwrap()).await;
    }
    let wanted =
        json!({ "user": { "id": FORGERY }, "return_url": format!("{HOST_ORIGIN}/{HOST_KEY}x"), "locale": HOST_KEY });
    let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY).json(&wanted);
    seen.answer("a session that is refused", request.send().await.unwrap()).await;
    let request = app.request("GET", "/api/v1/users/jane/connections").bearer_auth(HOST_KEY);
    seen.answer("the connections", request.send().await.unwrap()).await;
    let attempt = app.last_attempt("jane", "slack").await;
    seen.shown.push(("an attempt".to_owned(), attempt.to_string()));
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

/// What Alloy does wrong, with a key and with a link.
async fn faults(app: &TestApp, browser: &mut Browser, seen: &mut Seen) {
    let faults: [Switch; 11] = [
        Fault::ServerErrors.into(),
        Fault::RateLimited.with(3),
        Fault::NotJson.into(),
        Fault::CutOff.into(),
        Fault::BothKeys.into(),
        Fault::NeitherKey.into(),
        Fault::WrongTypes.into(),
        Fault::BadAuthorizationUrl.into(),
        Fault::Redirected.into(),
        Fault::KeyRefused.into(),
        Fault::RedirectAllowList.into(),
    ];
    // What was typed and saved before is not sent again: each time it is a new one.
    let typed = |number: usize| format!("{}{number}", FORM_SECRETS[1]);
    for (number, fault) in faults.into_iter().enumerate() {
        let typed = typed(number);
        for (connector, answers) in [("hubspot", &[][..]), ("shippo", &[("data.token", typed.as_str())])] {
            app.sandbox.switch_all_off();
            browser.get(&format!("/connectors/{connector}")).await;
            app.sandbox.switch_on(fault.on(Route::CreateCredential));
            let begun = seen.page(&fault.to_string(), browser.link(connector, answers).await);
            if let Some(ours) = begun.leads_to().filter(|next| next.starts_with('/')) {
                seen.page(&fault.to_string(), browser.get(ours).await);
            }
        }
    }
    app.sandbox.switch_all_off();
    app.sandbox.switch_on(Fault::KeyRefused);
    seen.page("our key is refused", browser.get("/connectors").await);
    let request = app.request("GET", "/api/v1/users/jane/connections").bearer_auth(HOST_KEY);
    seen.answer("no connections", request.send().await.unwrap()).await;
    app.sandbox.switch_all_off();
    app.sandbox.switch_on(Fault::Slow.with(20).on(Route::CreateCredential));
    let late = seen.page("no answer in time", browser.link("shippo", &[("data.token", &typed(faults.len()))]).await);
    if let Some(next) = late.leads_to() {
        seen.page("no answer in time, shown", browser.get(next).await);
    }
    app.sandbox.switch_all_off();
}

/// The session's time is over, and the store fails.
async fn ends(app: &TestApp, browser: &mut Browser, store_url: &str, seen: &mut Seen) {
    app.clock.pass(time::Duration::hours(5));
    assert_eq!(seen.page("a session that is over", browser.get("/connectors").await).status, 401);
    let mut fresh = app.arrived().await;
    seen.cookie(&fresh);
    let mut somebody = SqliteConnection::connect(store_url).await.unwrap();
    somebody.execute("alter table connect_session rename to gone").await.unwrap();
    assert_eq!(seen.page("a broken store", fresh.get("/connectors").await).status, 500);
    let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY);
    seen.answer("a broken store", request.json(&json!({ "user": { "id": "jane" } })).send().await.unwrap()).await;
    somebody.execute("alter table gone rename to connect_session").await.unwrap();
    let token = fresh.get("/connectors/slack?another=1").await.form("/connectors/slack/link").remove(0).1;
    assert_eq!(seen.page("out", fresh.post("/session/end", &[("form_token", &token)]).await).status, 303);
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
    let (paper, mut seen, mut settings) = (Paper::listen(), Seen::new(), None);
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
    is_clean(&paper, &seen);
    assert!(
        paper.text().contains("event not delivered, retrying later") && paper.text().contains("\"event delivered\"")
    );
    assert!(!paper.text().contains(RECEIVER_TOKEN), "the receiver's address is in no log");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_upstream_repeats_stays_out_of_the_log() {
    let (paper, mut seen) = (Paper::listen(), Seen::new());
    let (upstream, parrot) = parrot::Parrot::start().await;
    let app = TestApp::spawn_with(|wanted| {
        wanted.alloy.base_url = upstream.uri().parse().unwrap();
        wanted.limits.per_session.requests = 100_000;
        wanted.limits.attempts_per_user.requests = 100_000;
    })
    .await;
    let mut browser = app.arrived().await;
    seen.cookie(&browser);
    for status in 0..parrot::STATUSES.len() {
        for way in 0..parrot::WAYS {
            parrot.says(status, way);
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
    is_clean(&paper, &seen);
}
