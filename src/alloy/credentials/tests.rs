use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_json, header, method, path},
};

use super::*;
use crate::{
    alloy::{
        Timeouts,
        client::tests::{client_of, upstream},
    },
    domain::form::{DecimalMark, Field, FieldKind, Form},
};

const USER: &str = "5eba51a03fe9631316668514";
const CREDENTIAL: &str = "67a37f29e0aa276e50d7253a";
const LINK: &str =
    "http://localhost:4040/api/strategy/connector/slack/authorize?userId=5eba51a03fe9631316668514&token=abc";

struct Known {
    connector: ConnectorId,
    user: AlloyUserId,
    oauth2: AuthenticationType,
    key: AuthenticationType,
}

fn known() -> Known {
    Known {
        connector: ConnectorId::parse("slack").unwrap(),
        user: AlloyUserId::parse(USER).unwrap(),
        oauth2: AuthenticationType::parse("oauth2").unwrap(),
        key: AuthenticationType::parse("apiKey").unwrap(),
    }
}

impl Known {
    fn new_credential<'a>(&'a self, answers: &'a FormValues) -> NewCredential<'a> {
        NewCredential {
            connector: &self.connector,
            user: &self.user,
            authentication_type: &self.oauth2,
            auth_config_id: None,
            redirect_uri: Some("http://localhost:3000/callback/STATE"),
            answers,
        }
    }
}

/// Submitted values of an API-key form.
fn a_key(secret: &str) -> FormValues {
    let field = Field {
        name: "data.apiKey".to_owned(),
        path: vec!["apiKey".to_owned()],
        kind: FieldKind::Secret,
        ..Field::default()
    };
    let form = Form { fields: vec![field], ..Form::bare(known().key) };
    form.read(&[("data.apiKey".to_owned(), secret.to_owned())], DecimalMark::Point).unwrap()
}

async fn created(status: u16, body: serde_json::Value) -> Result<Created, AlloyError> {
    let (_server, client) = upstream(ResponseTemplate::new(status).set_body_json(body)).await;
    client.create_credential(known().new_credential(&FormValues::default())).await
}

#[tokio::test]
async fn a_plain_oauth_start_posts_what_the_reference_shows() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/connectors/slack/credentials"))
        .and(header("x-alloy-userid", USER))
        .and(header("content-type", "application/json"))
        .and(body_json(json!({
            "userId": USER, "authenticationType": "oauth2", "redirectUri": "http://localhost:3000/callback/STATE"
        })))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"oauthUrl": LINK})))
        .expect(1)
        .mount(&server)
        .await;
    let client = client_of(&server.uri(), Timeouts::default());
    let created = client.create_credential(known().new_credential(&FormValues::default())).await.unwrap();
    let Created::Authorize(url) = created else { panic!("{created:?}") };
    assert_eq!(url.expose(), LINK);
}

#[tokio::test]
async fn a_key_and_an_auth_config_are_sent_where_they_belong() {
    let server = MockServer::start().await;
    Mock::given(body_json(json!({
        "userId": USER, "authenticationType": "apiKey", "authConfigId": CREDENTIAL, "data": {"apiKey": "sk_1"}
    })))
    .respond_with(ResponseTemplate::new(201).set_body_json(json!({"credentialId": CREDENTIAL})))
    .expect(1)
    .mount(&server)
    .await;
    let (known, answers) = (known(), a_key(" sk_1 "));
    let new = NewCredential {
        authentication_type: &known.key,
        auth_config_id: Some(CREDENTIAL),
        redirect_uri: None,
        ..known.new_credential(&answers)
    };
    let created = client_of(&server.uri(), Timeouts::default()).create_credential(new).await.unwrap();
    assert!(matches!(created, Created::Saved(id) if id.as_str() == CREDENTIAL));
}

#[tokio::test]
async fn the_key_that_is_there_decides_and_anything_else_is_nonsense() {
    assert!(matches!(created(201, json!({"oauthUrl": LINK, "credentialId": null})).await, Ok(Created::Authorize(_))));
    for body in [
        json!({"oauthUrl": LINK, "credentialId": CREDENTIAL}),
        json!({}),
        json!({"oauthUrl": 5}),
        json!({"credentialId": "../../users"}),
        json!([LINK]),
    ] {
        let error = created(200, body.clone()).await.unwrap_err();
        assert!(matches!(error, AlloyError::Malformed(_)) && error.may_have_succeeded(), "{body}");
    }
    let error = created(200, json!({"oauthUrl": "javascript:alert(1)"})).await.unwrap_err();
    assert!(matches!(error, AlloyError::UnsafeLink(_)), "{error:?}");
}

#[tokio::test]
async fn what_was_typed_is_not_in_a_refusal() {
    let long = "sk_live_".to_owned() + &"z".repeat(400);
    for secret in ["sk_live_123456", &long] {
        let body = json!({"error": {"code": "INVALID_INPUT", "message": format!("apiKey {secret} is not valid")}});
        let (_server, client) = upstream(ResponseTemplate::new(400).set_body_json(body)).await;
        let answers = a_key(secret);
        let error = client.create_credential(known().new_credential(&answers)).await.unwrap_err();
        assert!(!error.may_have_succeeded());
        assert!(error.to_string().contains("INVALID_INPUT"), "{error}");
        assert!(!format!("{error} {error:?} {answers:?}").contains("sk_live"), "{error:?}");
    }
}

