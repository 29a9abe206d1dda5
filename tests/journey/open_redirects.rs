//! Addresses that somebody else chose: only one that is registered, character by character, is where a browser goes.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use crate::{
    app::{HOST_KEY, RETURN_URL, TestApp},
    browser::Page,
    wire::ask,
};

/// What an address can begin with.
const SCHEMES: &[&str] =
    &["", "http:", "https:", "HTTP:", "hTTp:", "javascript:", "data:", "file:", "blob:", "ftp:", "wss:", "x:"];
/// What browsers, servers and people take for two slashes, or nearly.
const SLASHES: &[&str] = &[
    "",
    "/",
    "//",
    "///",
    "////",
    "\\",
    "\\\\",
    "/\\",
    "\\/",
    "//\\",
    "/\t/",
    "/\n/",
    "/\r\n/",
    "\t//",
    "\u{0}//",
    "%2f%2f",
    "%5c%5c",
    "/%2f",
    "/%09/",
    "./",
    "/.//",
    "/..//",
    "/;//",
    "\u{ff0f}\u{ff0f}",
    "\u{2044}\u{2044}",
    "\u{2215}/",
];
/// Where they would lead: away, or nearly home.
const PLACES: &[&str] = &[
    "evil.test",
    "evil.test/connections",
    "localhost:8080@evil.test/connections",
    "localhost:8080%40evil.test/connections",
    "localhost:8080\\@evil.test/connections",
    "evil.test#localhost:8080/connections",
    "evil.test?http://localhost:8080/connections",
    "evil.test\\.localhost:8080/connections",
    "localhost:8080.evil.test/connections",
    "localhost.evil.test:8080/connections",
    "evil-localhost:8080/connections",
    "localhost:80800/connections",
    "localhost:8081/connections",
    "user:pass@localhost:8080/connections",
    "localhost%00.evil.test:8080/connections",
    "l\u{043e}calhost:8080/connections",
    "localhost\u{3002}:8080/connections",
    "\u{ff4c}ocalhost:8080/connections",
    "[::ffff:127.0.0.1]:8080/connections",
    "2130706433:8080/connections",
    "localhost:8080/connections/../../evil",
    "localhost:8080/connections%2f..%2fevil",
    "localhost:8080/connections;evil",
    "localhost:8080/connections?next=//evil.test",
    "localhost:8080/connections\r\nlocation: //evil.test",
];

/// Every scheme with every kind of slashes before every place, without the one address that is right.
fn corpus() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for scheme in SCHEMES {
        for slashes in SLASHES {
            for place in PLACES {
                all.insert(format!("{scheme}{slashes}{place}"));
            }
        }
    }
    // The address itself, wrapped.
    for (before, after) in [
        (" ", ""),
        ("", " "),
        ("\t", ""),
        ("", "\n"),
        ("<", ">"),
        ("\"", "\""),
        ("%20", ""),
        ("", "%00"),
        ("", "#"),
        ("", "?"),
        ("", "."),
        ("@", ""),
    ] {
        all.insert(format!("{before}{RETURN_URL}{after}"));
    }
    assert!(!all.contains(RETURN_URL) && all.len() > 7_000, "{}", all.len());
    all
}

#[tokio::test]
async fn the_host_cannot_be_talked_into_any_other_address() {
    let app = TestApp::spawn_with(|settings| settings.limits.per_key.requests = 1_000_000).await;
    // Every fifth, more than 1,500 of them, so that it does not take long.
    for url in corpus().iter().step_by(5) {
        let (status, problem) =
            app.api("POST", "/connect-sessions", Some(json!({ "user": { "id": "jane" }, "return_url": url }))).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("return_url")), "{url:?}: {problem}");
    }
    app.session_with(json!({ "return_url": RETURN_URL })).await;
}

/// Where a page of ours may send a browser: on our own origin, to the host, or to the provider.
fn is_known(location: &str, app: &TestApp) -> bool {
    let own = location.starts_with('/') && !location.starts_with("//") && !location.contains(['\\', '\t', '\r', '\n']);
    own || location == RETURN_URL || location.starts_with(&format!("{}/api/strategy/", app.sandbox.base_url()))
}

