//! A link opened at another address than `server.public_url`: it leads there, or the press says what is wrong.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::{Browser, Page},
    process::Place,
    wire::ask,
};

const WRONG_ADDRESS: &str = "This page was opened at another address";

fn port(app: &TestApp) -> &str {
    app.url.rsplit_once(':').unwrap().1
}

/// Where a GET of that path leads under that host: status and `Location`.
async fn opened_at(app: &TestApp, host: &str, path: &str) -> (u16, Option<String>) {
    let answer = ask(app, format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")).await;
    let location = answer.head.lines().find_map(|line| line.strip_prefix("location: "));
    (answer.status, location.map(str::to_owned))
}

#[tokio::test]
async fn link_at_another_host_leads_to_the_public_url() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let url = session["url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(&app.url).unwrap();
    let port = port(&app);
    for host in ["127.0.0.1", "[::1]", "localhost.", "www.localhost", "acme.localhost"] {
        let (status, location) = opened_at(&app, &format!("{host}:{port}"), path).await;
        assert_eq!((status, location), (303, Some(format!("{url}&address=public"))), "{host}");
    }
    // Another port, and nothing of a forged host in the address.
    for host in ["localhost", "localhost:1", "evil.test", "localhost@evil.test", "evil.test/x?y", ""] {
        let (status, location) = opened_at(&app, host, path).await;
        assert_eq!((status, location), (303, Some(format!("{url}&address=public"))), "{host}");
    }
    // The same address, as browsers and other programs write it.
    for host in ["localhost", "LOCALHOST", "LocalHost"] {
        let (status, location) = opened_at(&app, &format!("{host}:{port}"), path).await;
        assert_eq!((status, location), (200, None), "{host}");
    }
    // Language and way out of an in-app browser come along.
    let (_, location) = opened_at(&app, "127.0.0.1", &format!("{path}&language=de&browser=1")).await;
    assert_eq!(location, Some(format!("{url}&language=de&browser=1&address=public")));
    // What is no code leads nowhere.
    assert_eq!(opened_at(&app, "127.0.0.1", "/start?code=%0d%0a").await, (410, None));
    let (mut browser, page) = app.opened(&session).await;
    assert_eq!(browser.submit(&page, "/start", &[]).await.status, 303, "the code was not used up");
}

#[tokio::test]
async fn proxy_that_does_not_pass_on_the_host_causes_one_redirect() {
    let app = TestApp::spawn_over_https_with(|settings| {
        settings.server.public_url = "https://connect.acme.test".parse().unwrap();
    })
    .await;
    let session = app.session_with(json!({})).await;
    // The test's requests name the address at which Gangway listens, like such a proxy's.
    let (mut browser, redirect) = app.opened(&session).await;
    let page = browser.navigate(redirect.location(), "none").await;
    assert_eq!((page.status, page.heading().as_str()), (200, "Connect your apps to Acme Notes"));
    let pressed = browser.submit(&page, "/start", &[("connector", "slack")]).await;
    assert_eq!((pressed.status, pressed.location()), (303, "/connectors/slack?arrived=1"));
}

async fn press(browser: &mut Browser, path: &str, headers: &[(&str, &str)], fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.send(Method::POST, path, headers, Some(&fields)).await
}

#[tokio::test]
async fn press_at_another_address_says_what_is_wrong() {
    let app = TestApp::spawn().await;
    let session = app.session_with(json!({})).await;
    let (mut browser, page) = app.opened(&session).await;
    let (form, port) = (page.form("/start"), port(&app));
    let https = format!("https://localhost:{port}");
    let hosts = ["127.0.0.1", "[::1]", "localhost.", "www.localhost"].map(|host| format!("http://{host}:{port}"));
    for origin in hosts.iter().chain([&https, &"http://localhost:1".to_owned()]) {
        // Browsers send Fetch Metadata to loopback and over https only.
        for metadata in [&[("sec-fetch-site", "same-origin")][..], &[]] {
            let headers = [&[("origin", origin.as_str())], metadata].concat();
            let page = press(&mut browser, "/start", &headers, &form).await;
            assert_eq!((page.status, page.heading().as_str()), (403, WRONG_ADDRESS), "{headers:?}");
            assert!(page.text().contains(&app.url) && !page.text().contains(origin), "{}", page.text());
            assert_eq!(page.attributes("a.primary", "href"), [session["url"].as_str().unwrap()]);
            assert!(page.set_cookies().is_empty() && !page.reference().is_empty(), "{headers:?}");
        }
    }
    let headers = [("origin", https.as_str()), ("sec-fetch-site", "same-origin"), ("accept-language", "de")];
    let german = press(&mut browser, "/start", &headers, &form).await;
    assert_eq!(german.heading(), "Diese Seite wurde unter einer anderen Adresse geöffnet");
    // A page of another site is not told so, even with a token of ours.
    let headers = [("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")];
    assert_eq!(press(&mut browser, "/start", &headers, &form).await.status, 200);
    assert_eq!(browser.submit(&page, "/start", &[]).await.status, 303, "the code was not used up");
}

#[tokio::test]
async fn every_other_form_says_what_is_wrong() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    let form = jane.get("/connectors/slack").await.form("/connectors/slack/link");
    let elsewhere = format!("http://127.0.0.1:{}", port(&app));
    let paths = ["/connectors/slack/link", "/session/end", "/session/extend", "/session/browser"];
    for path in paths.into_iter().chain(["/connections/67a37f29e0aa276e50d7253a/disconnect"]) {
        for site in [&[("sec-fetch-site", "same-origin")][..], &[]] {
            let headers = [&[("origin", elsewhere.as_str())], site].concat();
            let page = press(&mut jane, path, &headers, &form).await;
            assert_eq!((page.status, page.heading().as_str()), (403, WRONG_ADDRESS), "{path}");
            assert!(page.text().contains(&app.url), "{}", page.text());
            assert_eq!(page.attributes("a.primary", "href"), [format!("{}/connectors", app.url)]);
        }
        for site in ["cross-site", "same-site", "none"] {
            let headers = [("origin", elsewhere.as_str()), ("sec-fetch-site", site)];
            let page = press(&mut jane, path, &headers, &form).await;
            assert_eq!((page.status, page.heading().as_str()), (403, "We did not accept this"), "{path} {site}");
        }
    }
    assert_eq!(jane.get("/connectors").await.status, 200);
}

