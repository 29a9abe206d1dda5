use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_json, method, path},
};

use super::*;
use crate::{
    alloy::{Timeouts, client::tests::client_of},
    domain::session::ExternalId,
};

const ID: &str = "5eba51a03fe9631316668514";

fn jane() -> EndUser {
    EndUser {
        external_id: ExternalId::parse("jane/1").unwrap(),
        name: Some("Jane Doe".to_owned()),
        email: None,
        alloy_user_id: None,
    }
}

fn users(server: &MockServer) -> Users {
    Users::new(Arc::new(client_of(&server.uri(), Timeouts::default())), "acme-")
}

async fn refuses_to_create(server: &MockServer, answer: ResponseTemplate) {
    Mock::given(method("POST")).and(path("/users")).respond_with(answer).mount(server).await;
}

async fn has(server: &MockServer, username: &str) {
    Mock::given(method("GET"))
        .and(path("/users/acme-jane%2F1"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"userId": ID, "fullName": "J", "username": username})),
        )
        .mount(server)
        .await;
}

#[tokio::test]
async fn a_user_is_made_once_however_many_ask_at_once() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/users"))
        .and(body_json(json!({"username": "acme-jane/1", "fullName": "Jane Doe"})))
        .respond_with(ResponseTemplate::new(201).set_body_json(json!({"userId": ID})))
        .expect(1)
        .mount(&server)
        .await;
    let users = users(&server);
    let jane = jane();
    let all = futures_util::future::join_all((0..20).map(|_| users.ensure(&jane))).await;
    let all: Vec<FoundUser> = all.into_iter().map(Result::unwrap).collect();
    assert!(all.iter().all(|found| found.id.as_str() == ID));
    named(&server, ID, &json!({"userId": ID, "username": "acme-jane/1"})).await;
    let verified = futures_util::future::join_all(all.iter().map(|found| users.verify(found))).await;
    assert!(verified.into_iter().all(|verified| verified.is_ok()));
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

async fn named(server: &MockServer, id: &str, user: &serde_json::Value) {
    Mock::given(method("GET"))
        .and(path(format!("/users/{id}")))
        .respond_with(ResponseTemplate::new(200).set_body_json(user))
        .mount(server)
        .await;
}

#[tokio::test]
async fn only_exactly_the_same_name_is_verified() {
    for (answer, verified) in [
        (json!({"userId": ID, "username": "acme-jane/1"}), Ok(false)),
        (json!({"userId": ID, "username": "acme-Jane/1"}), Err(AlloyError::ForeignUser)),
        (json!({"userId": ID, "username": "acme-jane/1 "}), Err(AlloyError::ForeignUser)),
        (json!({"userId": ID, "username": "acme-j\u{430}ne/1"}), Err(AlloyError::ForeignUser)),
        (json!({"userId": ID, "username": ""}), Err(AlloyError::ForeignUser)),
        (json!({"userId": "67a37f29e0aa276e50d7253a", "username": "acme-jane/1"}), Err(AlloyError::ForeignUser)),
        (json!({"userId": ID}), Err(AlloyError::Malformed("a user without a name"))),
    ] {
        let server = MockServer::start().await;
        refuses_to_create(&server, ResponseTemplate::new(200).set_body_json(json!({"userId": ID}))).await;
        named(&server, ID, &answer).await;
        let users = users(&server);
        let found = users.ensure(&jane()).await.unwrap();
        assert_eq!(users.verify(&found).await, verified, "{answer}");
        assert_eq!(users.verify(&found).await, verified, "again: {answer}");
    }
}

