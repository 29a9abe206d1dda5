//! Using a credential: Slack's action that posts a message, and the provider's pages about it.

use gangway::sandbox::{Fault, OWNER, Route, Switch};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Alloy, read};

const POST: &str = "/connectors/slack/actions/chat_postMessage/execute";

fn message(credential: &str) -> Value {
    json!({"credentialId": credential, "requestBody": {"channel": "#general", "text": "Hello\nall"}})
}

async fn post_as(alloy: &Alloy, user: &str, credential: &str) -> (u16, Value) {
    read(alloy.call(Method::POST, POST).header("x-alloy-userid", user).json(&message(credential))).await
}

/// Authors of the messages that arrived.
fn authors(alloy: &Alloy) -> Vec<String> {
    alloy.control.messages().into_iter().map(|message| message.author).collect()
}

#[tokio::test]
async fn resources_name_actions_whose_details_name_fields() {
    let alloy = Alloy::start();
    let (_, resources) = alloy.get("/connectors/slack/resources").await;
    let actions: Vec<&Value> =
        resources["resources"].as_array().unwrap().iter().map(|one| &one["actions"][0]["id"]).collect();
    assert_eq!(actions, ["whoami", "chat_postMessage"]);
    let (status, details) = alloy.get("/connectors/slack/actions/chat_postMessage").await;
    assert_eq!((status, &details["action"]["httpMethod"]), (200, &json!("post")));
    assert_eq!(details["action"]["requestBody"]["required"], json!(["channel", "text"]));
    assert_eq!(alloy.get("/connectors/trello/actions/chat_postMessage").await.0, 404);
}

#[tokio::test]
async fn message_is_on_the_page_of_its_channel() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let slack = alloy.control.add_credential(&jane, "slack").unwrap();
    let (status, answer) = post_as(&alloy, &jane, &slack).await;
    assert_eq!((status, &answer["status"]), (200, &json!("success")));
    let data = &answer["responseData"];
    assert_eq!((&data["ok"], &data["message"]["text"]), (&json!(true), &json!("Hello\nall")));

    let channel = data["channel"].as_str().unwrap();
    let link = alloy.url(&format!("/provider/slack/app_redirect?channel={channel}"));
    let page = alloy.open(&crate::fixture::location(&alloy.open(&link).await)).await.text().await.unwrap();
    assert!(page.contains("#general") && page.contains("Hello\nall"), "{page}");
    assert!(page.contains("Jane Doe") && page.contains("at Acme HQ"), "{page}");

    alloy.switch(Fault::ResultForm);
    let (_, answer) = post_as(&alloy, &jane, &slack).await;
    assert_eq!((&answer["success"], &answer["result"]["ok"]), (&json!(true), &json!(true)));
    assert_eq!(alloy.control.messages().len(), 2);
}

#[tokio::test]
async fn incomplete_call_posts_nothing() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let slack = alloy.control.add_credential(&jane, "slack").unwrap();
    for body in [
        json!({"credentialId": slack}),
        json!({"credentialId": slack, "requestBody": {"text": "Hello"}}),
        json!({"credentialId": "slack", "requestBody": {"channel": "general", "text": "Hello"}}),
        json!({"requestBody": {"channel": "general", "text": "Hello"}}),
    ] {
        let call = alloy.call(Method::POST, POST).header("x-alloy-userid", &jane);
        let (status, answer) = read(call.json(&body)).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("INVALID_INPUT")), "{body}");
    }
    assert!(alloy.control.messages().is_empty());
}

#[tokio::test]
async fn call_without_acting_user_leaks_as_the_owner() {
    let alloy = Alloy::start();
    let (jane, sam) = (alloy.jane(), alloy.control.add_user("acme:sam", Some("Sam Lee")));
    let slack = alloy.control.add_credential(&jane, "slack").unwrap();
    assert_eq!(post_as(&alloy, &sam, &slack).await.0, 404, "another user's credential is not found");
    assert!(alloy.control.messages().is_empty());

    assert_eq!(alloy.post(POST, message(&slack)).await.0, 200, "the leak: any credential is found");
    assert_eq!(authors(&alloy), ["Olive Owner"], "and nothing says that Jane sent it");
    assert_eq!(alloy.control.messages()[0].account, "Jane's Slack");
}

#[tokio::test]
async fn guesses_about_the_owner_are_switches() {
    let alloy = Alloy::with(Fault::OwnerCredentialsOnly);
    let jane = alloy.jane();
    let slack = alloy.control.add_credential(&jane, "slack").unwrap();
    assert_eq!(alloy.post(POST, message(&slack)).await.0, 404);
    let owners = alloy.control.credentials(OWNER)[0].credential_id.clone();
    assert_eq!(alloy.post(POST, message(&owners)).await.0, 200);

    alloy.control.switch_all_off();
    alloy.switch(Fault::OwnerAccount);
    assert_eq!(alloy.post(POST, message(&slack)).await.0, 200);
    let accounts: Vec<String> = alloy.control.messages().into_iter().map(|message| message.account).collect();
    assert_eq!(accounts, ["Olive's Slack", "Olive's Slack"]);
}

