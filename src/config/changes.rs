//! The difference between the settings at two points in time.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;

use super::{Settings, SettingsError, layers, store_url};

/// The merged layers, with secrets. Only for comparison with later ones.
pub(crate) struct RawSettings(pub(crate) Value);

impl Settings {
    pub(crate) fn load_with_raw(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<(Self, RawSettings), SettingsError> {
        let text = file.map(layers::read).transpose()?;
        let folder = file.and_then(Path::parent).unwrap_or(Path::new(""));
        let layers = layers::merge(text.as_deref().as_slice(), folder, environment)?;
        let raw = RawSettings(layers.merged().clone());
        let mut settings = layers.into_settings()?;
        settings.store.url = store_url::absolute(&settings.store.url, file);
        for path in [&mut settings.brand.logo, &mut settings.brand.phrases].into_iter().flatten() {
            *path = folder.join(&*path);
        }
        Ok((settings, raw))
    }
}

impl RawSettings {
    /// Full names of the settings that differ, sorted, without values.
    pub(crate) fn changes(&self, other: &Self) -> Vec<String> {
        let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
        flatten(String::new(), &self.0, &mut before);
        flatten(String::new(), &other.0, &mut after);
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
    }
}

fn flatten<'a>(name: String, value: &'a Value, into: &mut BTreeMap<String, &'a Value>) {
    match value {
        Value::Object(table) => {
            for (key, value) in table {
                flatten(if name.is_empty() { key.clone() } else { format!("{name}.{key}") }, value, into);
            }
        }
        _ => {
            into.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_listed_by_full_name() {
        let before = RawSettings(
            json!({ "server": { "drain": "2s" }, "connectors": { "allowed": [], "slack": { "name": "Slack" } } }),
        );
        let after = RawSettings(json!({
            "server": { "drain": "3s" },
            "connectors": { "allowed": [], "slack": { "name": "Slack", "enabled": false }, "notion": { "name": "Notes" } },
        }));
        let expected = ["connectors.notion.name", "connectors.slack.enabled", "server.drain"];
        assert_eq!(before.changes(&after), expected);
        assert_eq!(after.changes(&before), expected);
        assert_eq!(after.changes(&after), Vec::<String>::new());
    }
}
