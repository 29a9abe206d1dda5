//! The layers of the settings, one over the other: defaults, file, environment.

use std::{fs, path::Path};

use config::{Config, ConfigError, Environment, File, FileFormat, Map, Source, Value, ValueKind};
use serde_json::Value as Json;

use super::{BadSetting, Settings, SettingsError, Written, redact, secret_files};
use crate::domain::connector::ConnectorId;

/// Every setting with its default.
const DEFAULTS: &str = include_str!("../../config/default.toml");
const PREFIX: &str = "GANGWAY__";

pub(crate) type Table = Map<String, Value>;

/// The layers, merged.
pub(crate) struct Stack {
    defaults: Json,
    merged: Json,
    environment: Json,
    bad: Vec<BadSetting>,
}

pub(crate) fn read(path: &Path) -> Result<String, SettingsError> {
    fs::read_to_string(path)
        .map_err(|error| SettingsError::Unreadable { path: path.to_owned(), reason: error.to_string() })
}

/// Puts the layers over each other. A secret's file is read in its own layer, so that a layer above still wins.
pub(crate) fn stack(
    files: &[&str],
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Stack, SettingsError> {
    let mut bad = Vec::new();
    let mut layers = vec![parse(DEFAULTS)?];
    for text in files {
        let mut layer = parse(text)?;
        check_apps(&mut layer, &mut bad);
        secret_files::put_in(&mut layer, &mut bad);
        layers.push(layer);
    }
    let mut variables = nested(environment)?;
    for layer in &layers {
        respell(&mut variables, layer);
    }
    let before = bad.len();
    secret_files::put_in(&mut variables, &mut bad);
    for one in bad.iter_mut().skip(before) {
        one.variable = Some(variable(&one.key));
    }
    layers.push(variables.clone());
    Ok(Stack { defaults: merge([parse(DEFAULTS)?])?, merged: merge(layers)?, environment: merge([variables])?, bad })
}

impl Stack {
    /// All of it, as it is written.
    pub(crate) fn written(&self) -> Written {
        Written(self.merged.clone())
    }

    /// Makes settings of it. A wrong value is noted and replaced by its default, so that the next one is found too.
    pub(crate) fn settle(mut self) -> Result<Settings, SettingsError> {
        loop {
            let error = match serde_path_to_error::deserialize::<_, Settings>(&self.merged) {
                Ok(settings) if self.bad.is_empty() => return Ok(settings),
                Ok(_) => return Err(SettingsError::Bad(self.bad)),
                Err(error) => error,
            };
            let path: Vec<String> = error
                .path()
                .iter()
                .filter_map(|segment| match segment {
                    serde_path_to_error::Segment::Map { key } => Some(key.clone()),
                    _ => None,
                })
                .collect();
            self.note(&path, &error.inner().to_string());
            if !replace(&mut self.merged, &path, find(&self.defaults, &path)) {
                return Err(SettingsError::Bad(self.bad));
            }
        }
    }

    fn note(&mut self, path: &[String], error: &str) {
        let key = path.join(".");
        let wanted = error.rsplit_once("expected ").map_or(error, |(_, wanted)| wanted).to_owned();
        let unknown = error.starts_with("unknown field");
        let secret = unknown || secret_files::is_secret(&key);
        let seen = find(&self.merged, path).map_or_else(|| "not set".to_owned(), |value| shown(value, secret));
        self.bad.push(BadSetting {
            variable: find(&self.environment, path).map(|_| variable(&key)),
            seen: if unknown { format!("no setting (its value: {seen})") } else { seen },
            wanted,
            default: find(&self.defaults, path).cloned(),
            key,
        });
    }
}

/// The environment variable of that key.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

fn shown(value: &Json, secret: bool) -> String {
    match value {
        Json::String(text) if secret => redact::length(text),
        Json::String(text) => redact::text(text),
        Json::Array(values) if secret => format!("a list of {}", values.len()),
        Json::Array(values) => {
            format!("[{}]", values.iter().map(|one| shown(one, false)).collect::<Vec<_>>().join(", "))
        }
        Json::Object(_) => "a table".to_owned(),
        _ if secret => "not a text".to_owned(),
        other => other.to_string(),
    }
}

fn find<'a>(tree: &'a Json, path: &[String]) -> Option<&'a Json> {
    path.iter().try_fold(tree, |tree, key| tree.get(key))
}