#[tokio::test]
async fn access_removed_at_the_provider_refuses_the_credential() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let authorization_url = alloy.authorization_url(&jane, "slack").await;
    alloy.control.approve(&authorization_url).unwrap();
    let slack = alloy.control.credentials(&jane)[0].credential_id.clone();
    let apps = alloy.url("/provider/slack/apps");
    let page = alloy.open(&apps).await.text().await.unwrap();
    assert!(page.contains("Remove access of Jane&#39;s Slack"), "{page}");

    let remove = reqwest::Client::new().post(&apps).body(format!("credential={slack}"));
    let page = remove.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert!(page.text().await.unwrap().contains("Access removed"));
    let (status, refused) = post_as(&alloy, &jane, &slack).await;
    assert_eq!((status, &refused["error"]["code"]), (401, &json!("AUTHENTICATION_FAILED")));

    alloy.control.switch_on(Fault::RefusedStatus.with(424));
    assert_eq!(post_as(&alloy, &jane, &slack).await.0, 424);
    alloy.switch(Fault::RefusedInBody);
    let (status, refused) = post_as(&alloy, &jane, &slack).await;
    assert_eq!((status, &refused["responseData"]["error"]), (200, &json!("token_revoked")));
    assert_eq!(alloy.listed(&jane, "slack").await.len(), 1);
    alloy.switch(Fault::RefusedUnlisted);
    assert!(alloy.listed(&jane, "slack").await.is_empty());
    assert!(alloy.control.messages().is_empty());
}

#[tokio::test]
async fn connecting_again_works_after_removed_access() {
    for renews in [false, true] {
        let alloy = Alloy::start();
        if renews {
            alloy.switch(Fault::ReconnectRenews);
        }
        let jane = alloy.jane();
        let slack = alloy.control.add_credential(&jane, "slack").unwrap();
        assert!(alloy.control.revoke_credential(&slack));
        alloy.control.approve(&alloy.authorization_url(&jane, "slack").await).unwrap();
        let credentials = alloy.control.credentials(&jane);
        assert_eq!(credentials.len(), if renews { 1 } else { 2 });
        let newest = &credentials.last().unwrap().credential_id;
        assert_eq!(post_as(&alloy, &jane, newest).await.0, 200);
    }
}

#[tokio::test]
async fn rate_limit_applies_to_actions_alone() {
    let alloy = Alloy::with("rate-limited=7@execute".parse::<Switch>().unwrap());
    let jane = alloy.jane();
    let slack = alloy.control.add_credential(&jane, "slack").unwrap();
    let limited = alloy.call(Method::POST, POST).header("x-alloy-userid", &jane).json(&message(&slack));
    let limited = limited.send().await.unwrap();
    assert_eq!((limited.status().as_u16(), &limited.headers()["retry-after"]), (429, &"7".parse().unwrap()));
    assert_eq!(alloy.listed(&jane, "slack").await.len(), 1);
    assert_eq!(alloy.control.count(Route::Execute), 1);
}

#[tokio::test]
async fn control_calls_play_the_users_part() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let call =
        async |path: &str, body: Value| read(alloy.bare(Method::POST, &format!("/sandbox/{path}")).json(&body)).await;
    let allowed = json!({"oauthUrl": alloy.authorization_url(&jane, "slack").await, "decision": "allow"});
    assert_eq!(call("consent", allowed).await, (200, json!({"redirectUri": crate::fixture::RETURN})));
    let denied = json!({"oauthUrl": alloy.authorization_url(&jane, "slack").await, "decision": "deny"});
    let (_, answer) = call("consent", denied).await;
    assert!(answer["redirectUri"].as_str().unwrap().ends_with("error=access_denied"), "{answer}");
    assert_eq!(call("consent", json!({"oauthUrl": "nothing", "decision": "allow"})).await.0, 422);

    let slack = alloy.control.credentials(&jane)[0].credential_id.clone();
    assert_eq!(post_as(&alloy, &jane, &slack).await.0, 200);
    let (_, listed) = read(alloy.bare(Method::GET, "/sandbox/messages")).await;
    assert_eq!(listed["messages"][0]["author"], "Jane Doe");
    assert_eq!(call("revoke", json!({"credentialId": slack})).await.0, 200);
    assert_eq!(post_as(&alloy, &jane, &slack).await.0, 401);
    assert_eq!(call("revoke", json!({"credentialId": "unknown"})).await.0, 404);

    assert_eq!(call("faults", json!({"fault": "rate-limited"})).await.0, 200);
    assert_eq!(post_as(&alloy, &jane, &slack).await.0, 429);
    assert_eq!(call("faults", json!({"fault": "snow"})).await.0, 422);
    assert_eq!(read(alloy.bare(Method::DELETE, "/sandbox/faults")).await.0, 200);
    assert!(alloy.control.active().is_empty());
}
