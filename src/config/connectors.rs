//! Which apps can be linked, and the host's texts for them.
#![expect(missing_docs, reason = "config/default.toml documents every setting")]

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};
use url::Url;

use super::values;
use crate::domain::{
    connector::{ConnectorId, Whoami},
    text,
};

/// `connectors.*`
#[derive(Debug, Clone, Default)]
pub struct Connectors {
    pub allowed: Vec<String>,
    /// By lower-case id.
    pub each: BTreeMap<String, ConnectorSettings>,
}

/// `connectors.<id>.*`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConnectorSettings {
    /// The id as spelled in the settings; sent to Alloy if it has no catalogue.
    #[serde(skip)]
    pub id: String,
    #[serde(default = "yes", deserialize_with = "values::flag")]
    pub enabled: bool,
    #[serde(deserialize_with = "values::optional_text")]
    pub name: Option<String>,
    #[serde(deserialize_with = "values::optional_text")]
    pub description: Option<String>,
    #[serde(deserialize_with = "values::optional_text")]
    pub category: Option<String>,
    #[serde(deserialize_with = "values::texts")]
    pub permissions: Vec<String>,
    #[serde(deserialize_with = "values::optional_text")]
    pub consent_name: Option<String>,
    #[serde(deserialize_with = "values::optional_url")]
    pub docs_url: Option<Url>,
    #[serde(deserialize_with = "values::optional_url")]
    pub revoke_url: Option<Url>,
    #[serde(deserialize_with = "values::optional_text")]
    pub auth_config_id: Option<String>,
    #[serde(deserialize_with = "values::optional_text")]
    pub authentication_type: Option<String>,
    #[serde(deserialize_with = "whoami")]
    pub whoami: Option<Whoami>,
    #[serde(deserialize_with = "values::optional_duration")]
    pub check_every: Option<Duration>,
    pub fields: BTreeMap<String, FieldText>,
}

/// `connectors.<id>.fields.<name>.*`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldText {
    #[serde(deserialize_with = "values::optional_text")]
    pub label: Option<String>,
    #[serde(deserialize_with = "values::optional_text")]
    pub hint: Option<String>,
    #[serde(deserialize_with = "values::optional_text")]
    pub example: Option<String>,
    #[serde(deserialize_with = "values::optional_flag")]
    pub secret: Option<bool>,
    #[serde(deserialize_with = "values::optional_url")]
    pub help_url: Option<Url>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WhoamiTable {
    #[serde(deserialize_with = "values::optional_text")]
    action: Option<String>,
    #[serde(deserialize_with = "values::optional_text")]
    field: Option<String>,
    #[serde(deserialize_with = "values::optional_text")]
    label: Option<String>,
}

/// Action and field are only useful together.
fn whoami<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Whoami>, D::Error> {
    let WhoamiTable { action, field, label } = WhoamiTable::deserialize(deserializer)?;
    match (action, field) {
        (Some(action), Some(field)) if is_action(&action) && is_path(&field) => {
            Ok(Some(Whoami { action, field, label: label.filter(|label| text::is_visible(label)) }))
        }
        _ => Err(D::Error::custom(
            "an action and a field, such as { action = \"whoami\", field = \"account.name\", label = \"Workspace\" }",
        )),
    }
}

/// Returns whether the text can be one segment of a URL. Dot segments are resolved away, even when encoded.
fn is_action(text: &str) -> bool {
    text::printable(text, 1, 128) && !matches!(text, "." | "..")
}

fn is_path(text: &str) -> bool {
    text::printable(text, 1, 128) && text.split('.').all(|part| !part.is_empty())
}

impl Connectors {
    /// The settings of an app; ids are case-insensitive.
    pub fn of(&self, id: &ConnectorId) -> Option<&ConnectorSettings> {
        self.each.get(&id.as_str().to_ascii_lowercase())
    }
}

impl ConnectorSettings {
    /// The texts of a field. Case-insensitive, because environment variables have no case.
    pub fn field(&self, name: &str) -> Option<&FieldText> {
        let alike = || self.fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, text)| text);
        self.fields.get(name).or_else(alike)
    }
}

fn yes() -> bool {
    true
}

impl<'de> Deserialize<'de> for Connectors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Tables)
    }
}

struct Tables;

impl<'de> Visitor<'de> for Tables {
    type Value = Connectors;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("`allowed` and a table for each app")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Connectors, A::Error> {
        let mut connectors = Connectors::default();
        while let Some(key) = map.next_key::<String>()? {
            if key == "allowed" {
                connectors.allowed = map.next_value::<Allowed>()?.0;
            } else {
                let mut table: ConnectorSettings = map.next_value()?;
                table.id.clone_from(&key);
                connectors.each.insert(key.to_ascii_lowercase(), table);
            }
        }
        // Environment variables have no case: an app with a table only there is spelled as in `allowed`.
        for allowed in &connectors.allowed {
            if let Some(table) = connectors.each.get_mut(&allowed.to_ascii_lowercase())
                && table.id.to_ascii_lowercase() == table.id
            {
                table.id.clone_from(allowed);
            }
        }
        Ok(connectors)
    }
}

struct Allowed(Vec<String>);

impl<'de> Deserialize<'de> for Allowed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ids = values::texts(deserializer)?;
        if ids.iter().any(|id| ConnectorId::parse(id.as_str()).is_err()) {
            return Err(D::Error::custom("a list of app ids as Alloy spells them, such as [\"slack\", \"zohoCRM\"]"));
        }
        Ok(Self(ids))
    }
}
