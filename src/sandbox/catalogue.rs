//! The connectors, from the table in `connectors.json`.
//!
//! The table spells authentication types in several ways (`apiKey`, `api_key`, `basic`, `basicAuth`, …), because
//! Alloy documents no spelling: clients must read them from the metadata.

use std::{collections::HashMap, io};

use serde::Deserialize;
use serde_json::{Map, Value, json};

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
        let mut entry = Map::new();
        entry.insert("id".into(), json!(self.id));
        entry.insert("name".into(), json!(self.name));
        if self.icon.is_some() {
            entry.insert("icon".into(), json!(format!("{base_url}/icons/{}.svg", self.id)));
        }
        if let Some(group) = &self.group {
            entry.insert("group".into(), json!(group));
        }
        if let Some(category) = &self.category {
            entry.insert("category".into(), json!(category));
        }
        Value::Object(entry)
    }
}

impl Authentication {
    pub(super) fn is_oauth(&self) -> bool {
        self.kind == "oauth2"
    }

    pub(super) fn metadata(&self, older: bool) -> Value {
        let older = older || self.older;
        let mut entry = Map::new();
        entry.insert("authenticationType".into(), json!(self.kind));
        entry.insert("inputSchema".into(), self.schema(older));
        if !older {
            entry.insert("authConfigRequired".into(), json!(self.auth_config_required));
            entry.insert("sampleInput".into(), self.sample_input());
        }
        Value::Object(entry)
    }

    /// The JSON Schema of the whole body of `POST /connectors/{connectorId}/credentials`.
    pub(super) fn schema(&self, older: bool) -> Value {
        let mut properties = Map::new();
        properties.insert("userId".into(), json!({"type": "string"}));
        let mut required = vec!["userId"];
        if !older {
            properties.insert("authenticationType".into(), json!({"type": "string", "const": self.kind}));
            required.push("authenticationType");
        }
        if self.is_oauth() {
            properties.insert("redirectUri".into(), json!({"type": "string", "format": "uri"}));
        }
        if let Some(data) = &self.data {
            let mut data = data.clone();
            if let Some(data) = data.as_object_mut() {
                data.insert("type".into(), json!("object"));
            }
            properties.insert("data".into(), data);
            if self.data_required {
                required.push("data");
            }
        }
        json!({"type": "object", "properties": properties, "required": required})
    }

    fn sample_input(&self) -> Value {
        let mut sample = Map::new();
        sample.insert("userId".into(), json!("{{userId}}"));
        sample.insert("authenticationType".into(), json!(self.kind));
        if self.is_oauth() {
            sample.insert("redirectUri".into(), json!("http://localhost:3000"));
        }
        if let Some(data) = &self.sample {
            sample.insert("data".into(), data.clone());
        }
        Value::Object(sample)
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
