//! The apps for a page that the host draws itself.

use std::collections::BTreeSet;

use gangway::{config::ConnectorSettings, sandbox::Fault};
use serde_json::{Value, json};
use time::Duration;

use crate::app::TestApp;

async fn apps(app: &TestApp, query: &str) -> Value {
    let (status, answer) = app.api("GET", &format!("/connectors{query}"), None).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

fn names(answer: &Value) -> Vec<&str> {
    answer["connectors"].as_array().unwrap().iter().map(|app| app["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_list_is_that_of_the_pages() {
    let app = TestApp::spawn_with(|settings| {
        let words = ConnectorSettings {
            enabled: true,
            description: Some("Share notes to a channel".to_owned()),
            permissions: vec!["Acme Notes posts messages.".to_owned()],
            ..ConnectorSettings::default()
        };
        settings.connectors.each.insert("slack".to_owned(), words);
    })
    .await;
    let answer = apps(&app, "").await;
    assert_eq!(names(&answer), app.arrived().await.get("/connectors").await.all("ul.rows b"));
    let slack = answer["connectors"].as_array().unwrap().iter().find(|one| one["id"] == "slack").unwrap();
    let expected = json!({
        "id": "slack", "name": "Slack", "description": "Share notes to a channel", "category": slack["category"],
        "permissions": ["Acme Notes posts messages."], "icon_url": format!("{}/icons/slack", app.url), "enabled": true,
    });
    assert_eq!((slack, &answer["stale"]), (&expected, &json!(false)));
    let icon = app.request("GET", "/icons/slack").send().await.unwrap();
    assert_eq!(
        (icon.status().as_u16(), &icon.headers()["cross-origin-resource-policy"]),
        (200, &"cross-origin".parse().unwrap())
    );
    let (status, problem) = app.api("GET", "/connectors?language=de", None).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("language")));
}

#[tokio::test]
async fn switched_off_app_is_listed_and_other_apps_are_not() {
    let app = TestApp::spawn_with(|settings| {
        settings.connectors.allowed = vec!["Slack".to_owned(), "notion".to_owned()];
        settings.connectors.each.insert("notion".to_owned(), ConnectorSettings::default());
    })
    .await;
    let answer = apps(&app, "").await;
    let listed = answer["connectors"].as_array().unwrap().iter();
    let listed: BTreeSet<_> = listed.map(|one| (one["id"].as_str().unwrap(), one["enabled"] == true)).collect();
    assert_eq!(listed, BTreeSet::from([("notion", false), ("slack", true)]));
    assert_eq!(app.request("GET", "/icons/notion").send().await.unwrap().status(), 200, "its icon is there");
    let (status, problem) =
        app.api("POST", "/connect-sessions", Some(json!({ "user": { "id": "a" }, "connector": "notion" }))).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("connector")));
}

#[tokio::test]
async fn words_are_those_of_the_language() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("de.ftl"), "app-notion-name = Notizbuch\n").unwrap();
    let app = TestApp::spawn_with(|settings| settings.brand.phrases = Some(folder.path().to_owned())).await;
    for (query, name) in [
        ("", "Notion"),
        ("?locale=de", "Notizbuch"),
        ("?locale=de_AT.UTF-8", "Notizbuch"),
        ("?locale=tlh", "Notion"),
        ("?locale=", "Notion"),
    ] {
        assert!(names(&apps(&app, query).await).contains(&name), "{query}");
    }
}

#[tokio::test]
async fn last_answer_is_served_while_alloy_fails() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::ServerErrors);
    let (status, problem) = app.api("GET", "/connectors", None).await;
    assert_eq!((status, &problem["type"]), (503, &json!(format!("{}/problems/upstream-unavailable", app.url))));
    app.sandbox.switch_all_off();
    app.until("an answer", async || app.api("GET", "/connectors", None).await.0 == 200).await;
    let fresh = apps(&app, "").await;
    app.sandbox.switch_on(Fault::ServerErrors);
    app.clock.pass(Duration::minutes(6));
    app.until("a failed renewal", async || apps(&app, "").await["stale"] == true).await;
    assert_eq!(apps(&app, "").await["connectors"], fresh["connectors"]);
}
