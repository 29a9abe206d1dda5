//! A session names apps and a connection: what cannot be is refused at its field, where Gangway can know it.

use std::time::{Duration, Instant};

use gangway::{alloy::Timeouts, sandbox::Fault};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::{
    app::{HOST_KEY, TestApp},
    tcp_relay::{Deed, Relay},
    token_signer::{AUDIENCE, ISSUER, Signer, claims, posted},
};

/// The fields that are refused, with their texts; empty if the session is created.
async fn refused(app: &TestApp, more: Value) -> Vec<(String, String)> {
    let mut wanted = json!({ "user": { "id": "jane" } });
    for (key, value) in more.as_object().unwrap() {
        wanted[key] = value.clone();
    }
    let (status, answer) = app.api("POST", "/connect-sessions", Some(wanted)).await;
    assert!(matches!(status, 201 | 422), "{more}: {answer}");
    let errors = answer["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, key: &str| error[key].as_str().unwrap().to_owned();
    errors.iter().map(|error| (text(error, "field"), text(error, "detail"))).collect()
}

#[tokio::test]
async fn unknown_app_is_refused_with_the_nearest_one() {
    let app = TestApp::spawn().await;
    for (more, field, says) in [
        (json!({ "connector": "slak" }), "connector", "`slack`"),
        (json!({ "connector": "Hub-Spot" }), "connector", "`hubspot`"),
        (json!({ "connector": "somethingelse" }), "connector", "GET /api/v1/connectors"),
        (json!({ "connectors": ["notion", "slakc"] }), "connectors[1]", "`slack`"),
        (json!({ "connectors": ["slak"], "connector": "slak" }), "connectors[0]", "`slack`"),
    ] {
        let errors = refused(&app, more.clone()).await;
        assert_eq!(errors.len(), 1, "{more}: {errors:?}");
        assert!(errors[0].0 == field && errors[0].1.contains(says), "{more}: {errors:?}");
    }
    for fits in [json!({ "connector": "SLACK" }), json!({ "connectors": ["Notion", "slack"], "connector": "slack" })] {
        assert_eq!(refused(&app, fits).await, []);
    }
}

#[tokio::test]
async fn app_that_is_not_offered_is_refused() {
    let app = TestApp::spawn_with(|settings| {
        settings.connectors.allowed = vec!["slack".to_owned(), "hubspot".to_owned()];
    })
    .await;
    for more in [json!({ "connector": "notion" }), json!({ "connectors": ["slack", "notion"], "connector": "notion" })]
    {
        let errors = refused(&app, more).await;
        assert!(errors[0].0 == "connector" && errors[0].1.contains("connectors.allowed"), "{errors:?}");
    }
    assert_eq!(refused(&app, json!({ "connectors": ["notion"] })).await[0].0, "connectors");
    // The host need not follow each switch of the settings.
    assert_eq!(refused(&app, json!({ "connectors": ["notion", "slack"] })).await, []);
}

#[tokio::test]
async fn connection_to_renew_is_the_users_and_of_the_app() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let own = app.connections("jane").await[0]["credential_id"].clone();
    let renew = |connector: &str, id: &Value| json!({ "connector": connector, "reconnect": id });
    assert_eq!(refused(&app, renew("slack", &own)).await, []);
    assert_eq!(refused(&app, renew("notion", &own)).await[0].0, "reconnect");
    assert_eq!(refused(&app, renew("slack", &json!("67a37f29e0aa276e50d7253a"))).await[0].0, "reconnect");
    let mut sams = renew("slack", &own);
    sams["user"] = json!({ "id": "sam" });
    assert_eq!(refused(&app, sams).await[0].0, "reconnect");
    assert!(app.sandbox.user("gangway-sam").is_none(), "a check creates no user");
}

#[tokio::test]
async fn repeated_request_is_not_checked_again() {
    let app = TestApp::spawn().await;
    let mut jane = app.arrived().await;
    jane.link_and_allow(&app.sandbox, "slack").await;
    let own = app.connections("jane").await[0]["credential_id"].clone();
    let ask = async || {
        let body = json!({ "user": { "id": "jane" }, "connector": "slack", "reconnect": own });
        let request = app.request("POST", "/api/v1/connect-sessions").bearer_auth(HOST_KEY);
        let answer = request.header("idempotency-key", "press-1").json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let first = ask().await;
    assert_eq!(first.0, 201, "{}", first.1);
    let removed = app.api("DELETE", &format!("/users/jane/connections/{}", own.as_str().unwrap()), None).await;
    assert_eq!(removed.0, 204);
    assert_eq!(ask().await, first);
    assert_eq!(refused(&app, json!({ "connector": "slack", "reconnect": own })).await[0].0, "reconnect");
}

/// What cannot be: Alloy says so when it answers.
fn impossible() -> Value {
    json!({ "connector": "slak", "connectors": ["slak"], "reconnect": "67a37f29e0aa276e50d7253a" })
}

#[tokio::test]
async fn sessions_are_created_while_alloy_fails() {
    let app = TestApp::spawn().await;
    app.sandbox.switch_on(Fault::ServerErrors);
    assert_eq!(refused(&app, impossible()).await, []);
    app.sandbox.switch_all_off();
    app.until("the next answer", async || !refused(&app, impossible()).await.is_empty()).await;
    // What is known of the apps stays known.
    app.sandbox.switch_on(Fault::ServerErrors);
    assert_eq!(refused(&app, impossible()).await[0].0, "connectors[0]");
    let wanted = json!({ "connector": "slack", "reconnect": "67a37f29e0aa276e50d7253a" });
    assert_eq!(refused(&app, wanted).await, []);
}

#[tokio::test]
async fn sessions_are_created_while_alloy_hangs() {
    let (app, relay) = Relay::between(Timeouts::default()).await;
    relay.to("", Deed::Stalls(String::new()));
    let began = Instant::now();
    assert_eq!(refused(&app, impossible()).await, []);
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

#[tokio::test]
async fn user_with_a_wrong_app_in_the_token_chooses_one() {
    let host = Signer::new(Algorithm::EdDSA);
    let app = TestApp::spawn_with(|settings| {
        settings.server.public_url = AUDIENCE.parse().unwrap();
        settings.host.token_issuer = Some(ISSUER.to_owned());
        settings.host.token_keys = vec![host.public()];
    })
    .await;
    let token = host.sign(&claims(&json!({ "connector": "slak", "reconnect": "67a37f29e0aa276e50d7253a" })));
    let page = posted(&app, &token).await;
    assert_eq!((page.status, page.location()), (303, "/connectors?arrived=1"));
}
