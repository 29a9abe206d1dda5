//! What people type reaches Alloy as they mean it, or is explained at its field.

use gangway::sandbox::Route;
use serde_json::json;

use crate::{
    connect_form::last_data,
    hostile_schema::{with_data, with_form},
};

#[tokio::test]
async fn numbers_are_read_as_they_are_typed() {
    let properties = json!({ "account": { "type": "integer" }, "rate": { "type": "number", "default": 1.125 } });
    let (app, _relay, mut browser) = with_form(&properties).await;
    for (language, field, typed, sent) in [
        ("ja", "account", "１２３", json!(123)),
        ("ar", "account", "١٢٣", json!(123)),
        ("en", "account", "12345678901234567890", json!(12_345_678_901_234_567_890_u64)),
        ("de", "account", "1.500", json!(1500)),
        ("de", "rate", "1,5", json!(1.5)),
        ("es", "rate", "1.234,5", json!(1234.5)),
        ("en", "rate", "1,234.5", json!(1234.5)),
        // The default as the page shows it.
        ("de", "rate", "1.125", json!(1.125)),
    ] {
        browser.get(&format!("/connectors/slack?language={language}")).await;
        assert_eq!(browser.link("slack", &[(&format!("data.{field}"), typed)]).await.status, 303, "{typed}");
        assert_eq!(last_data(&app)[field], sent, "{language}: {typed}");
    }
    let before = app.sandbox.count(Route::CreateCredential);
    for (field, typed) in [
        ("rate", "12345678901234567890.5"),
        ("rate", "1.501"),
        ("account", "123456789012345678901"),
        ("account", "1,5"),
    ] {
        browser.get("/connectors/slack?language=de").await;
        let again = browser.link("slack", &[(&format!("data.{field}"), typed)]).await;
        assert_eq!(again.status, 422, "{typed}");
        assert_eq!(again.attributes(&format!("[name='data.{field}']"), "value"), [typed]);
    }
    assert_eq!(app.sandbox.count(Route::CreateCredential), before);
}

#[tokio::test]
async fn a_password_is_sent_as_typed_and_a_key_without_blanks() {
    let properties = json!({ "password": { "type": "string" }, "apiKey": { "type": "string" } });
    let (app, _relay, mut browser) = with_form(&properties).await;
    let typed = [("data.password", " pw 1 "), ("data.apiKey", " sk_1\n")];
    assert_eq!(browser.link("slack", &typed).await.status, 303);
    assert_eq!(last_data(&app), json!({ "password": " pw 1 ", "apiKey": "sk_1" }));
}

#[tokio::test]
async fn an_empty_password_is_asked_for_once() {
    let properties = json!({ "username": { "type": "string" }, "password": { "type": "string" } });
    let data = json!({ "properties": properties, "required": ["username", "password"] });
    let (app, _relay, mut browser) = with_data(&data).await;
    for (typed, empty) in [
        ([("data.username", "key-1"), ("data.password", "")], "data.password"),
        ([("data.username", ""), ("data.password", "key-1")], "data.username"),
    ] {
        let asked = browser.link("slack", &typed).await;
        assert_eq!((asked.status, asked.attributes("[aria-invalid=true]", "name")), (422, vec![empty.to_owned()]));
        assert!(asked.all(".summary a")[0].contains("If it is meant to be empty"), "{}", asked.text());
        assert_eq!(browser.submit(&asked, "/connectors/slack/link", &typed).await.status, 303);
        assert_eq!(last_data(&app), json!({ "username": typed[0].1, "password": typed[1].1 }));
    }
    let nothing = browser.link("slack", &[]).await;
    let again = browser.submit(&nothing, "/connectors/slack/link", &[]).await;
    assert_eq!((nothing.status, again.status), (422, 422), "an empty form is a slip");
}

#[tokio::test]
async fn a_form_that_is_left_as_it_came_is_accepted() {
    let properties = json!({
        "mode": { "type": "string", "enum": ["", "live"], "default": "" },
        "port": { "type": "integer", "default": "auto" },
        "id": { "type": "string", "readOnly": true },
        "size": { "type": "integer", "default": 1.0 },
    });
    let data = json!({ "properties": properties, "required": ["mode", "id"] });
    let (app, _relay, mut browser) = with_data(&data).await;
    let page = browser.get("/connectors/slack").await;
    assert!(page.attributes("[name='data.id']", "name").is_empty());
    let untouched: Vec<(String, String)> = page.form("/connectors/slack/link");
    let untouched: Vec<(&str, &str)> = untouched.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post("/connectors/slack/link", &untouched).await.status, 303);
    assert_eq!(last_data(&app), json!({ "mode": "", "size": 1 }));
}
