//! Random vendor responses, JSON or not: ids keep their format, names are shortened, errors contain no secret.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{
    AlloyError, AuthorizationUrl, Timeouts, client::tests::client_of, connector_of::connector_of, convert,
    credential_list::entries, wire,
};
use crate::{
    domain::{connection::CredentialId, connector::ConnectorId, text},
    fuzz::fuzz,
};

/// Responses of the API reference.
fn documented() -> Vec<Value> {
    let schema = json!({"type": "object", "properties": {"userId": {"type": "string"}, "data": {"type": "object",
        "properties": {"apiKey": {"type": "string"}}, "required": ["apiKey"]}}, "required": ["userId"]});
    vec![
        json!({"connectors": [{"id": "slack", "name": "Slack", "icon": "https://cdn.runalloy.com/icons/slack.png", "group": ["a"],
            "category": ["crm"]}]}),
        json!({"metadata": [{"authenticationType": "oauth2", "authConfigRequired": true, "inputSchema": schema, "sampleInput": {"data": {}}}]}),
        json!({"oauthUrl": "https://api.runalloy.com/api/strategy/connector/slack/authorize?token=abc"}),
        json!({"credentialId": "67a37f29e0aa276e50d7253a"}),
        json!({"oauthUrl": "https://api.runalloy.com/", "credentialId": "67a37f29e0aa276e50d7253a"}),
        json!({"data": [{"credentialId": "67a37f29e0aa276e50d7253a", "name": "Jane's Slack", "type": "slack-oauth2",
            "createdAt": "2025-02-08T15:59:37.123Z", "updatedAt": "2025-02-08T15:59:37.123Z"}]}),
        json!({"userId": "5eba51a03fe9631316668514", "fullName": "Jane", "username": "acme-jane"}),
        json!({"error": {"source": "CONNECTIVITY_API", "code": "INVALID_INPUT", "message": "no", "details": []}}),
        json!({"message": "Invalid Authorization"}),
    ]
}

fn any_leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        (0usize..2000).prop_map(|times| Value::from("long ".repeat(times))),
        prop::sample::select(vec![
            "slack-oauth2",
            "-",
            "../../users",
            "a\u{0}b\n",
            "\u{202e}",
            "javascript:alert(1)",
            "https://user:pw@x/",
            "//x",
            "x/y?z#",
            "+99999-01-01T00:00:00Z",
            "0000-00-00T99:99:99Z",
            "2025-02-08T15:59:60Z",
            "67A37F29E0AA276E50D7253A",
        ])
        .prop_map(Value::from),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let name = "id|name|icon|group|category|credentialId|oauthUrl|type|createdAt|updatedAt|userId|username|authenticationType|\
        authConfigRequired|inputSchema|sampleInput|properties|data|const|required|connectors|metadata|credentials|error|code|message";
    any_leaf().prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6).prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

/// A documented response with one value replaced, or any JSON.
fn answer() -> impl Strategy<Value = Value> {
    let mutated =
        (prop::sample::select(documented()), any::<prop::sample::Index>(), prop_oneof![any_leaf(), any_json()])
            .prop_map(|(mut answer, place, odd)| {
                let mut places = Vec::new();
                pointers(&answer, String::new(), &mut places);
                *answer.pointer_mut(&places[place.index(places.len())]).unwrap() = odd;
                answer
            });
    prop_oneof![3 => mutated, 1 => any_json(), 1 => prop::sample::select(documented())]
}

fn pointers(value: &Value, here: String, all: &mut Vec<String>) {
    match value {
        Value::Array(values) => {
            for (place, value) in values.iter().enumerate() {
                pointers(value, format!("{here}/{place}"), all);
            }
        }
        Value::Object(object) => {
            for (name, value) in object {
                pointers(value, format!("{here}/{name}"), all);
            }
        }
        _ => {}
    }
    all.push(here);
}

/// The response body: the JSON, sometimes truncated or with a changed byte.
fn body() -> impl Strategy<Value = Vec<u8>> {
    (
        answer(),
        prop::option::weighted(0.1, any::<prop::sample::Index>()),
        prop::option::weighted(0.1, (any::<prop::sample::Index>(), any::<u8>())),
    )
        .prop_map(|(answer, cut, turned)| {
            let mut bytes = serde_json::to_vec(&answer).unwrap();
            if let Some((place, byte)) = turned {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
            bytes
        })
}

fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
}

fn is_name(name: &str, most: usize) -> bool {
    // Joiners shape letters of some scripts.
    let hidden = |character: char| text::is_unprintable(character) && !matches!(character, '\u{200c}' | '\u{200d}');
    name.chars().count() <= most && !name.contains(hidden) && name.trim() == name
}

#[test]
fn fuzz_what_the_vendor_answers() {
    let client = client_of("https://alloy.example", Timeouts::default());
    fuzz("vendor JSON", &(body(), 0u16..1000), |(body, status)| {
        let known = [ConnectorId::parse("slack").unwrap(), ConnectorId::parse("slack-enterprise").unwrap()];
        for entry in serde_json::from_slice::<wire::Connectors>(&body).iter().flat_map(|all| &all.connectors) {
            if let Some(app) = convert::connector(entry) {
                prop_assert!(
                    is_id(app.id.as_str())
                        && app.name.as_ref().is_none_or(|name| is_name(name, 80) && !name.is_empty()),
                    "{app:?}"
                );
            }
        }
        let with_type = |entry: &Value| Some((entry["type"].as_str()?.to_owned(), convert::credential(entry, &known)?));
        for (credential_type, listed) in entries(&body, false, "credentials", with_type).unwrap() {
            prop_assert!(
                is_id(listed.id.as_str()) && is_id(listed.connector.as_str()) && is_name(&listed.name, 120),
                "{listed:?}"
            );
            prop_assert_eq!(connector_of(&credential_type, &known), Some(listed.connector));
        }
        for entry in serde_json::from_slice::<wire::Metadata>(&body).iter().flat_map(|all| &all.metadata) {
            if let Some(method) = convert::authentication_method(entry) {
                prop_assert!(is_id(method.authentication_type.as_str()));
            }
        }
        if let Ok(created) = serde_json::from_slice::<wire::CredentialCreated>(&body) {
            let (link, id) = (created.oauth_url, created.credential_id);
            if let Some(Ok(link)) = link.map(|link| AuthorizationUrl::check(&link, client.links())) {
                prop_assert!(link.expose().starts_with("http") && link.expose().is_ascii());
            }
            if let Some(Ok(id)) = id.map(CredentialId::parse) {
                prop_assert!(is_id(id.as_str()));
            }
        }
        let error = AlloyError::from_response(status, &body, None).to_string();
        prop_assert!(is_name(&error, 450) && !error.contains("://"), "{}", error);
        Ok(())
    });
}
