//! The connectors, from the table in `connectors.json`.
//!
//! The table spells authentication types in several ways (`apiKey`, `api_key`, `basic`, `basicAuth`, …), because
//! Alloy documents no spelling: clients must read them from the metadata.

use std::{collections::HashMap, io};

use serde::Deserialize;
use serde_json::{Value, json};

use super::icons::Icon;

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Connector {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) icon: Option<Icon>,
    group: Option<Vec<String>>,
    category: Option<Vec<String>>,
    pub(super) authentication: Vec<Authentication>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Authentication {
    /// Spelling on the wire.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Uses the older form of metadata.
    #[serde(default)]
    older: bool,
    #[serde(default)]
    pub(super) auth_config_required: bool,
    #[serde(default)]
    pub(super) auth_configs: Vec<AuthConfig>,
    data: Option<Value>,
    #[serde(default)]
    data_required: bool,
    sample: Option<Value>,
}

/// The host's own OAuth app.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct AuthConfig {
    pub(super) id: String,
    /// Name on the consent page.
    pub(super) app: String,
}

impl Connector {
    pub(super) fn authentication(&self, kind: &str) -> Option<&Authentication> {
        self.authentication.iter().find(|one| one.kind == kind)
    }

    fn entry(&self, base_url: &str) -> Value {
        let icon = self.icon.as_ref().map(|_| format!("{base_url}/icons/{}.svg", self.id));
        given(json!({
            "id": self.id,
            "name": self.name,
            "icon": icon,
            "group": self.group,
            "category": self.category,
        }))
    }
}

/// The members that are not null.
fn given(mut object: Value) -> Value {
    if let Value::Object(members) = &mut object {
        members.retain(|_, value| !value.is_null());
    }
    object
}

impl Authentication {
    pub(super) fn is_oauth(&self) -> bool {
        self.kind == "oauth2"
    }

    pub(super) fn metadata(&self, older: bool) -> Value {
        let older = older || self.older;
        given(json!({
            "authenticationType": self.kind,
            "inputSchema": self.schema(older),
            "authConfigRequired": (!older).then_some(self.auth_config_required),
            "sampleInput": (!older).then(|| self.sample_input()),
        }))
    }

    /// The JSON Schema of the whole body of `POST /connectors/{connectorId}/credentials`.
    pub(super) fn schema(&self, older: bool) -> Value {
        let mut data = self.data.clone();
        if let Some(Value::Object(data)) = &mut data {
            data.insert("type".into(), json!("object"));
        }
        let required = [
            Some("userId"),
            (!older).then_some("authenticationType"),
            (data.is_some() && self.data_required).then_some("data"),
        ];
        let properties = given(json!({
            "userId": {"type": "string"},
            "authenticationType": (!older).then(|| json!({"type": "string", "const": self.kind})),
            "redirectUri": self.is_oauth().then(|| json!({"type": "string", "format": "uri"})),
            "data": data,
        }));
        json!({"type": "object", "properties": properties, "required": required.into_iter().flatten().collect::<Vec<_>>()})
    }

    fn sample_input(&self) -> Value {
        given(json!({
            "userId": "{{userId}}",
            "authenticationType": self.kind,
            "redirectUri": self.is_oauth().then_some("http://localhost:3000"),
            "data": self.sample,
        }))
    }
}

#[derive(Debug)]
pub(super) struct Catalogue {
    connectors: Vec<Connector>,
    places: HashMap<String, usize>,
}

impl Catalogue {
    pub(super) fn load() -> io::Result<Self> {
        let connectors: Vec<Connector> = serde_json::from_str(include_str!("connectors.json"))?;
        let places = connectors.iter().enumerate().map(|(place, one)| (one.id.clone(), place)).collect();
        Ok(Self { connectors, places })
    }

    pub(super) fn all(&self) -> &[Connector] {
        &self.connectors
    }

    pub(super) fn find(&self, id: &str) -> Option<&Connector> {
        self.connectors.get(*self.places.get(id)?)
    }

    /// Response of `GET /connectors`.
    pub(super) fn listing(&self, base_url: &str) -> Value {
        let entries: Vec<Value> = self.connectors.iter().map(|connector| connector.entry(base_url)).collect();
        json!({ "connectors": entries })
    }
}
