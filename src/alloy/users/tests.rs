use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_json, method, path},
};

use super::*;
use crate::{
    alloy::{Patience, client::tests::client_of},
    session::ExternalId,
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
    Users::new(Arc::new(client_of(&server.uri(), Patience::default())), "acme-")
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
    assert!(all.into_iter().all(|id| id.unwrap().as_str() == ID));
}

#[tokio::test]
async fn the_hosts_own_id_is_taken_without_asking() {
    let server = MockServer::start().await;
    let given = EndUser { alloy_user_id: Some(AlloyUserId::parse("abc").unwrap()), ..jane() };
    assert_eq!(users(&server).ensure(&given).await.unwrap().as_str(), "abc");
    assert!(server.received_requests().await.unwrap().is_empty());
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
        has(&server, "acme-jane/1").await;
        assert_eq!(users(&server).ensure(&jane()).await.unwrap().as_str(), ID);
    }
}

#[tokio::test]
async fn a_user_of_another_name_is_nobody() {
    let server = MockServer::start().await;
    refuses_to_create(&server, ResponseTemplate::new(409).set_body_json(json!({"code": "TAKEN"}))).await;
    has(&server, "ACME-jane/1").await;
    let error = users(&server).ensure(&jane()).await.unwrap_err();
    assert!(matches!(error, AlloyError::Refused(refusal) if refusal.status == 409));
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
    assert_eq!(users.ensure(&jane()).await.unwrap().as_str(), ID);
    assert!(server.received_requests().await.unwrap().iter().all(|request| request.method == "POST"));
}
