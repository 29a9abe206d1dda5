//! Keys of several lines arrive with their line ends, or nothing is stored.

use gangway::sandbox::Route;
use serde_json::json;

use crate::{connect_form::last_data, hostile_schema::with_form};

/// A block of that many lines of 64 letters.
fn pem(kind: &str, lines: usize) -> String {
    format!(
        "-----BEGIN {kind}-----\n{}-----END {kind}-----\n",
        format!("{}\n", "MIIEvQIBADANBgkq".repeat(4)).repeat(lines)
    )
}

/// As a browser submits the text of a control with several lines.
fn submitted(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// As a browser submits what was pasted into a control with one line.
fn in_one_line(text: &str) -> String {
    text.replace('\n', "")
}

fn service_account() -> String {
    let key = pem("PRIVATE KEY", 26);
    serde_json::to_string_pretty(&json!({ "type": "service_account", "private_key": key })).unwrap()
}

#[tokio::test]
async fn a_key_file_keeps_its_lines() {
    let properties = json!({ "privateKey": { "type": "string" }, "name": { "type": "string" } });
    let (app, _relay, mut browser) = with_form(&properties).await;
    let page = browser.get("/connectors/slack").await;
    assert_eq!(page.attributes("textarea.dots", "name"), ["data.privateKey"]);
    assert_eq!(page.attributes("textarea.dots", "autocomplete"), ["off"]);
    for key in [
        pem("PRIVATE KEY", 26),
        pem("OPENSSH PRIVATE KEY", 49),
        pem("CERTIFICATE", 30).repeat(4),
        pem("EC PRIVATE KEY", 3).trim_end().to_owned(),
        service_account(),
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n".to_owned(),
    ] {
        for typed in
            [submitted(&key), key.clone(), key.replace('\n', "\r"), format!("\u{feff}\r\n  {}", submitted(&key))]
        {
            assert_eq!(browser.link("slack", &[("data.privateKey", &typed)]).await.status, 303, "{key}");
            assert_eq!(last_data(&app), json!({ "privateKey": key }));
        }
    }
    // A key of one line is as comfortable.
    assert_eq!(browser.link("slack", &[("data.privateKey", " sk_live_1\r\n")]).await.status, 303);
    assert_eq!(last_data(&app), json!({ "privateKey": "sk_live_1" }));
}

#[tokio::test]
async fn a_key_without_its_lines_is_asked_for_again_with_them() {
    let properties =
        json!({ "apiKey": { "type": "string" }, "password": { "type": "string" }, "code": { "type": "string" } });
    let (app, _relay, mut browser) = with_form(&properties).await;
    for field in ["data.apiKey", "data.password", "data.code"] {
        let page = browser.get("/connectors/slack").await;
        assert!(page.attributes("textarea", "name").is_empty(), "usual keys have one line");
        for key in [pem("PRIVATE KEY", 26), pem("OPENSSH PRIVATE KEY", 49)] {
            let before = app.sandbox.count(Route::CreateCredential);
            let again = browser.link("slack", &[(field, &in_one_line(&key))]).await;
            assert_eq!((again.status, again.attributes("textarea", "name")), (422, vec![field.to_owned()]));
            assert!(again.all(".summary a")[0].contains("has several lines, and they were lost"), "{}", again.text());
            assert_eq!(app.sandbox.count(Route::CreateCredential), before);
            let pasted = [(field, submitted(&key))];
            let pasted: Vec<(&str, &str)> = pasted.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(browser.submit(&again, "/connectors/slack/link", &pasted).await.status, 303);
            assert_eq!(last_data(&app)[field.trim_start_matches("data.")], key);
        }
    }
    // JSON means the same in one line.
    let file = service_account();
    assert_eq!(browser.link("slack", &[("data.apiKey", &in_one_line(&file))]).await.status, 303);
    let sent: serde_json::Value = serde_json::from_str(last_data(&app)["apiKey"].as_str().unwrap()).unwrap();
    assert_eq!(sent, serde_json::from_str::<serde_json::Value>(&file).unwrap());
    // Line ends in any other key are an accident of copying.
    assert_eq!(browser.link("slack", &[("data.apiKey", "sk_live\n_1")]).await.status, 422);
}

#[tokio::test]
async fn lines_of_a_key_are_never_shown_again() {
    let properties = json!({ "privateKey": { "type": "string" }, "port": { "type": "integer" } });
    let (app, _relay, mut browser) = with_form(&properties).await;
    let key = pem("PRIVATE KEY", 26);
    let again = browser.link("slack", &[("data.privateKey", &submitted(&key)), ("data.port", "x")]).await;
    assert_eq!((again.status, again.all("textarea")), (422, vec![String::new()]));
    assert!(!again.body.contains("MIIEvQ"), "{}", again.body);
    let long = pem("CERTIFICATE", 300);
    assert_eq!(
        browser.link("slack", &[("data.privateKey", &long)]).await.status,
        422,
        "too long, and said at the field"
    );
    assert_eq!(app.sandbox.count(Route::CreateCredential), 0);
}

#[tokio::test]
async fn the_form_of_an_app_has_its_limit() {
    let (app, _relay, mut browser) = with_form(&json!({ "privateKey": { "type": "string" } })).await;
    assert_eq!(browser.link("slack", &[("data.privateKey", &"x".repeat(30 * 1024))]).await.status, 422);
    assert_eq!(browser.link("slack", &[("data.privateKey", &"x".repeat(32 * 1024))]).await.status, 413);
    // The start page of a link for one app has the same form.
    let (mut invited, start) = app.opened(&app.session_with(json!({ "connectors": ["slack"] })).await).await;
    assert_eq!(invited.submit(&start, "/start", &[("data.privateKey", &"x".repeat(30 * 1024))]).await.status, 307);
    assert_eq!(app.sandbox.count(Route::CreateCredential), 0);
}
