//! What we send to Alloy, for every app and every way of signing in: it keeps to the schema that Alloy gave, and every
//! call carries what every call must carry.

use gangway::{
    config::ConnectorSettings,
    sandbox::{Call, Fault, Route},
};
use serde_json::{Value, json};

use crate::{
    app::{API_KEY, TestApp},
    browser::Page,
};

/// The host's own OAuth apps, as the sandbox has them.
const AUTH_CONFIGS: [(&str, &str); 2] =
    [("microsoftDynamicsBC", "67a37f29e0aa276e50d7253a"), ("serviceNow", "67a37f29e0aa276e50d7254b")];

/// An app in one of its ways of signing in, with the sandbox's schema for it.
struct Way {
    connector: String,
    kind: String,
    schema: Value,
}

async fn spawn() -> TestApp {
    TestApp::spawn_with(|settings| {
        for (id, config) in AUTH_CONFIGS {
            let table = ConnectorSettings {
                id: id.to_owned(),
                enabled: true,
                auth_config_id: Some(config.to_owned()),
                ..ConnectorSettings::default()
            };
            settings.connectors.each.insert(id.to_lowercase(), table);
        }
    })
    .await
}

/// Asks the sandbox itself, as we would.
async fn ask(app: &TestApp, path: &str) -> Value {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.get(format!("{}{path}", app.sandbox.base_url())).bearer_auth(API_KEY);
    request.header("x-api-version", "2025-09").send().await.unwrap().json().await.unwrap()
}

async fn ways(app: &TestApp) -> Vec<Way> {
    let mut ways = Vec::new();
    for connector in ask(app, "/connectors").await["connectors"].as_array().unwrap() {
        let connector = connector["id"].as_str().unwrap().to_owned();
        let metadata = ask(app, &format!("/connectors/{connector}/credentials/metadata")).await;
        for entry in metadata["metadata"].as_array().unwrap() {
            let kind = entry["authenticationType"].as_str().unwrap().to_owned();
            ways.push(Way { connector: connector.clone(), kind, schema: entry["inputSchema"].clone() });
        }
    }
    ways
}

/// What a person would type into each field of that page.
fn answers(page: &Page) -> Vec<(String, String)> {
    let typed = |name: &String| match name.as_str() {
        "data.siteUrl" | "data.domain" => "https://acme.example.com",
        "data.email" => "jane@acme.test",
        "data.merchantId" => "ABCDEFGHJKLM1",
        "data.locationId" => "7",
        "data.region" => "eu",
        _ => "acme",
    };
    let names = page.attributes("form[method=post] [name^='data.']:not([type=checkbox])", "name");
    names.iter().map(|name| (name.clone(), typed(name).to_owned())).collect()
}

async fn sent(app: &TestApp, way: &Way) -> Call {
    let mut browser = app.arrived().await;
    let page = browser.get(&format!("/connectors/{}?method={}", way.connector, way.kind)).await;
    assert_eq!(page.status, 200, "{}: {}", way.connector, page.text());
    let answers = answers(&page);
    let answers: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    app.sandbox.forget_calls();
    let done = browser.submit(&page, &format!("/connectors/{}/link", way.connector), &answers).await;
    assert_eq!(done.status, 303, "{}: {}", way.connector, done.text());
    let mut calls = app.sandbox.calls().into_iter().filter(|call| call.route == Some(Route::CreateCredential));
    let call = calls.next().unwrap_or_else(|| panic!("{} was not begun", way.connector));
    assert!(calls.next().is_none(), "{} was begun twice", way.connector);
    assert_eq!(call.status, 200, "{}: {}", way.connector, call.json());
    call
}