/// Puts the default in the place of the value, or takes the value out. False if that changes nothing.
fn replace(tree: &mut Json, path: &[String], default: Option<&Json>) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    let parent = parents.iter().try_fold(tree, |tree, key| tree.get_mut(key)).and_then(Json::as_object_mut);
    let Some(parent) = parent else { return false };
    let before = match default {
        Some(default) => parent.insert(last.clone(), default.clone()),
        None => parent.remove(last),
    };
    before.is_some() && before.as_ref() != default
}

fn parse(text: &str) -> Result<Table, SettingsError> {
    File::from_str(text, FileFormat::Toml).collect().map_err(|error| malformed(&error))
}

/// The parser's message without the line that it shows: that line may hold a secret.
fn malformed(error: &ConfigError) -> SettingsError {
    let message = error.to_string();
    let told: Vec<&str> = message.lines().filter(|line| !line.contains('|')).map(str::trim).collect();
    SettingsError::Malformed(told.join(" ").trim().to_owned())
}

/// Turns `connectors.slack.name` into tables. The environment's keys arrive in lower case.
fn nested(environment: impl Iterator<Item = (String, String)>) -> Result<Table, SettingsError> {
    let flat = Environment::with_prefix("GANGWAY")
        .prefix_separator("__")
        .separator("__")
        .source(Some(environment.collect()))
        .collect()
        .map_err(|error| malformed(&error))?;
    let mut tree = Table::new();
    // In order, so that what is said of two variables that contradict each other is always the same.
    let mut entries: Vec<(String, Value)> = flat.into_iter().collect();
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (key, value) in entries {
        put(&mut tree, &key, value);
    }
    Ok(tree)
}

fn put(table: &mut Table, key: &str, value: Value) {
    let Some((first, rest)) = key.split_once('.') else {
        table.insert(key.to_owned(), value);
        return;
    };
    let inner = table.entry(first.to_owned()).or_insert_with(|| Table::new().into());
    if !matches!(inner.kind, ValueKind::Table(_)) {
        *inner = Table::new().into();
    }
    if let ValueKind::Table(inner) = &mut inner.kind {
        put(inner, rest, value);
    }
}

/// Gives the environment's keys the spelling of the file's, where both differ only in case.
fn respell(table: &mut Table, like: &Table) {
    for (spelling, other) in like {
        let Some(mut value) = table.remove(&spelling.to_lowercase()) else { continue };
        if let (ValueKind::Table(inner), ValueKind::Table(other)) = (&mut value.kind, &other.kind) {
            respell(inner, other);
        }
        table.insert(spelling.clone(), value);
    }
}

/// Takes out the tables of apps whose name cannot be an app's, or whose name is there twice in another case.
fn check_apps(layer: &mut Table, bad: &mut Vec<BadSetting>) {
    let Some(ValueKind::Table(tables)) = layer.get_mut("connectors").map(|value| &mut value.kind) else { return };
    let mut ids: Vec<String> = tables.keys().cloned().collect();
    ids.sort();
    let mut seen: Vec<String> = Vec::new();
    for id in ids {
        let wanted = if ConnectorId::parse(id.as_str()).is_err() {
            "a table named by an app's id, as Alloy spells it".to_owned()
        } else if let Some(twin) = seen.iter().find(|other| other.eq_ignore_ascii_case(&id)) {
            format!("one table for this app: connectors.{twin} is the same")
        } else {
            seen.push(id);
            continue;
        };
        tables.remove(&id);
        bad.push(BadSetting {
            key: format!("connectors.{id}"),
            variable: None,
            seen: "a table".to_owned(),
            wanted,
            default: None,
        });
    }
}

/// A layer as config takes it.
#[derive(Debug, Clone)]
struct Layer(Table);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Table, ConfigError> {
        Ok(self.0.clone())
    }
}

fn merge(layers: impl IntoIterator<Item = Table>) -> Result<Json, SettingsError> {
    let merged = layers.into_iter().fold(Config::builder(), |under, layer| under.add_source(Layer(layer)));
    merged.build().and_then(Config::try_deserialize).map_err(|error| malformed(&error))
}
