//! Requests that change something: every combination of Fetch Metadata, `Origin` and form token.

use reqwest::Method;
use serde_json::json;

use crate::{
    app::{HOST_ORIGIN, TestApp},
    browser::Browser,
};

const SITES: [Option<&str>; 6] =
    [Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none"), Some("whatever"), None];

/// The origins to try, as the request names them; the first is ours.
fn origins(app: &TestApp) -> [Option<String>; 8] {
    let ours = app.url.clone();
    let longer = format!("{ours}.evil.test");
    let other_case = ours.to_uppercase();
    let named = [ours, HOST_ORIGIN.to_owned(), "https://evil.test".to_owned(), "null".to_owned(), String::new()];
    let [ours, host, evil, null, empty] = named.map(Some);
    [ours, None, host, evil, null, empty, Some(longer), Some(other_case)]
}

fn headers<'a>(site: Option<&'a str>, origin: Option<&'a str>) -> Vec<(&'static str, &'a str)> {
    site.map(|site| ("sec-fetch-site", site)).into_iter().chain(origin.map(|origin| ("origin", origin))).collect()
}

/// Whether our own page sent this: a browser that says where it comes from, or an old one that names our origin.
fn from_us(site: Option<&str>, origin: Option<&str>, ours: &str) -> bool {
    match site {
        Some("same-origin") => origin.is_none_or(|origin| origin == ours),
        None => origin == Some(ours),
        Some(_) => false,
    }
}

async fn token(browser: &mut Browser) -> String {
    let form = browser.get("/connectors/slack").await.form("/connectors/slack/link");
    form.into_iter().find(|(name, _)| name == "form_token").unwrap().1
}

#[tokio::test]
async fn only_own_pages_with_their_token_change_anything() {
    let app = TestApp::spawn_with(|settings| {
        settings.limits.per_session.requests = 100_000;
        settings.limits.per_address.requests = 100_000;
    })
    .await;
    let mut jane = app.arrived().await;
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam" } })).await;
    let (right, later) = (token(&mut jane).await, token(&mut jane).await);
    assert_ne!(right, later, "it is masked afresh on each page");
    let code = app.session_with(json!({})).await["start_code"].as_str().unwrap().to_owned();
    let mut shorter = right.clone();
    shorter.pop();
    let tokens = [
        (Some(right.clone()), true),
        (Some(later), true),
        (Some(token(&mut sam).await), false),
        (Some(code), false),
        (Some(shorter), false),
        (Some(String::new()), false),
        (None, false),
    ];
    let (mut accepted, mut refused) = (0, 0);
    for site in SITES {
        for origin in origins(&app) {
            for (token, own) in &tokens {
                let headers = headers(site, origin.as_deref());
                let fields: Vec<(&str, &str)> = token.iter().map(|token| ("form_token", token.as_str())).collect();
                let page = jane.send(Method::POST, "/connectors/slack/link", &headers, Some(&fields)).await;
                let good = from_us(site, origin.as_deref(), &app.url) && *own;
                assert_eq!(page.status, if good { 303 } else { 403 }, "{site:?} {origin:?} {token:?}");
                if good { accepted += 1 } else { refused += 1 }
            }
        }
    }
    assert_eq!((accepted, refused), (6, 330));
    // Nothing that was refused ended the session either.
    for (site, origin) in [(None, None), (Some("none"), Some(&app.url)), (Some("cross-site"), Some(&app.url))] {
        let headers = headers(site, origin.map(String::as_str));
        let page = jane.send(Method::POST, "/session/end", &headers, Some(&[("form_token", &right)])).await;
        assert_eq!((page.status, page.heading().as_str()), (403, "We did not accept this"));
    }
    assert_eq!(jane.get("/connectors").await.status, 200);
}

#[tokio::test]
async fn start_code_is_redeemed_from_own_and_host_pages_only() {
    let app = TestApp::spawn_with(|settings| settings.limits.per_address.requests = 100_000).await;
    let (mut opened, mut shown, mut told) = (0, 0, 0);
    for site in SITES {
        for origin in origins(&app) {
            let session = app.session_with(json!({})).await;
            let code = session["start_code"].as_str().unwrap();
            let (mut browser, page) = app.opened(&session).await;
            let token = page.attributes("input[name=form_token]", "value").remove(0);
            let host =
                origin.as_deref() == Some(HOST_ORIGIN) && matches!(site, Some("cross-site" | "same-site") | None);
            let headers = headers(site, origin.as_deref());
            for fields in [vec![("code", code)], vec![("code", code), ("form_token", token.as_str())]] {
                let good = host || fields.len() == 2 && from_us(site, origin.as_deref(), &app.url);
                let page = browser.send(Method::POST, "/start", &headers, Some(&fields)).await;
                let what = format!("{site:?} {origin:?} {}", fields.len());
                if good {
                    assert_eq!(page.status, 303, "{what}");
                    opened += 1;
                    break;
                }
                assert_eq!(page.set_cookies().len(), 0, "{what}");
                // Our own page says so where the browser has it from another address; it is not told from a page of
                // another site without Fetch Metadata.
                let elsewhere = matches!(origin.as_deref(), Some(HOST_ORIGIN | "https://evil.test"));
                if fields.len() == 2 && elsewhere && matches!(site, Some("same-origin") | None) {
                    let seen = (page.status, page.heading());
                    assert_eq!(seen, (403, "This page was opened at another address".to_owned()), "{what}");
                    told += 1;
                    continue;
                }
                assert_eq!((page.status, page.heading().as_str()), (200, "Connect your apps to Acme Notes"), "{what}");
                shown += 1;
            }
        }
    }
    assert_eq!((opened, shown, told), (6, 84, 3));
}