#[tokio::test]
async fn one_call_lists_all_that_a_user_has() {
    let server = MockServer::start().await;
    let body = json!({"data": [
        {"credentialId": CREDENTIAL, "name": "Jane's Slack", "type": "slack-oauth2",
         "createdAt": "2025-02-08T15:59:37.123Z", "updatedAt": "2025-02-08T16:00:00Z"},
        {"credentialId": "67a37f29e0aa276e50d7253b", "name": "Zoho", "type": "ZohoCRM-oauth2"},
        {"name": "no id", "type": "slack-oauth2"},
        null,
    ]});
    let answer = ResponseTemplate::new(200).insert_header("date", "Sun, 06 Nov 1994 08:49:37 GMT").set_body_json(body);
    Mock::given(method("GET"))
        .and(path(format!("/users/{USER}/credentials")))
        .and(header("x-alloy-userid", USER))
        .respond_with(answer)
        .expect(1)
        .mount(&server)
        .await;
    let zoho = ConnectorId::parse("zohoCRM").unwrap();
    let client = client_of(&server.uri(), Timeouts::default());
    let listing = client.listing(&known().user, std::slice::from_ref(&zoho), None).await.unwrap();
    assert_eq!(listing.credentials.len(), 2);
    assert_eq!(listing.credentials[0].connector.as_str(), "slack");
    assert_eq!(listing.credentials[1].connector, zoho);
    assert_eq!(listing.answered_at, Some(time::macros::datetime!(1994-11-06 08:49:37 UTC)));
}

#[tokio::test]
async fn an_apps_own_list_helps_where_the_users_list_is_not_served() {
    let server = MockServer::start().await;
    Mock::given(path(format!("/users/{USER}/credentials")))
        .respond_with(ResponseTemplate::new(404).set_body_raw("<pre>Cannot GET</pre>", "text/html"))
        .mount(&server)
        .await;
    Mock::given(path("/connectors/slack/credentials"))
        .and(header("x-alloy-userid", USER))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(
                json!({"credentials": [{"credentialId": CREDENTIAL, "name": "x", "type": "slack-oauth2"}]}),
            ),
        )
        .mount(&server)
        .await;
    let (client, known) = (client_of(&server.uri(), Timeouts::default()), known());
    let listing = client.listing(&known.user, &[], Some(&known.connector)).await.unwrap();
    assert_eq!(listing.credentials[0].connector, known.connector);
    assert_eq!(client.listing(&known.user, &[], None).await.unwrap_err(), AlloyError::NotServed);
}

#[tokio::test]
async fn another_failure_of_the_users_list_is_not_hidden_by_the_apps_list() {
    let server = MockServer::start().await;
    Mock::given(path("/connectors/slack/credentials"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"credentials": []})))
        .expect(0)
        .mount(&server)
        .await;
    Mock::given(path(format!("/users/{USER}/credentials")))
        .respond_with(ResponseTemplate::new(503))
        .mount(&server)
        .await;
    let (client, known) = (client_of(&server.uri(), Timeouts::default()), known());
    assert!(client.listing(&known.user, &[], Some(&known.connector)).await.is_err());
}

/// Outcome of `delete_credential` with these responses of the user's and the connector's endpoint.
async fn deleted(of_user: ResponseTemplate, of_connector: ResponseTemplate) -> Result<(), AlloyError> {
    let (server, client) = upstream(of_user).await;
    let connector = format!("/connectors/slack/credentials/{CREDENTIAL}");
    Mock::given(method("DELETE")).and(path(connector)).respond_with(of_connector).with_priority(1).mount(&server).await;
    let known = known();
    client.delete_credential(&known.user, &known.connector, &CredentialId::parse(CREDENTIAL).unwrap()).await
}

#[tokio::test]
async fn a_missing_credential_counts_as_deleted() {
    let success = || ResponseTemplate::new(200).set_body_json(json!({ "success": true }));
    let missing = || ResponseTemplate::new(404).set_body_json(json!({ "message": "Credential not found" }));
    let not_served = || ResponseTemplate::new(404).set_body_raw("Cannot DELETE /users/…", "text/html");
    for (of_user, of_connector) in [
        (success(), not_served()),
        (missing(), success()),
        (missing(), missing()),
        (missing(), not_served()),
        (not_served(), success()),
        (not_served(), missing()),
    ] {
        deleted(of_user, of_connector).await.unwrap();
    }
    assert_eq!(deleted(not_served(), not_served()).await, Err(AlloyError::NotServed));
    let down = deleted(missing(), ResponseTemplate::new(503)).await;
    assert!(matches!(down, Err(AlloyError::Unavailable { .. })), "{down:?}");
}