async fn every_way_keeps_to_its_schema(app: &TestApp) -> usize {
    let ways = ways(app).await;
    for way in &ways {
        let body = sent(app, way).await.json();
        let judge = jsonschema::options().should_validate_formats(true).build(&way.schema).unwrap();
        let mistakes: Vec<String> = judge.iter_errors(&body).map(|error| error.to_string()).collect();
        assert_eq!(mistakes, Vec::<String>::new(), "{} {}: {body}", way.connector, way.kind);
        assert_eq!(body["authenticationType"], json!(way.kind), "{}", way.connector);
        assert_eq!(body["userId"], json!(app.sandbox.user("gangway-jane").unwrap().user_id));
        let config = AUTH_CONFIGS.iter().find(|(id, _)| *id == way.connector).map(|(_, config)| *config);
        assert_eq!(body.get("authConfigId").and_then(Value::as_str), config, "{}", way.connector);
        let redirects = way.schema.pointer("/properties/redirectUri").is_some();
        let to = body.get("redirectUri").and_then(Value::as_str);
        let ours = to.and_then(|to| to.strip_prefix(&format!("{}/callback/", app.url)));
        assert_eq!(ours.is_some(), redirects, "{}: {to:?}", way.connector);
        // At least 128 random bits, in the path and nowhere else.
        assert!(ours.is_none_or(|state| state.len() >= 22 && !state.contains(['/', '?'])), "{to:?}");
        // Inner `required` is asked for although the outer one leaves `data` out.
        for name in way.schema.pointer("/properties/data/required").and_then(Value::as_array).into_iter().flatten() {
            assert!(body["data"].get(name.as_str().unwrap()).is_some(), "{}: {body}", way.connector);
        }
    }
    ways.len()
}

#[tokio::test]
async fn every_way_of_every_app_keeps_to_the_schema() {
    let app = spawn().await;
    assert_eq!(every_way_keeps_to_its_schema(&app).await, 32);
}

#[tokio::test]
async fn so_it_does_with_the_older_metadata_and_201() {
    let app = TestApp::spawn_with(|_| ()).await;
    app.sandbox.switch_on(Fault::OlderMetadata);
    app.sandbox.switch_on(Fault::Created);
    for connector in ["slack", "shopify", "zohoCRM", "trello", "shippo", "mailgun", "quickbooks", "shipStation"] {
        let metadata = ask(&app, &format!("/connectors/{connector}/credentials/metadata")).await;
        let entry = &metadata["metadata"][0];
        assert!(entry.get("authConfigRequired").is_none());
        let kind = entry["authenticationType"].as_str().unwrap().to_owned();
        let way = Way { connector: connector.to_owned(), kind, schema: entry["inputSchema"].clone() };
        let mut browser = app.arrived().await;
        let page = browser.get(&format!("/connectors/{connector}")).await;
        let answers = answers(&page);
        let answers: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        app.sandbox.forget_calls();
        let done = browser.submit(&page, &format!("/connectors/{connector}/link"), &answers).await;
        assert_eq!(done.status, 303, "{connector}: {}", done.text());
        let calls = app.sandbox.calls();
        let call = calls.iter().find(|call| call.route == Some(Route::CreateCredential)).unwrap();
        assert_eq!(call.status, 201, "{connector}: {}", call.json());
        assert!(jsonschema::is_valid(&way.schema, &call.json()), "{connector}: {}", call.json());
        assert_eq!(call.json()["authenticationType"], json!(way.kind));
    }
}

#[tokio::test]
async fn every_call_says_which_version_whose_key_and_for_whom() {
    let app = spawn().await;
    let mut browser = app.arrived().await;
    browser.get("/connectors").await;
    browser.link_and_allow(&app.sandbox, "slack").await;
    let jane = app.sandbox.user("gangway-jane").unwrap().user_id;
    let calls = app.sandbox.calls();
    assert!(calls.len() >= 5, "{calls:?}");
    for call in calls {
        assert_eq!(call.header("x-api-version"), Some("2025-09"), "{call:?}");
        assert_eq!(call.header("authorization"), Some(format!("Bearer {API_KEY}").as_str()), "{call:?}");
        let of_a_user =
            matches!(call.route, Some(Route::CreateCredential | Route::ListUserCredentials | Route::ListCredentials));
        assert_eq!(call.header("x-alloy-userid"), of_a_user.then_some(jane.as_str()), "{call:?}");
    }
}
