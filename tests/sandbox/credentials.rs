//! Making, listing and deleting credentials.

use gangway::sandbox::{Fault, OWNER};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Alloy, RETURN, is_id, read};

fn trello(user: &str, token: &str) -> Value {
    json!({"userId": user, "authenticationType": "apiKey", "data": {"apiKey": "k", "token": token}})
}

#[tokio::test]
async fn each_post_of_a_key_makes_a_credential() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    for _ in 0..3 {
        let (status, answer) = alloy.post("/connectors/trello/credentials", trello(&jane, "t")).await;
        assert_eq!(status, 200);
        assert_eq!(answer.as_object().unwrap().len(), 1);
        assert!(is_id(&answer["credentialId"]));
    }
    let listed = alloy.listed(&jane, "trello").await;
    let names: Vec<&str> = listed.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Jane's Trello", "Jane's Trello (2)", "Jane's Trello (3)"]);
    for credential in &listed {
        let members: Vec<&str> = credential.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["credentialId", "name", "type", "createdAt", "updatedAt"]);
        assert_eq!(credential["type"], "trello-apiKey");
        let form: String = credential["createdAt"]
            .as_str()
            .unwrap()
            .chars()
            .map(|character| if character.is_ascii_digit() { '0' } else { character })
            .collect();
        assert_eq!(form, "0000-00-00T00:00:00.000Z");
    }
}

#[tokio::test]
async fn a_body_that_breaks_the_schema_is_refused_and_stores_nothing() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let key = |data: Value| json!({"userId": jane, "authenticationType": "bearerToken", "data": data});
    for (connector, body, mistake) in [
        ("easyShip", key(json!({"apiToken": "a"})), "data.locationId is required"),
        ("easyShip", key(json!({"apiToken": "a", "locationId": "1"})), "data.locationId must be of type integer"),
        ("easyShip", json!({"userId": jane, "authenticationType": "bearerToken"}), "data is required"),
        ("zohoCRM", json!({"userId": jane, "authenticationType": "oauth2"}), "data.region is required"),
        (
            "quickbooks",
            json!({"userId": jane, "authenticationType": "oauth2", "data": {"environment": "test"}}),
            "data.environment has the wrong value",
        ),
        (
            "zendesk",
            json!({"userId": jane, "authenticationType": "oauth2", "data": {"subdomain": "a.b"}}),
            "data.subdomain has the wrong form",
        ),
        ("slack", json!({"userId": jane}), "authenticationType is required"),
        ("slack", json!({"userId": "jane", "authenticationType": "oauth2"}), "userId must be a valid ID"),
        ("slack", json!([]), "userId must be a valid ID"),
    ] {
        let (status, answer) = alloy.post(&format!("/connectors/{connector}/credentials"), body).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &json!("INVALID_INPUT")));
        assert!(answer["error"]["message"].as_str().unwrap().contains(mistake), "{answer}");
    }
    assert!(alloy.control.credentials(&jane).is_empty());
}

#[tokio::test]
async fn a_type_that_the_connector_lacks_has_its_own_answer() {
    let alloy = Alloy::start();
    let body = json!({"userId": alloy.jane(), "authenticationType": "basic"});
    let (status, answer) = alloy.post("/connectors/slack/credentials", body).await;
    assert_eq!((status, &answer["code"]), (404, &json!("AUTHENTICATION_NOT_FOUND")));
    assert!(answer["message"].is_string());
}

#[tokio::test]
async fn a_user_that_does_not_exist_gets_no_credential() {
    let alloy = Alloy::start();
    assert_eq!(alloy.start_link("67a37f29e0aa276e50d7253a", "slack").await.0, 404);
}

#[tokio::test]
async fn an_auth_config_is_asked_for_where_it_is_required() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let start = async |config: Option<&str>| {
        let mut body = json!({"userId": jane, "authenticationType": "oauth2", "redirectUri": RETURN});
        if let Some(config) = config {
            body["authConfigId"] = json!(config);
        }
        alloy.post("/connectors/microsoftDynamicsBC/credentials", body).await
    };
    assert_eq!(start(None).await.0, 400);
    assert_eq!(start(Some("ffffffffffffffffffffffff")).await.0, 404);
    let (status, answer) = start(Some("67a37f29e0aa276e50d7253a")).await;
    assert_eq!(status, 200);
    let page = alloy.consent_page(answer["oauthUrl"].as_str().unwrap()).await;
    assert!(page.text().contains("Acme Notes wants to use your Microsoft Dynamics BC"), "{}", page.text());
}