fn leads_home(page: &Page, app: &TestApp, what: &str) {
    if let Some(location) = page.headers.get("location") {
        let location = location.to_str().unwrap();
        assert!(is_known(location, app), "{what}: {location}");
    }
    for link in page.attributes("a[href], form[action], meta[content]", "href") {
        assert!(!link.contains("evil") || link.starts_with('/'), "{what}: {link}");
    }
}

#[tokio::test]
async fn no_address_that_a_browser_brings_along_is_gone_to() {
    let app = TestApp::spawn_with(|settings| {
        settings.limits.per_session.requests = 1_000_000;
        settings.limits.per_address.requests = 1_000_000;
    })
    .await;
    let mut browser = app.arrived().await;
    let names =
        ["return_url", "redirect_uri", "redirect", "next", "url", "continue", "to", "r", "after", "host", "arrived"];
    let paths = ["/", "/connectors", "/connectors/slack", "/start", "/callback/x", "/nowhere"];
    let corpus = corpus();
    for (number, evil) in corpus.iter().step_by(53).enumerate() {
        let (name, path) = (names[number % names.len()], paths[number % paths.len()]);
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair(name, evil)
            .append_pair("arrived", "1")
            .finish();
        let page = browser.get(&format!("{path}?{query}")).await;
        leads_home(&page, &app, &format!("{path}?{query}"));
    }
    // The same in forms that change something.
    for (number, evil) in corpus.iter().step_by(229).enumerate() {
        let name = names[number % names.len()];
        let page = browser.get("/connectors/slack?another=1").await;
        let pressed = browser.submit(&page, "/connectors/slack/link", &[(name, evil)]).await;
        leads_home(&pressed, &app, &format!("{name}={evil}"));
        let session = app.session_with(json!({})).await;
        let (mut other, page) = app.opened(&session).await;
        let arrived = other.submit(&page, "/start", &[(name, evil), ("connector", evil)]).await;
        leads_home(&arrived, &app, &format!("{name}={evil}"));
        let home = other.get("/connectors/slack?another=1").await.form("/connectors/slack/link");
        let token = home.into_iter().find(|(name, _)| name == "form_token").unwrap().1;
        let left = other.post("/session/end", &[("form_token", &token), (name, evil)]).await;
        assert_eq!((left.status, left.location()), (303, RETURN_URL), "{name}={evil}");
    }
}

#[tokio::test]
async fn no_path_becomes_an_address_elsewhere() {
    let app = TestApp::spawn().await;
    let browser = app.arrived().await;
    let cookie = browser.cookie().unwrap();
    for path in [
        "//evil.test",
        "//evil.test/",
        "///evil.test?arrived=1",
        "//evil.test/%2e%2e?arrived=1",
        "/\\evil.test?arrived=1",
        "/%5cevil.test?arrived=1",
        "/%2fevil.test?arrived=1",
        "/.//evil.test?arrived=1",
        "//evil.test/connectors?arrived=1",
        "/connectors/%0d%0alocation:%20http://evil.test?arrived=1",
        "/connectors?arrived=1&x=%0d%0alocation:http://evil.test",
        "/start/..//evil.test",
        "http://evil.test/connectors?arrived=1",
        "http://evil.test//evil.test?arrived=1",
    ] {
        for method in ["GET", "HEAD"] {
            let request = format!(
                "{method} {path} HTTP/1.1\r\nhost: evil.test\r\ncookie: gangway={cookie}\r\n\
                 authorization: Bearer {HOST_KEY}\r\nconnection: close\r\n\r\n"
            );
            let answer = ask(&app, request).await;
            let location = answer.head.lines().find_map(|line| line.strip_prefix("location: "));
            assert!(location.is_none_or(|to| is_known(to, &app) && !to.starts_with("/evil")), "{path}: {location:?}");
        }
    }
    let page = app.browser().send(Method::GET, "/connectors?arrived=1", &[], None).await;
    assert_eq!(page.heading(), "Your browser did not keep our cookie");
}
