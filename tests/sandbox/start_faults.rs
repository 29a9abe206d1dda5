//! Starts that answer strangely, and lists that do.

use gangway::sandbox::{Fault, Route};
use reqwest::Method;
use serde_json::{Value, json};
use time::Duration;

use crate::fixture::Alloy;

async fn started(fault: Fault) -> (u16, Value) {
    let alloy = Alloy::with(fault);
    alloy.start_link(&alloy.jane(), "slack").await
}

#[tokio::test]
async fn an_address_that_no_browser_may_open() {
    let (status, answer) = started(Fault::BadAuthorizationUrl).await;
    assert_eq!(status, 200);
    assert!(answer["oauthUrl"].as_str().unwrap().starts_with("javascript:"));
}

#[tokio::test]
async fn both_keys_neither_key_and_wrong_types() {
    let (_, both) = started(Fault::BothKeys).await;
    assert!(both["oauthUrl"].is_string() && both["credentialId"].is_string());
    assert_eq!(started(Fault::NeitherKey).await, (200, json!({})));
    assert!(started(Fault::WrongTypes).await.1["oauthUrl"].is_number());
}

#[tokio::test]
async fn a_start_that_answers_201() {
    let (status, answer) = started(Fault::Created).await;
    assert_eq!(status, 201);
    assert!(answer["oauthUrl"].is_string());
}

#[tokio::test]
async fn a_list_that_lags() {
    let alloy = Alloy::with(Fault::ListLag.with(5));
    let jane = alloy.jane();
    alloy.control.approve(&alloy.authorization_url(&jane, "slack").await).unwrap();
    assert!(alloy.listed(&jane, "slack").await.is_empty());
    assert_eq!(alloy.control.credentials(&jane).len(), 1, "it is there, and not listed yet");
    alloy.control.shift_clock(Duration::seconds(5));
    assert_eq!(alloy.listed(&jane, "slack").await.len(), 1);
}

#[tokio::test]
async fn a_list_that_lags_behind_a_deletion() {
    let alloy = Alloy::with(Fault::DeletionLag.with(5));
    let jane = alloy.jane();
    let id = alloy.control.add_credential(&jane, "slack").unwrap();
    assert!(alloy.control.remove_credential(&jane, &id));
    assert_eq!(alloy.listed(&jane, "slack").await.len(), 1);
    assert!(alloy.control.credentials(&jane).is_empty(), "it is gone, and listed still");
    assert!(alloy.listed(&jane, "notion").await.is_empty());
    alloy.control.shift_clock(Duration::seconds(5));
    assert!(alloy.listed(&jane, "slack").await.is_empty());
}

#[tokio::test]
async fn a_list_in_any_order() {
    let alloy = Alloy::with(Fault::AnyOrder);
    let jane = alloy.jane();
    let made: Vec<String> = (0..20).map(|_| alloy.control.add_credential(&jane, "slack").unwrap()).collect();
    let ids = async || -> Vec<String> {
        let listed = alloy.listed(&jane, "slack").await;
        listed.iter().map(|one| one["credentialId"].as_str().unwrap().to_owned()).collect()
    };
    // Twenty in one order twice by chance: once in 2·10¹⁸ times.
    let (one, other) = (ids().await, ids().await);
    assert_ne!(one, other);
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(one), sorted(made));
}

#[tokio::test]
async fn only_the_documented_endpoint_is_served_and_a_link_still_works() {
    let alloy = Alloy::with(Fault::OnlyDocumentedEndpoint);
    let jane = alloy.jane();
    let paths = ["/connectors", "/connectors/slack/credentials", "/connectors/slack/credentials/metadata", "/users"];
    for path in paths {
        let response = alloy.call(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
        assert!(response.text().await.unwrap().contains("Cannot GET"));
    }
    let url = alloy.authorization_url(&jane, "slack").await;
    assert_eq!(alloy.walk(&url, "Allow").await.status(), 302);
    assert_eq!(alloy.control.credentials(&jane).len(), 1);
}

#[tokio::test]
async fn one_form_of_deletion_only() {
    let alloy = Alloy::with("not-served@delete-user-credential".parse::<gangway::sandbox::Switch>().unwrap());
    let jane = alloy.jane();
    let id = alloy.control.add_credential(&jane, "slack").unwrap();
    let delete = async |path: String| {
        let call = alloy.call(Method::DELETE, &path).header("x-alloy-userid", &jane);
        call.send().await.unwrap().status().as_u16()
    };
    assert_eq!(delete(format!("/users/{jane}/credentials/{id}")).await, 404);
    assert_eq!(delete(format!("/connectors/slack/credentials/{id}")).await, 200);
    assert_eq!(alloy.control.count(Route::DeleteUserCredential), 1);
}