#[tokio::test]
async fn lists_hold_what_is_the_acting_users_and_without_one_the_owners() {
    let alloy = Alloy::start();
    let (jane, sam) = (alloy.jane(), alloy.control.add_user("acme:sam", None));
    let slack = alloy.control.add_credential(&jane, "slack").unwrap();
    let trello = alloy.control.add_credential(&jane, "trello").unwrap();
    let owners = alloy.control.credentials(OWNER)[0].credential_id.clone();

    assert_eq!(alloy.listed(&jane, "slack").await[0]["credentialId"], slack);
    assert!(alloy.listed(&sam, "slack").await.is_empty());
    let (_, unnamed) = alloy.get("/connectors/slack/credentials").await;
    assert_eq!(unnamed["credentials"][0]["credentialId"], owners);

    let (status, all) = alloy.get_as(&jane, &format!("/users/{jane}/credentials")).await;
    let ids: Vec<&Value> = all["data"].as_array().unwrap().iter().map(|one| &one["credentialId"]).collect();
    assert_eq!((status, ids), (200, vec![&json!(slack), &json!(trello)]));
}

#[tokio::test]
async fn a_credential_is_deleted_in_both_ways_by_its_user_only() {
    let alloy = Alloy::start();
    let (jane, sam) = (alloy.jane(), alloy.control.add_user("acme:sam", None));
    let first = alloy.control.add_credential(&jane, "slack").unwrap();
    let second = alloy.control.add_credential(&jane, "slack").unwrap();
    let delete =
        async |user: &str, path: String| read(alloy.call(Method::DELETE, &path).header("x-alloy-userid", user)).await;
    assert_eq!(delete(&sam, format!("/users/{sam}/credentials/{first}")).await.0, 404);
    assert_eq!(delete(&sam, format!("/connectors/slack/credentials/{first}")).await.0, 404);
    assert_eq!(delete(&jane, format!("/connectors/trello/credentials/{first}")).await.0, 404);
    assert_eq!(delete(&jane, format!("/users/{jane}/credentials/{first}")).await, (200, json!({"success": true})));
    assert_eq!(delete(&jane, format!("/connectors/slack/credentials/{second}")).await.0, 200);
    assert_eq!(delete(&jane, format!("/users/{jane}/credentials/{first}")).await.0, 404);
    assert!(alloy.control.credentials(&jane).is_empty());
}

#[tokio::test]
async fn an_action_shows_whether_a_credential_works() {
    let alloy = Alloy::start();
    let jane = alloy.jane();
    let make = async |token: &str| {
        let (_, made) = alloy.post("/connectors/trello/credentials", trello(&jane, token)).await;
        made["credentialId"].clone()
    };
    let (good, bad) = (make("t").await, make("revoked").await);
    let slack = alloy.control.add_credential(&jane, "slack").unwrap();
    let shippo = alloy.control.add_credential(&jane, "shippo").unwrap();
    let whoami = async |connector: &str, credential: Value| {
        let path = format!("/connectors/{connector}/actions/whoami/execute");
        let call = alloy.call(Method::POST, &path).header("x-alloy-userid", &jane);
        read(call.json(&json!({"credentialId": credential}))).await
    };
    let trello = whoami("trello", good.clone()).await.1;
    assert_eq!((&trello["responseData"]["account"], &trello["status"]), (&json!("Jane Doe"), &json!("success")));
    let (status, refused) = whoami("trello", bad).await;
    assert_eq!((status, &refused["error"]["code"]), (401, &json!("AUTHENTICATION_FAILED")));
    assert_eq!(whoami("slack", json!(slack)).await.1["responseData"]["account"], "Acme HQ");
    assert_eq!(whoami("slack", json!(shippo)).await.0, 404);
    assert_eq!(whoami("shippo", json!(shippo)).await.1, json!({"success": true, "result": {"account": "Jane Doe"}}));
    let (_, resources) = alloy.get("/connectors/slack/resources").await;
    assert_eq!(resources["resources"][0]["actions"][0]["id"], "whoami");
    alloy.control.name_account("Globex");
    assert_eq!(whoami("slack", json!(slack)).await.1["responseData"]["account"], "Globex");

    alloy.control.switch_on(Fault::DeadCredentials);
    assert_eq!(whoami("trello", good.clone()).await.0, 401);
    alloy.control.switch_on(Fault::FlatErrors);
    assert_eq!(whoami("slack", json!(slack)).await.1["code"], "AUTHENTICATION_FAILED");
    alloy.control.switch_all_off();
    alloy.control.switch_on(Fault::ActionFails);
    let (status, failed) = whoami("trello", good).await;
    assert_eq!((status, &failed["success"]), (200, &json!(false)));
}
