//! The vendor's shapes. Lists are read entry by entry, so that one odd entry does not hide the others.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::connector_of::connector_of;
use crate::catalogue::{category, field_wording};
use crate::domain::{
    connection::{CredentialId, Listed},
    connector::{AuthenticationType, Connector, ConnectorId},
    text as rules,
};

/// `GET /connectors`
#[derive(Deserialize)]
pub(crate) struct Connectors {
    pub(crate) connectors: Vec<Value>,
}

/// `GET /connectors/{id}/credentials/metadata`
#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) metadata: Vec<Value>,
}

/// The body of `POST /connectors/{id}/credentials`. It may hold keys: no `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateCredential<'a> {
    pub(crate) user_id: &'a str,
    pub(crate) authentication_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auth_config_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<Value>,
}

/// Its answer: one of both, never both. It may hold the authorization URL: no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CredentialCreated {
    pub(crate) oauth_url: Option<String>,
    pub(crate) credential_id: Option<String>,
}

/// The body of `POST /connectors/{id}/actions/{actionId}/execute`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExecuteAction<'a> {
    pub(crate) credential_id: &'a str,
}

/// Its answer: `responseData`, or `success` and `result`. Not every failure has a status of its own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionExecuted {
    #[serde(alias = "result")]
    pub(crate) response_data: Option<Value>,
    pub(crate) success: Option<bool>,
    pub(crate) status: Option<Value>,
    pub(crate) error: Option<Value>,
}

/// The body of `POST /users`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateUser<'a> {
    pub(crate) username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) full_name: Option<&'a str>,
}

/// A user, from `POST /users` (the id only) and `GET /users/{username}`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) user_id: String,
    pub(crate) username: Option<String>,
}

/// One way of signing in to an app.
#[derive(Debug, Clone)]
pub(crate) struct Method {
    pub(crate) authentication_type: AuthenticationType,
    /// Absent in the older generation.
    pub(crate) auth_config_required: Option<bool>,
    /// A JSON Schema of the whole body of `POST /connectors/{id}/credentials`.
    pub(crate) input_schema: Value,
    /// An example of that body.
    pub(crate) sample_input: Option<Value>,
}

/// The text under that name.
pub(crate) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

/// An app of the catalogue, before the host's words are put over it.
pub(crate) fn connector(entry: &Value) -> Option<Connector> {
    let id = ConnectorId::parse(text(entry, "id")?).ok()?;
    let name = text(entry, "name").map(|name| rules::tidy(name, 80)).filter(|name| !name.is_empty());
    let category = first_text(entry, "category").or_else(|| first_text(entry, "group"));
    Some(Connector {
        name: name.unwrap_or_else(|| name_of(&id)),
        icon: text(entry, "icon").map(str::to_owned),
        category: category.and_then(category::for_people),
        ..Connector::unknown(id)
    })
}

/// The name that is made of an app's id.
fn name_of(id: &ConnectorId) -> String {
    field_wording::from_name(id.as_str()).unwrap_or_else(|| id.to_string())
}

/// The text under that name, or the first of a list of texts.
fn first_text<'a>(entry: &'a Value, name: &str) -> Option<&'a str> {
    match entry.get(name)? {
        Value::Array(texts) => texts.iter().find_map(Value::as_str),
        other => other.as_str(),
    }
}

/// One way of signing in. The oldest form names it in its schema only.
pub(crate) fn method(entry: &Value) -> Option<Method> {
    let schema = entry.get("inputSchema").cloned().unwrap_or(Value::Null);
    let in_schema = || schema.pointer("/properties/authenticationType/const").and_then(Value::as_str);
    let authentication_type = text(entry, "authenticationType").or_else(in_schema)?;
    Some(Method {
        authentication_type: AuthenticationType::parse(authentication_type).ok()?,
        auth_config_required: entry.get("authConfigRequired").and_then(Value::as_bool),
        sample_input: entry.get("sampleInput").cloned(),
        input_schema: schema,
    })
}

/// A listed credential, with the app that `type` names.
pub(crate) fn listed(entry: &Value, known: &[ConnectorId]) -> Option<Listed> {
    let connector = connector_of(text(entry, "type")?, known)?;
    let name = text(entry, "name").map(|name| rules::tidy(name, 120)).filter(|name| !name.is_empty());
    Some(Listed {
        id: CredentialId::parse(text(entry, "credentialId")?).ok()?,
        name: name.unwrap_or_else(|| name_of(&connector)),
        connector,
        created_at: time(entry, "createdAt"),
        updated_at: time(entry, "updatedAt"),
    })
}

fn time(entry: &Value, name: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text(entry, name)?, &Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_is_read_as_documented() {
        let entry =
            json!({"id": "hubspot", "name": "HubSpot", "icon": "https://cdn.example/h.png", "category": ["crm"]});
        let hubspot = connector(&entry).unwrap();
        assert_eq!((hubspot.name.as_str(), hubspot.category.as_deref()), ("HubSpot", Some("CRM")));
        let entry = json!({"credentialId": "67a37f29e0aa276e50d7253a", "name": "Jane's Slack", "type": "slack-oauth2",
            "createdAt": "2025-02-08T15:59:37.123Z", "updatedAt": "not yet"});
        let slack = listed(&entry, &[]).unwrap();
        assert_eq!(slack.connector.as_str(), "slack");
        assert!(slack.created_at.is_some() && slack.updated_at.is_none());
        assert!(connector(&json!({"id": "../admin", "name": "x"})).is_none());
        assert!(listed(&json!({"credentialId": "x/y", "type": "slack"}), &[]).is_none());
    }
}
