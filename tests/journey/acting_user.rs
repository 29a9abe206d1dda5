//! The ids of a connection are what a host needs to use it, and both are needed: without the acting user, Alloy runs a
//! call as the owner of the API key.

use gangway::sandbox::{Fault, OWNER};
use serde_json::{Value, json};

use crate::app::{API_KEY, TestApp};

/// Jane's Slack, as the host's server knows it: Alloy's ids of user and credential.
async fn connected(app: &TestApp) -> (String, String) {
    app.arrived().await.link_and_allow(&app.sandbox, "slack").await;
    let connection = app.connections("jane").await.remove(0);
    let id = |name: &str| connection[name].as_str().unwrap_or_else(|| panic!("{name}: {connection}")).to_owned();
    (id("alloy_user_id"), id("credential_id"))
}

/// The host's call to Alloy.
async fn post_message(app: &TestApp, acting: Option<&str>, credential: &str) -> (u16, Value) {
    let url = format!("{}/connectors/slack/actions/chat_postMessage/execute", app.sandbox.base_url());
    let mut call = reqwest::Client::new().post(url).bearer_auth(API_KEY).header("x-api-version", "2025-09");
    if let Some(user) = acting {
        call = call.header("x-alloy-userid", user);
    }
    let body = json!({"credentialId": credential, "requestBody": {"channel": "#general", "text": "Hello"}});
    let answer = call.json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn authors(app: &TestApp) -> Vec<String> {
    app.sandbox.messages().into_iter().map(|message| message.author).collect()
}

#[tokio::test]
async fn both_ids_of_a_connection_post_as_its_user() {
    let app = TestApp::spawn().await;
    let (user, credential) = connected(&app).await;
    assert_eq!(post_message(&app, Some(&user), &credential).await.0, 200);
    assert_eq!(authors(&app), ["Jane Doe"]);
    let sam = app.sandbox.add_user("gangway-sam", Some("Sam Lee"));
    assert_eq!(post_message(&app, Some(&sam), &credential).await.0, 404, "another user cannot use it");
}

#[tokio::test]
async fn call_without_acting_user_leaks() {
    let app = TestApp::spawn().await;
    let (user, credential) = connected(&app).await;
    assert_ne!(user, OWNER);
    assert_eq!(post_message(&app, None, &credential).await.0, 200, "any credential of the account is used");
    assert_eq!(authors(&app), ["Olive Owner"], "and not as the user who connected it");

    app.sandbox.switch_on(Fault::OwnerAccount);
    assert_eq!(post_message(&app, None, &credential).await.0, 200);
    assert_eq!(app.sandbox.messages()[1].account, "Olive's Slack", "or the message goes to another account");
}
