//! Nothing secret is in a log, on a page or in the database, whatever the log's level.

use std::{
    io,
    sync::{Arc, Mutex},
};

use gangway::{
    sandbox::{Fault, Route},
    settings::{LogFormat, Telemetry},
    telemetry,
};

use crate::{
    app::{API_KEY, HOST_KEY, HOST_ORIGIN, SESSION_KEY, TestApp},
    provider::redirect_uri,
};

const FORM_SECRET: &str = "shippo_live_canary";
const LOST_SECRET: &str = "shippo_lost_canary";

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl io::Write for Paper {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything is logged that may be.
fn listen() -> Paper {
    let paper = Paper::default();
    let writer = paper.clone();
    let settings = Telemetry { log: "trace".to_owned(), format: LogFormat::Json };
    let subscriber = telemetry::subscriber(&settings, move || writer.clone()).unwrap();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    paper
}

fn holds(text: &[u8], secret: &str) -> bool {
    text.windows(secret.len()).any(|window| window == secret.as_bytes())
}

#[tokio::test]
async fn secrets_stay_where_they_belong() {
    let paper = listen();
    let app = TestApp::spawn().await;
    let session = app.session_with(serde_json::json!({})).await;
    let code = session["start_code"].as_str().unwrap().to_owned();
    let (_, start) = app.opened(&session).await;
    assert!(holds(start.body.as_bytes(), &code), "the start page's own form carries its code");
    let mut browser = app.browser();
    let mut pages = vec![browser.post_from(HOST_ORIGIN, "/start", &[("code", &code)]).await];
    pages.push(browser.get("/connectors").await);
    let leaving = browser.link("slack", &[]).await;
    let authorization_url = leaving.location().to_owned();
    pages.push(browser.link("shippo", &[("data.token", FORM_SECRET)]).await);
    app.sandbox.switch_on(Fault::CutOff.on(Route::CreateCredential));
    pages.push(browser.link("shippo", &[("data.token", LOST_SECRET)]).await);
    app.sandbox.switch_all_off();
    pages.push(browser.link("jira", &[("data.apiToken", FORM_SECRET), ("data.email", "no")]).await);
    pages.push(browser.get("/connectors/jira?method=basic").await);
    let page = browser.get("/connectors/jira?method=basic").await;
    pages.push(browser.submit(&page, "/connectors/jira/link", &[("data.apiToken", FORM_SECRET)]).await);
    let back = app.sandbox.approve(&authorization_url).unwrap().unwrap();
    pages.push(browser.navigate(&back, "cross-site").await);
    pages.push(app.browser().navigate(&back, "cross-site").await);
    let ended = pages[pages.len() - 2].location().to_owned();
    pages.push(browser.get(&ended).await);
    app.sandbox.switch_on(Fault::KeyRefused);
    pages.push(browser.get("/connectors").await);
    app.request("GET", "/api/v1/users/jane/connections").bearer_auth("a-wrong-key-canary").send().await.unwrap();
    assert_eq!(app.api("GET", "/users/jane/connections", None).await.0, 503);

    let state = redirect_uri(&authorization_url).rsplit_once('/').unwrap().1.to_owned();
    let token = authorization_url.rsplit_once("token=").unwrap().1.to_owned();
    let cookie = browser.cookie().unwrap().clone();
    // Of the signed cookie it is the key at its end that opens the session.
    let key = cookie.rsplit_once("%3D").map_or(cookie.as_str(), |(_, key)| key).to_owned();
    let secrets =
        [API_KEY, HOST_KEY, SESSION_KEY, FORM_SECRET, LOST_SECRET, &code, &state, &token, &key, "wrong-key-canary"];
    let log = paper.0.lock().unwrap().clone();
    let database = app.database();
    assert!(
        holds(&log, "\"answered\"") && holds(&database, "gangway-") | holds(&database, "jane"),
        "there is something"
    );
    for secret in secrets {
        assert!(secret.len() > 10, "{secret}");
        assert!(!holds(&log, secret), "the log holds {secret}: {}", String::from_utf8_lossy(&log));
        assert!(!holds(&database, secret), "the database holds {secret}");
        for page in &pages {
            assert!(!holds(page.body.as_bytes(), secret), "a page holds {secret}: {}", page.body);
        }
    }
    for line in String::from_utf8(log).unwrap().lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(!event.to_string().contains("/callback/") || event.to_string().contains("/callback/{state}"), "{line}");
        assert!(!line.contains("code="), "{line}");
    }
}