#[tokio::test]
async fn a_name_in_the_answer_saves_the_call() {
    for (name, created) in [("acme-jane/1", true), ("acme-JANE/1", false)] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_json(json!({"userId": ID, "username": name}));
        refuses_to_create(&server, answer).await;
        let users = users(&server);
        match users.ensure(&jane()).await {
            Ok(found) => assert!(created && users.verify(&found).await.is_ok(), "{name}"),
            Err(error) => assert!(!created && error == AlloyError::ForeignUser, "{name}: {error}"),
        }
        assert_eq!(server.received_requests().await.unwrap().len(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_looked_up_however_that_was_said() {
    for answer in [
        ResponseTemplate::new(409).set_body_json(json!({"message": "exists"})),
        ResponseTemplate::new(400),
        ResponseTemplate::new(500),
        ResponseTemplate::new(200).set_body_json(json!({"error": {"code": "DUPLICATE"}})),
    ] {
        let server = MockServer::start().await;
        refuses_to_create(&server, answer).await;
        // Another process creates it between the search and the call.
        let not_yet = ResponseTemplate::new(404).set_body_json(json!({"message": "no such user"}));
        Mock::given(method("GET")).respond_with(not_yet).up_to_n_times(1).mount(&server).await;
        has(&server, "acme-jane/1").await;
        let users = users(&server);
        let found = users.ensure(&jane()).await.unwrap();
        assert_eq!((found.id.as_str(), users.verify(&found).await, found.is_new), (ID, Ok(false), false));
    }
}

#[tokio::test]
async fn a_taken_name_of_another_spelling_is_refused() {
    let server = MockServer::start().await;
    refuses_to_create(&server, ResponseTemplate::new(409).set_body_json(json!({"code": "TAKEN"}))).await;
    has(&server, "ACME-jane/1").await;
    let users = users(&server);
    assert_eq!(users.ensure(&jane()).await.unwrap_err(), AlloyError::ForeignUser);
    assert_eq!(users.find(&jane().external_id).await, Ok(None));
}

#[tokio::test]
async fn a_refused_key_and_a_full_queue_are_no_duplicates_and_a_failure_is_not_kept() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(429)).up_to_n_times(1).mount(&server).await;
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"userId": ID})))
        .mount(&server)
        .await;
    let users = users(&server);
    assert_eq!(users.ensure(&jane()).await.unwrap_err(), AlloyError::RateLimited { retry_after: None });
    assert_eq!(users.ensure(&jane()).await.unwrap().id.as_str(), ID);
    let requests = server.received_requests().await.unwrap();
    let methods: Vec<&str> = requests.iter().map(|request| request.method.as_str()).collect();
    assert_eq!(methods, ["GET", "POST", "GET", "POST"]);
}

#[tokio::test]
async fn only_a_user_that_was_missing_before_counts_as_created() {
    let not_found = ResponseTemplate::new(404).set_body_json(json!({"message": "no such user"}));
    let not_an_id = ResponseTemplate::new(400).set_body_json(json!({"message": "userId must be a valid ID"}));
    for (answer, is_new) in [(not_found, true), (not_an_id, false), (ResponseTemplate::new(404), false)] {
        let server = MockServer::start().await;
        Mock::given(method("GET")).respond_with(answer).mount(&server).await;
        refuses_to_create(&server, ResponseTemplate::new(200).set_body_json(json!({"userId": ID}))).await;
        assert_eq!(users(&server).ensure(&jane()).await.unwrap().is_new, is_new);
    }
    let server = MockServer::start().await;
    has(&server, "acme-jane/1").await;
    assert!(!users(&server).ensure(&jane()).await.unwrap().is_new);
    assert_eq!(server.received_requests().await.unwrap().len(), 1, "none is created");
}

/// Outcome of `delete_user`: what the deletion answers, and what the look for the user afterwards.
async fn deleted(deletion: ResponseTemplate, look: ResponseTemplate) -> Result<(), AlloyError> {
    let server = MockServer::start().await;
    Mock::given(method("DELETE")).and(path(format!("/users/{ID}"))).respond_with(deletion).mount(&server).await;
    Mock::given(method("GET")).respond_with(look).mount(&server).await;
    let client = client_of(&server.uri(), Timeouts::default());
    client.delete_user(&AlloyUserId::parse(ID).unwrap()).await
}

#[tokio::test]
async fn user_counts_as_deleted_if_alloy_does_not_know_it() {
    let answer = |status, body: serde_json::Value| ResponseTemplate::new(status).set_body_json(body);
    let unknown = || answer(404, json!({"message": "no such user"}));
    let known = || answer(200, json!({"userId": ID}));
    for deletion in [answer(200, json!({"success": true})), ResponseTemplate::new(204), ResponseTemplate::new(200)] {
        assert_eq!(deleted(deletion, known()).await, Ok(()));
    }
    assert_eq!(deleted(unknown(), unknown()).await, Ok(()));
    for (deletion, look) in [
        (answer(200, json!({"success": false})), unknown()),
        (unknown(), known()),
        (unknown(), ResponseTemplate::new(404)),
        (ResponseTemplate::new(404), unknown()),
        (answer(403, json!({"message": "not allowed"})), unknown()),
    ] {
        assert!(deleted(deletion, look).await.is_err());
    }
}
