//! Which apps can be linked, and the host's own words for them.

use std::{collections::BTreeMap, fmt};

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
    /// `connectors.allowed`: ids; empty means all.
    pub allowed: Vec<String>,
    /// `connectors.<id>.*`, by the id in lower case.
    pub each: BTreeMap<String, ConnectorSettings>,
}

/// `connectors.<id>.*`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConnectorSettings {
    /// The id as the settings spell it; used upstream where the vendor serves no catalogue.
    #[serde(skip)]
    pub id: String,
    /// `enabled`, true.
    #[serde(default = "yes", deserialize_with = "values::flag")]
    pub enabled: bool,
    /// `name`
    #[serde(deserialize_with = "values::optional_text")]
    pub name: Option<String>,
    /// `description`
    #[serde(deserialize_with = "values::optional_text")]
    pub description: Option<String>,
    /// `category`
    #[serde(deserialize_with = "values::optional_text")]
    pub category: Option<String>,
    /// `permissions`: plain sentences.
    #[serde(deserialize_with = "values::texts")]
    pub permissions: Vec<String>,
    /// `consent_name`
    #[serde(deserialize_with = "values::optional_text")]
    pub consent_name: Option<String>,
    /// `docs_url`
    #[serde(deserialize_with = "values::optional_url")]
    pub docs_url: Option<Url>,
    /// `revoke_url`
    #[serde(deserialize_with = "values::optional_url")]
    pub revoke_url: Option<Url>,
    /// `auth_config_id`
    #[serde(deserialize_with = "values::optional_text")]
    pub auth_config_id: Option<String>,
    /// `authentication_type`: used only where the vendor serves no metadata; `oauth2`.
    #[serde(deserialize_with = "values::optional_text")]
    pub authentication_type: Option<String>,
    /// `whoami.*`
    #[serde(deserialize_with = "whoami")]
    pub whoami: Option<Whoami>,
    /// `fields.<name>.*`, by the name as the settings spell it; ask [`ConnectorSettings::field`].
    pub fields: BTreeMap<String, FieldText>,
}

/// `connectors.<id>.fields.<name>.*`: what a form says of one field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldText {
    /// `label`
    #[serde(deserialize_with = "values::optional_text")]
    pub label: Option<String>,
    /// `hint`
    #[serde(deserialize_with = "values::optional_text")]
    pub hint: Option<String>,
    /// `example`
    #[serde(deserialize_with = "values::optional_text")]
    pub example: Option<String>,
    /// `secret`: typed as a password.
    #[serde(deserialize_with = "values::optional_flag")]
    pub secret: Option<bool>,
    /// `help_url`: the page that says where to find it.
    #[serde(deserialize_with = "values::optional_url")]
    pub help_url: Option<Url>,
}

/// `connectors.<id>.whoami.*`, as it is written.
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

/// An action without a field would prove something and say nothing, and a field alone asks nobody.
fn whoami<'de, D: Deserializer<'de>>(given: D) -> Result<Option<Whoami>, D::Error> {
    let WhoamiTable { action, field, label } = WhoamiTable::deserialize(given)?;
    match (action, field) {
        (Some(action), Some(field)) if is_action(&action) && is_path(&field) => {
            Ok(Some(Whoami { action, field, label: label.filter(|label| text::is_visible(label)) }))
        }
        _ => Err(D::Error::custom(
            "an action and a field, such as { action = \"whoami\", field = \"account.name\", label = \"Workspace\" }",
        )),
    }
}

/// Whether it can be one segment of an address: those of dots only lead elsewhere, however they are written.
fn is_action(text: &str) -> bool {
    text::printable(text, 1, 128) && !matches!(text, "." | "..")
}

fn is_path(text: &str) -> bool {
    text::printable(text, 1, 128) && text.split('.').all(|part| !part.is_empty())
}

impl Connectors {
    /// What the settings say of that app; ids are compared without case.
    pub fn of(&self, id: &ConnectorId) -> Option<&ConnectorSettings> {
        self.each.get(&id.as_str().to_ascii_lowercase())
    }
}

impl ConnectorSettings {
    /// What the settings say of that field; the environment has no upper case, so another case will do.
    pub fn field(&self, name: &str) -> Option<&FieldText> {
        let alike = || self.fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, text)| text);
        self.fields.get(name).or_else(alike)
    }
}

fn yes() -> bool {
    true
}

impl<'de> Deserialize<'de> for Connectors {
    fn deserialize<D: Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        given.deserialize_map(Tables)
    }
}

/// Reads `allowed` and, beside it, a table for each app.
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
        // The environment has no upper case: an app that only has a table there is spelled as in `allowed`.
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
    fn deserialize<D: Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        let ids = values::texts(given)?;
        if ids.iter().any(|id| ConnectorId::parse(id.as_str()).is_err()) {
            return Err(D::Error::custom("a list of app ids as Alloy spells them, such as [\"slack\", \"zohoCRM\"]"));
        }
        Ok(Self(ids))
    }
}
