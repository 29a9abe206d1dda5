//! The connectors, their pictures and their metadata.

use std::collections::HashSet;

use gangway::sandbox::Fault;
use serde_json::{Value, json};

use crate::fixture::Alloy;

async fn connectors(alloy: &Alloy) -> Vec<Value> {
    let (status, answer) = alloy.get("/connectors").await;
    assert_eq!(status, 200);
    answer["connectors"].as_array().unwrap().clone()
}

async fn metadata(alloy: &Alloy, connector: &str) -> Vec<Value> {
    let (status, answer) = alloy.get(&format!("/connectors/{connector}/credentials/metadata")).await;
    assert_eq!(status, 200);
    answer["metadata"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_catalogue_is_complete_and_says_nothing_of_authentication() {
    let alloy = Alloy::start();
    let connectors = connectors(&alloy).await;
    assert!(connectors.len() >= 24);
    let ids: HashSet<&str> = connectors.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), connectors.len());
    for id in ["slack", "hubspot", "klaviyo", "notion", "shopify", "zohoCRM", "monday", "trello", "jira"] {
        assert!(ids.contains(id), "{id}");
    }
    let categories: HashSet<&str> = connectors.iter().filter_map(|one| one["category"][0].as_str()).collect();
    assert!(categories.len() >= 8, "{categories:?}");
    for connector in &connectors {
        let known = ["id", "name", "icon", "group", "category"];
        assert!(connector.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{connector}");
    }
}

#[tokio::test]
async fn every_icon_of_the_catalogue_is_served() {
    let alloy = Alloy::start();
    let mut drawn = HashSet::new();
    for connector in connectors(&alloy).await {
        let Some(icon) = connector["icon"].as_str() else { continue };
        assert!(icon.starts_with(alloy.control.base_url()));
        let response = alloy.open(icon).await;
        assert_eq!(response.headers()["content-type"], "image/svg+xml");
        assert!(drawn.insert(response.text().await.unwrap()), "{icon} looks like another");
    }
    assert!(drawn.len() >= 24);
    assert_eq!(alloy.open(&alloy.url("/icons/nope.svg")).await.status(), 404);
}

#[tokio::test]
async fn metadata_describes_the_whole_body() {
    let alloy = Alloy::start();
    let slack = metadata(&alloy, "slack").await;
    assert_eq!(slack.len(), 1);
    assert_eq!(slack[0]["authenticationType"], "oauth2");
    assert_eq!(slack[0]["authConfigRequired"], false);
    assert_eq!(slack[0]["inputSchema"]["properties"]["authenticationType"]["const"], "oauth2");
    assert_eq!(slack[0]["inputSchema"]["properties"]["redirectUri"]["format"], "uri");
    assert_eq!(slack[0]["sampleInput"]["redirectUri"], "http://localhost:3000");

    let shopify = metadata(&alloy, "shopify").await;
    assert_eq!(shopify[0]["inputSchema"]["properties"]["data"]["required"], json!(["shopName"]));
    assert!(shopify[0]["inputSchema"]["required"].as_array().unwrap().contains(&json!("data")));

    // The outer `required` does not name `data` although what is inside of it is required.
    let zoho = metadata(&alloy, "zohoCRM").await;
    assert_eq!(zoho[0]["inputSchema"]["properties"]["data"]["required"], json!(["region"]));
    assert!(!zoho[0]["inputSchema"]["required"].as_array().unwrap().contains(&json!("data")));

    assert_eq!(metadata(&alloy, "hubspot").await.len(), 2);
    assert_eq!(metadata(&alloy, "jira").await.len(), 2);
    assert_eq!(metadata(&alloy, "serviceNow").await[0]["authConfigRequired"], true);
}

#[tokio::test]
async fn both_generations_of_metadata_are_in_use() {
    let alloy = Alloy::start();
    let is_older = |entry: &Value| {
        entry.get("authConfigRequired").is_none()
            && entry.get("sampleInput").is_none()
            && entry["inputSchema"]["properties"].get("authenticationType").is_none()
    };
    assert!(is_older(&metadata(&alloy, "trello").await[0]));
    assert!(!is_older(&metadata(&alloy, "slack").await[0]));
    alloy.switch(Fault::OlderMetadata);
    assert!(is_older(&metadata(&alloy, "slack").await[0]));
}

#[tokio::test]
async fn every_sample_keeps_to_its_own_schema_and_is_taken() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let configs = [("serviceNow", "67a37f29e0aa276e50d7254b"), ("microsoftDynamicsBC", "67a37f29e0aa276e50d7253a")];
    let mut kinds = HashSet::new();
    for connector in connectors(&alloy).await {
        let id = connector["id"].as_str().unwrap();
        for entry in metadata(&alloy, id).await {
            kinds.insert(entry["authenticationType"].as_str().unwrap().to_owned());
            let Some(sample) = entry.get("sampleInput") else { continue };
            let schema = jsonschema::validator_for(&entry["inputSchema"]).unwrap();
            assert!(schema.is_valid(sample), "{id}: {sample}");
            let mut body = sample.clone();
            body["userId"] = json!(jane);
            if let Some((_, config)) = configs.iter().find(|(other, _)| *other == id) {
                body["authConfigId"] = json!(config);
            }
            let (status, answer) = alloy.post(&format!("/connectors/{id}/credentials"), body).await;
            assert_eq!(status, 200, "{id}: {answer}");
        }
    }
    assert!(kinds.len() >= 5, "{kinds:?}");
}
