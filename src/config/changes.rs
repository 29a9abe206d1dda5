//! What differs between settings as they were and as they are.

use std::path::Path;

use serde_json::Value as Json;

use super::{Settings, SettingsError, layers};

/// The settings as they are written, secrets among them: kept only to be held against later ones, and never shown.
pub struct Written(pub(crate) Json);

impl Settings {
    /// As [`Settings::load`], with what was written, to see later what has changed.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn load_written(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<(Self, Written), SettingsError> {
        let text = file.map(layers::read).transpose()?;
        let stack = layers::stack(text.as_deref().as_slice(), environment)?;
        let written = stack.written();
        Ok((stack.settle()?, written))
    }
}

impl Written {
    /// The full names of the settings that are others there, in order, without their values.
    pub fn changes(&self, there: &Self) -> Vec<String> {
        let mut names = Vec::new();
        compare("", &self.0, &there.0, &mut names);
        names.sort();
        names
    }
}

impl std::fmt::Debug for Written {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Written")
    }
}

fn compare(name: &str, here: &Json, there: &Json, names: &mut Vec<String>) {
    let nothing = Json::Object(serde_json::Map::new());
    let table = |json: &Json| json.as_object().cloned();
    match (table(here), table(there)) {
        (Some(here), Some(there)) => {
            for key in here.keys().chain(there.keys().filter(|key| !here.contains_key(*key))) {
                let path = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                // A table that is there on one side only is told by what is in it.
                let side = |side: &serde_json::Map<String, Json>| side.get(key).cloned();
                match (side(&here), side(&there)) {
                    (Some(here), Some(there)) => compare(&path, &here, &there, names),
                    (Some(one), None) | (None, Some(one)) if one.is_object() => compare(&path, &one, &nothing, names),
                    _ => names.push(path),
                }
            }
        }
        _ if here != there => names.push(name.to_owned()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_told_by_their_full_names() {
        let before = Written(
            json!({ "server": { "drain": "2s" }, "connectors": { "allowed": [], "slack": { "name": "Slack" } } }),
        );
        let after = Written(json!({
            "server": { "drain": "3s" },
            "connectors": { "allowed": [], "slack": { "name": "Slack", "enabled": false }, "notion": { "name": "Notes" } },
        }));
        let expected = ["connectors.notion.name", "connectors.slack.enabled", "server.drain"];
        assert_eq!(before.changes(&after), expected);
        assert_eq!(after.changes(&before), expected);
        assert_eq!(after.changes(&after), Vec::<String>::new());
    }
}
