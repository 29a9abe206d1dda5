//! Forms that the vendor's metadata describe: nothing in them may cost more than a form does.

use gangway::alloy::Timeouts;
use serde_json::{Value, json};

use crate::{
    app::TestApp,
    browser::Browser,
    tcp_relay::{Relay, json as answers},
};

/// An app with that form, and a browser in front of it.
pub(crate) async fn with_form(properties: &Value) -> (TestApp, Relay, Browser) {
    with_data(&json!({ "type": "object", "properties": properties })).await
}

/// The same with that schema of all fields.
pub(crate) async fn with_data(data: &Value) -> (TestApp, Relay, Browser) {
    let (app, relay) = Relay::between(Timeouts::default()).await;
    let metadata = json!({ "metadata": [{ "authenticationType": "oauth2", "inputSchema": {
        "type": "object", "required": ["userId", "redirectUri"],
        "properties": { "userId": { "type": "string" }, "redirectUri": { "type": "string" },
            "data": data },
    } }] });
    relay.to("GET /connectors/slack/credentials/metadata", answers("200 OK", &metadata.to_string()));
    let browser = app.arrived().await;
    (app, relay, browser)
}

#[tokio::test]
async fn a_pattern_beyond_the_bounds_is_ignored() {
    for pattern in
        ["((((a?){30}){30}){30})x", &format!("^{}$", "(a|b)?".repeat(1000)), &format!("^{}x", "a".repeat(2000))]
    {
        let (_app, _relay, mut browser) = with_form(&json!({ "shop": { "type": "string", "pattern": pattern } })).await;
        let pressed = browser.link("slack", &[("data.shop", &"a".repeat(4096))]).await;
        assert_eq!(pressed.status, 303, "{pattern}: {}", pressed.text());
    }
}

#[tokio::test]
async fn a_pattern_within_the_bounds_is_followed() {
    let pattern = r"^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]\.example\.com$";
    let (_app, _relay, mut browser) = with_form(&json!({ "shop": { "type": "string", "pattern": pattern } })).await;
    assert_eq!(browser.link("slack", &[("data.shop", "acme.example.org")]).await.status, 422);
    assert_eq!(browser.link("slack", &[("data.shop", &"a".repeat(4096))]).await.status, 422);
    assert_eq!(browser.link("slack", &[("data.shop", "acme.example.com")]).await.status, 303);
}

#[tokio::test]
async fn a_choice_without_end_is_not_asked_for() {
    let many: Vec<String> = (0..20_000).map(|place| format!("v{place}")).collect();
    let (_app, _relay, mut browser) = with_form(&json!({ "shop": { "type": "string", "enum": many } })).await;
    let page = browser.get("/connectors/slack").await;
    assert_eq!(page.status, 200);
    assert!(page.body.len() < 64 * 1024, "{} bytes", page.body.len());
}

#[tokio::test]
async fn a_required_field_that_refers_to_itself_many_times_is_bounded() {
    let itself = json!({ "$ref": "#/properties/data/definitions/a" });
    let many = vec![itself.clone(); 1000];
    let (_app, _relay, mut browser) = with_data(&json!({
        "type": "object", "required": ["shop"], "properties": { "shop": itself },
        "definitions": { "a": { "allOf": many } },
    }))
    .await;
    let page = browser.get("/connectors/slack").await;
    assert_eq!((page.status, page.heading().as_str()), (503, "This app is not set up yet"), "{}", page.text());
}

#[tokio::test]
async fn more_dependents_than_a_form_has_fields_are_not_offered() {
    let names: Vec<String> = (0..20_000).map(|place| format!("f{place}")).collect();
    let (_app, _relay, mut browser) = with_data(&json!({
        "type": "object", "properties": { "shop": { "type": "string" } }, "dependentRequired": { "shop": names },
    }))
    .await;
    let page = browser.get("/connectors/slack").await;
    assert!(page.body.len() < 64 * 1024, "{} bytes", page.body.len());
}
