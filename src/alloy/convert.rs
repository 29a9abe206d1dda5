//! Converts entries of Alloy's lists one by one, so that a malformed entry does not hide the others.

use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{connector_of::connector_of, input_schema::alternatives};
use crate::domain::{
    connection::{CredentialId, Listed},
    connector::{AuthenticationType, ConnectorId},
    text::tidy,
};

/// The properties of the body of `POST /connectors/{id}/credentials` that Gangway can fill.
const DOCUMENTED: &[&str] = &["userId", "authenticationType", "authConfigId", "redirectUri", "data"];

#[derive(Debug, Clone)]
pub(crate) struct ListedConnector {
    pub(crate) id: ConnectorId,
    pub(crate) name: Option<String>,
    pub(crate) icon: Option<String>,
    pub(crate) category: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct AuthenticationMethod {
    pub(crate) authentication_type: AuthenticationType,
    pub(crate) requires_auth_config: bool,
    pub(crate) accepts_auth_config: bool,
    pub(crate) redirect: Redirect,
    /// JSON Schema of the form values, or `null`.
    pub(crate) data_schema: Value,
    /// The whole schema, for references.
    pub(crate) document: Value,
    pub(crate) data_required: bool,
    pub(crate) sample: Option<Value>,
    /// A required property of the body that Gangway cannot fill.
    pub(crate) unsupported: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redirect {
    Required,
    Optional,
    Absent,
}

pub(super) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

pub(super) fn connector(entry: &Value) -> Option<ListedConnector> {
    let category = first_text(entry, "category").or_else(|| first_text(entry, "group"));
    Some(ListedConnector {
        id: ConnectorId::parse(text(entry, "id")?).ok()?,
        name: name(entry, 80),
        icon: text(entry, "icon").map(str::to_owned),
        category: category.map(str::to_owned),
    })
}

fn name(entry: &Value, max: usize) -> Option<String> {
    text(entry, "name").map(|name| tidy(name, max)).filter(|name| !name.is_empty())
}

fn first_text<'a>(entry: &'a Value, name: &str) -> Option<&'a str> {
    match entry.get(name)? {
        Value::Array(texts) => texts.iter().find_map(Value::as_str),
        other => other.as_str(),
    }
}

/// Name of the part that every entry needs.
pub(crate) const AUTHENTICATION_TYPE: &str = "authenticationType";

/// Whether the entry of the metadata has the form of the older generation.
pub(crate) fn is_older_form(entry: &Value) -> bool {
    entry.get("authConfigRequired").is_none() && entry.get("sampleInput").is_none()
}

/// Entries in the oldest format name the authentication type in their schema only.
pub(crate) fn authentication_method(entry: &Value) -> Option<AuthenticationMethod> {
    let document = entry.get("inputSchema").unwrap_or(&Value::Null);
    let bodies = alternatives(document, document);
    let schema = bodies.as_ref().and_then(|bodies| bodies.first()).unwrap_or(document);
    let properties = schema.get("properties").and_then(Value::as_object);
    let has = |name| properties.is_some_and(|properties| properties.contains_key(name));
    let required = required(schema);
    let in_schema = || schema.pointer("/properties/authenticationType/const").and_then(Value::as_str);
    let authentication_type = text(entry, "authenticationType").or_else(in_schema)?;
    let flagged = entry.get("authConfigRequired").and_then(Value::as_bool).unwrap_or(false);
    Some(AuthenticationMethod {
        authentication_type: AuthenticationType::parse(authentication_type).ok()?,
        requires_auth_config: flagged || required.contains(&"authConfigId"),
        accepts_auth_config: has("authConfigId") || schema.get("additionalProperties") != Some(&Value::Bool(false)),
        redirect: match (required.contains(&"redirectUri"), has("redirectUri")) {
            (true, _) => Redirect::Required,
            (false, true) => Redirect::Optional,
            (false, false) => Redirect::Absent,
        },
        data_schema: data_schema(bodies.as_deref().unwrap_or_default()),
        document: document.clone(),
        data_required: required.contains(&"data"),
        sample: entry.get("sampleInput").and_then(|sample| sample.get("data")).cloned(),
        unsupported: match bodies {
            Some(_) => unsupported(schema, &required),
            None => Some("an input schema whose references or combinations cannot be read".to_owned()),
        },
    })
}

/// One schema for the data of all alternatives of a body.
fn data_schema(bodies: &[Value]) -> Value {
    let mut all: Vec<Value> = bodies.iter().filter_map(|body| body.pointer("/properties/data").cloned()).collect();
    all.dedup();
    match all.pop() {
        Some(only) if all.is_empty() => only,
        Some(last) => serde_json::json!({ "oneOf": all.into_iter().chain([last]).collect::<Vec<_>>() }),
        None => Value::Null,
    }
}

fn unsupported(schema: &Value, required: &[&str]) -> Option<String> {
    if !schema.is_object() && !schema.is_null() && *schema != Value::Bool(true) {
        return Some("an input schema that is no object".to_owned());
    }
    let unknown = required.iter().find(|name| !DOCUMENTED.contains(name))?;
    Some(format!("the part {:?} of the body", tidy(unknown, 64)))
}

fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).collect()
}

pub(super) fn credential(entry: &Value, known: &[ConnectorId]) -> Option<Listed> {
    let connector = connector_of(text(entry, "type")?, known)?;
    Some(Listed {
        id: CredentialId::parse(text(entry, "credentialId")?).ok()?,
        name: name(entry, 120).unwrap_or_else(|| connector.readable()),
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
    fn documented_entries_are_converted() {
        let entry =
            json!({"id": "hubspot", "name": "HubSpot", "icon": "https://cdn.example/h.png", "category": ["crm"]});
        let hubspot = connector(&entry).unwrap();
        assert_eq!((hubspot.name.as_deref(), hubspot.category.as_deref()), (Some("HubSpot"), Some("crm")));
        let entry = json!({"credentialId": "67a37f29e0aa276e50d7253a", "name": "Jane's Slack", "type": "slack-oauth2",
            "createdAt": "2025-02-08T15:59:37.123Z", "updatedAt": "not yet"});
        let slack = credential(&entry, &[]).unwrap();
        assert_eq!(slack.connector.as_str(), "slack");
        assert!(slack.created_at.is_some() && slack.updated_at.is_none());
        assert!(connector(&json!({"id": "../admin", "name": "x"})).is_none());
        assert!(credential(&json!({"credentialId": "x/y", "type": "slack"}), &[]).is_none());
    }
}
