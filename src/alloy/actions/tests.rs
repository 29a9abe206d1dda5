//! Documented and conceivable responses of Alloy and a provider.

use serde_json::json;
use wiremock::ResponseTemplate;

use super::*;
use crate::alloy::{client::tests::upstream, key_alarm::tests::Log};

fn whoami(field: &str) -> Whoami {
    Whoami { action: "who am/i".to_owned(), field: field.to_owned(), label: None }
}

async fn ask(client: &AlloyClient, whoami: &Whoami) -> Result<WhoamiOutcome, AlloyError> {
    let user = AlloyUserId::parse("5eba51a03fe9631316668514").unwrap();
    let (slack, credential) = (ConnectorId::parse("slack").unwrap(), CredentialId::parse("67a3").unwrap());
    client.whoami(whoami, &user, &slack, &credential).await
}

async fn answered(status: u16, body: Value) -> Result<WhoamiOutcome, AlloyError> {
    let (_server, client) = upstream(ResponseTemplate::new(status).set_body_json(body)).await;
    ask(&client, &whoami("team.name")).await
}

fn works(account: &str) -> Result<WhoamiOutcome, AlloyError> {
    Ok(WhoamiOutcome::Works(Some(account.to_owned())))
}

#[tokio::test]
async fn the_account_is_found_where_the_settings_say_in_either_form() {
    let team = |name: Value| json!({"team": {"name": name}});
    assert_eq!(
        answered(200, json!({"responseData": team(json!("Acme HQ")), "status": "success"})).await,
        works("Acme HQ")
    );
    assert_eq!(answered(200, json!({"success": true, "result": team(json!("Acme HQ"))})).await, works("Acme HQ"));
    assert_eq!(answered(200, json!({"responseData": team(json!(42)), "status": 200})).await, works("42"));
    for nameless in [json!(null), json!(""), json!("\u{202e} "), json!({"first": "Acme"})] {
        assert_eq!(answered(200, json!({"responseData": team(nameless)})).await, Ok(WhoamiOutcome::Works(None)));
    }
    let long = answered(200, json!({"responseData": team(json!("\u{202e}<b>".repeat(90)))})).await;
    let Ok(WhoamiOutcome::Works(Some(long))) = long else { panic!("{long:?}") };
    assert!(long.chars().count() == 120 && !long.contains('\u{202e}'), "{long}");
}

#[tokio::test]
async fn a_path_leads_through_lists_and_odd_names() {
    let found = |field: &str| {
        let data = json!({"accounts": [{"a/b~c": "Acme"}]});
        let answer = json!({"responseData": data});
        read(&serde_json::from_value(answer).unwrap(), field)
    };
    assert_eq!(found("accounts.0.a/b~c"), works("Acme"));
    assert!(matches!(found("accounts.1.a/b~c"), Err(AlloyError::Malformed(_))));
}

#[tokio::test]
async fn a_credential_that_does_not_work_is_said_to_be_so_in_many_ways() {
    let coded = |code: &str| json!({"error": {"source": "CONNECTIVITY_API", "code": code, "message": "no"}});
    for (status, body) in [
        (401, coded("AUTHENTICATION_FAILED")),
        (403, json!({"code": "INVALID_CREDENTIALS", "message": "no"})),
        (422, coded("TOKEN_EXPIRED")),
        (424, coded("CREDENTIAL_REVOKED")),
        (200, json!({"success": false, "error": {"statusCode": 401}})),
        (200, json!({"responseData": {"team": {"name": "Acme"}}, "status": 401})),
    ] {
        assert_eq!(answered(status, body.clone()).await, Ok(WhoamiOutcome::Refused), "{status} {body}");
    }
    for body in [
        json!({"success": false}),
        json!({"success": false, "error": {"status": 403}}),
        json!({"responseData": {}, "status": "Error"}),
    ] {
        assert_eq!(answered(200, body.clone()).await, Ok(WhoamiOutcome::Unclear), "{body}");
    }
}

#[tokio::test]
async fn ambiguous_failure_does_not_refute_the_credential() {
    for (status, body) in [
        (404, json!({"error": {"code": "ACTION_NOT_FOUND", "message": "no"}})),
        (404, json!({"code": "CREDENTIAL_NOT_FOUND", "message": "no"})),
        (422, json!({"error": {"code": "INVALID_INPUT", "message": "no"}})),
        (401, json!({"message": "Invalid Authorization"})),
        (401, json!({"message": "Unauthorized"})),
        (403, json!({"code": "FORBIDDEN", "message": "not in your plan"})),
        (429, json!({"error": "Too Many Requests"})),
        (500, json!({"code": "AUTHENTICATION_FAILED"})),
        (200, json!({"success": false, "error": {"status": 503}})),
        (200, json!({"success": false, "status": 429})),
        (200, json!({"responseData": {"team": {"name": "Acme"}}, "status": 404})),
        (200, json!({"responseData": {"ok": false, "error": "invalid_auth"}})),
        (200, json!({"success": true})),
        (200, json!({})),
        (200, json!("Acme")),
    ] {
        let outcome = answered(status, body.clone()).await;
        assert!(outcome.is_err(), "{status} {body}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_providers_refusal_is_no_alarm_and_our_own_is() {
    for (body, alarms) in [
        (json!({"error": {"code": "AUTHENTICATION_FAILED", "message": "no"}}), 0),
        (json!({"message": "Unauthorized"}), 0),
        (json!({"message": "Invalid Authorization"}), 1),
    ] {
        let log = Log::default();
        let _guard = log.listen();
        let _ = answered(401, body).await;
        assert_eq!(log.alarms().len(), alarms);
    }
}

#[tokio::test]
async fn a_providers_bad_day_holds_back_no_other_call() {
    for answer in [ResponseTemplate::new(503), ResponseTemplate::new(429).insert_header("retry-after", "60")] {
        let (server, client) = upstream(answer).await;
        for _ in 0..9 {
            assert!(ask(&client, &whoami("account")).await.is_err());
        }
        assert_eq!(server.received_requests().await.unwrap().len(), 9, "each was sent, and once");
    }
}

#[tokio::test]
async fn what_the_provider_says_is_not_repeated_and_an_action_stays_in_its_segment() {
    let body = json!({"error": {"code": "INVALID_INPUT", "message": "canarysings is no key"}});
    let (server, client) = upstream(ResponseTemplate::new(422).set_body_json(body)).await;
    let error = ask(&client, &whoami("account")).await.unwrap_err();
    assert_eq!(error.to_string(), "Alloy refuses the call: status 422, INVALID_INPUT");
    let call = server.received_requests().await.unwrap().remove(0);
    assert_eq!(call.url.path(), "/connectors/slack/actions/who%20am%2Fi/execute");
    assert_eq!(call.headers["x-alloy-userid"], "5eba51a03fe9631316668514");
    assert_eq!(call.body_json::<Value>().unwrap(), json!({"credentialId": "67a3"}));
}
