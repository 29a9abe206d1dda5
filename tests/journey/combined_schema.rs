//! Forms whose description combines others: two ways, the plain type, or not offered, but never a form without its fields.

use serde_json::{Value, json};

use crate::{browser::Page, connect_form::last_data, hostile_schema::with_data};

fn asked(page: &Page) -> Vec<String> {
    page.attributes("main form [name^='data.']", "name")
}

fn key() -> Value {
    json!({ "title": "With a key", "properties": { "apiKey": { "type": "string" } }, "required": ["apiKey"] })
}

fn password() -> Value {
    let fields = json!({ "user": { "type": "string" }, "password": { "type": "string" } });
    json!({ "title": "With a password", "properties": fields, "required": ["user", "password"] })
}

#[tokio::test]
async fn alternatives_are_two_ways() {
    for combined in ["oneOf", "anyOf"] {
        let (app, _relay, mut browser) = with_data(&json!({ combined: [key(), password()] })).await;
        let first = browser.get("/connectors/slack").await;
        assert_eq!(asked(&first), ["data.apiKey"]);
        assert_eq!(first.all("nav.tabs a"), ["With a key", "With a password"]);
        let second = browser.get(&first.attributes("nav.tabs a", "href")[1]).await;
        assert_eq!(asked(&second), ["data.user", "data.password"]);
        let empty = browser.submit(&second, "/connectors/slack/link", &[]).await;
        assert_eq!((empty.status, asked(&empty)), (422, vec!["data.user".to_owned(), "data.password".to_owned()]));
        let typed = [("data.user", "jane"), ("data.password", "pw")];
        assert_eq!(browser.submit(&empty, "/connectors/slack/link", &typed).await.status, 303);
        assert_eq!(last_data(&app), json!({ "user": "jane", "password": "pw" }));
    }
}

#[tokio::test]
async fn parts_and_references_are_one_form() {
    let data = json!({
        "allOf": [{ "$ref": "#/properties/data/definitions/key" }, password()], "definitions": { "key": key() },
    });
    let (app, _relay, mut browser) = with_data(&data).await;
    let page = browser.get("/connectors/slack").await;
    assert_eq!(asked(&page), ["data.apiKey", "data.user", "data.password"]);
    let typed = [("data.apiKey", "k"), ("data.user", "jane"), ("data.password", "pw")];
    assert_eq!(browser.submit(&page, "/connectors/slack/link", &typed).await.status, 303);
    assert_eq!(last_data(&app), json!({ "apiKey": "k", "user": "jane", "password": "pw" }));
}

#[tokio::test]
async fn a_field_that_may_be_null_is_asked_for() {
    let text = json!({ "type": "string" });
    let fields = json!({
        "shop": { "anyOf": [text, { "type": "null" }] }, "branch": { "type": ["string", "null"] },
        "region": { "oneOf": [{ "type": "null" }, { "enum": ["eu", "us"] }] },
    });
    let (app, _relay, mut browser) = with_data(&json!({ "properties": fields })).await;
    let page = browser.get("/connectors/slack").await;
    assert_eq!(asked(&page), ["data.shop", "data.branch", "data.region"]);
    let typed = [("data.shop", "acme"), ("data.branch", ""), ("data.region", "eu")];
    assert_eq!(browser.submit(&page, "/connectors/slack/link", &typed).await.status, 303);
    assert_eq!(last_data(&app), json!({ "shop": "acme", "region": "eu" }));
}

#[tokio::test]
async fn data_that_cannot_be_asked_for_is_not_offered() {
    for data in [
        json!({ "$ref": "#/nowhere" }),
        json!({ "minProperties": 1 }),
        json!({ "oneOf": [{ "type": "array" }], "not": {} }),
        json!({ "properties": key()["properties"], "if": { "required": ["apiKey"] }, "then": { "required": ["user"] } }),
        json!({ "properties": key()["properties"], "dependentSchemas": { "apiKey": { "required": ["user"] } } }),
    ] {
        let (_app, _relay, mut browser) = with_data(&data).await;
        let page = browser.get("/connectors/slack").await;
        assert_eq!(page.heading(), "This app is not set up yet", "{data}: {}", page.text());
        assert!(page.attributes("form[action='/connectors/slack/link']", "action").is_empty());
    }
}

#[tokio::test]
async fn required_field_that_may_be_null_may_stay_empty() {
    let fields = json!({
        "shop": { "type": "string" }, "branch": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
        "note": { "type": ["string", "null"] }, "region": { "enum": ["eu", "us", null] },
        "limit": { "type": ["integer", "null"] }, "extra": { "type": ["object", "null"] },
    });
    let required = ["shop", "branch", "note", "region", "limit", "extra"];
    let (app, _relay, mut browser) = with_data(&json!({ "properties": fields, "required": required })).await;
    let page = browser.get("/connectors/slack").await;
    assert_eq!(asked(&page), ["data.shop", "data.branch", "data.note", "data.region", "data.limit"]);
    assert_eq!(page.attributes("main form [required]", "name"), ["data.shop"]);
    let typed = [("data.shop", "acme"), ("data.note", " "), ("data.region", "us")];
    assert_eq!(browser.submit(&page, "/connectors/slack/link", &typed).await.status, 303);
    let sent = json!({ "shop": "acme", "branch": null, "note": null, "region": "us", "limit": null, "extra": {} });
    assert_eq!(last_data(&app), sent);
}

#[tokio::test]
async fn field_that_needs_another_asks_for_it() {
    let fields = json!({ "user": { "type": "string" }, "password": { "type": "string" } });
    let data = json!({ "properties": fields, "dependentRequired": { "user": ["password"] } });
    let (app, _relay, mut browser) = with_data(&data).await;
    let page = browser.get("/connectors/slack").await;
    let alone = browser.submit(&page, "/connectors/slack/link", &[("data.user", "jane")]).await;
    assert_eq!((alone.status, alone.attributes("[aria-invalid]", "name")), (422, vec!["data.password".to_owned()]));
    let both = [("data.user", "jane"), ("data.password", "pw")];
    assert_eq!(browser.submit(&alone, "/connectors/slack/link", &both).await.status, 303);
    assert_eq!(last_data(&app), json!({ "user": "jane", "password": "pw" }));
}
