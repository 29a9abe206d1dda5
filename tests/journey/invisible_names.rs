//! Names without a visible character count as absent.

use serde_json::json;

use crate::{
    app::TestApp,
    tcp_relay::{Relay, json as answers},
    token_signer::claims,
    untidy_names::with_tokens,
};

/// Characters of which no reader sees anything, where the API takes them as printable.
const UNSEEN: [&str; 14] = [
    "\u{3164}",
    "\u{ad}",
    "\u{115f}",
    "\u{1160}",
    "\u{ffa0}",
    "\u{61c}",
    "\u{180e}",
    "\u{17b4}\u{17b5}",
    "\u{2800}",
    "\u{fe0f}\u{e0100}",
    "\u{301}\u{20dd}",
    "\u{e0001}\u{e0041}\u{e007f}",
    "\u{e000}\u{10fffd}",
    "\u{3164} \u{2800} \u{ad}",
];

#[tokio::test]
async fn invisible_user_name_counts_as_absent() {
    let app = TestApp::spawn().await;
    for name in UNSEEN {
        let user = json!({ "id": "jane", "name": name, "email": "jane@acme.test" });
        let (_, page) = app.opened(&app.session_with(json!({ "user": user })).await).await;
        assert!(page.text().contains("for jane@acme.test"), "{name:?}: {}", page.text());
        let user = json!({ "id": "jane", "name": name, "email": name });
        let (_, page) = app.opened(&app.session_with(json!({ "user": user })).await).await;
        assert!(page.text().contains("your Acme Notes account"), "{name:?}: {}", page.text());
        let user = json!({ "id": "jane", "name": "Jane Doe", "email": name });
        let (_, page) = app.opened(&app.session_with(json!({ "user": user })).await).await;
        assert!(page.text().contains("Jane Doe") && !page.text().contains(name), "{name:?}: {}", page.text());
    }
}

#[tokio::test]
async fn invisible_name_in_a_token_counts_as_absent() {
    let (host, app) = with_tokens().await;
    for name in UNSEEN {
        let token = host.sign(&claims(&json!({ "name": name })));
        let mut browser = app.browser();
        let page = browser.post_from("https://elsewhere.test", "/start", &[("token", &token)]).await;
        assert!(page.status == 200 && page.text().contains("for jane@acme.test"), "{name:?}: {}", page.text());
    }
}

#[tokio::test]
async fn invisible_name_is_not_sent_to_alloy() {
    let app = TestApp::spawn().await;
    let user = json!({ "id": "jane", "name": "\u{3164}" });
    app.arrived_with(json!({ "user": user })).await.get("/connectors").await;
    let made = app.sandbox.calls().into_iter().rfind(|call| call.route == Some(gangway::sandbox::Route::CreateUser));
    assert_eq!(made.unwrap().json().get("fullName"), None);
}

#[tokio::test]
async fn invisible_vendor_name_is_replaced() {
    let (app, relay) = Relay::between(gangway::alloy::Timeouts::default()).await;
    let catalogue = json!({ "connectors": [
        { "id": "slack", "name": "\u{3164}\u{2800}" }, { "id": "notion", "name": "No\u{ad}ti\u{e0041}on\u{61c}" },
    ] });
    relay.to("GET /connectors ", answers("200 OK", &catalogue.to_string()));
    let listed = json!({ "data": [{ "credentialId": "67a37f29e0aa276e50d7253a", "name": "\u{115f}\u{3164}",
        "type": "slack-oauth2", "createdAt": "2025-02-08T15:59:37.123Z", "updatedAt": "2025-02-08T15:59:37.123Z" }] });
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    let user = app.sandbox.user("gangway-jane").unwrap().user_id;
    relay.to(&format!("GET /users/{user}/credentials"), answers("200 OK", &listed.to_string()));
    let choose = browser.get("/connectors").await;
    assert_eq!(choose.all("ul.rows b"), ["Slack", "Notion", "Slack"], "the connected app, then all");
    assert_eq!(choose.all("ul.rows small bdi"), ["Slack"], "the account");
    assert!(!choose.body.contains(['\u{3164}', '\u{115f}', '\u{2800}', '\u{ad}', '\u{61c}']), "{}", choose.body);
    let manage = browser.get("/connectors/slack").await;
    assert!(!manage.all("h2, h3, b, strong").iter().any(String::is_empty), "{}", manage.body);
    assert_eq!(app.connections("jane").await[0]["name"], "Slack");
}