#[tokio::test]
async fn log_names_both_origins_once() {
    let process = Place::new("").serve().await;
    let (_, session) = process.api("POST", "/connect-sessions", json!({ "user": { "id": "jane" } })).await;
    let (url, port) = (session["url"].as_str().unwrap(), process.place.port());
    let elsewhere = format!("http://127.0.0.1:{port}");
    let mut browser = Browser::new(&process.url);
    for _ in 0..3 {
        browser.get(&url.replace(&process.url, &elsewhere)).await;
    }
    let page = browser.get(url).await;
    let headers = [("origin", elsewhere.as_str()), ("sec-fetch-site", "same-origin")];
    for _ in 0..2 {
        press(&mut browser, "/start", &headers, &page.form("/start")).await;
    }
    let code = session["start_code"].as_str().unwrap();
    browser.post_from(HOST_ORIGIN, "/start", &[("code", code)]).await;
    for _ in 0..2 {
        press(&mut browser, "/session/end", &headers, &[]).await;
    }

    let log = process.place.log();
    let events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let warnings: Vec<Value> = events.filter(|event| event["level"] == "WARN").collect();
    let messages = ["a start link was opened", "a start page was opened", "a form that was not sent by a page"];
    for message in messages {
        let found = warnings.iter().filter(|event| event["message"].as_str().unwrap().starts_with(message));
        let [event] = found.collect::<Vec<_>>()[..] else { panic!("{message}: {log}") };
        let line = event.to_string();
        assert!(line.contains(&elsewhere) && line.contains(&process.place.public_url), "{line}");
        assert!(!line.contains(code), "{line}");
    }
}
